import { parseArgs } from 'node:util';

/**
 * Reads a benchmark's options, all of them whole numbers from 1 on.
 * @param defaults of all options, by name
 * @throws Error that says which options there are
 */
export function countOptions<Name extends string>(
  args: string[],
  defaults: Record<Name, number>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const counts = names.map((name) => {
    const number = Number(values[name] ?? defaults[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1 on`);
    return [name, number] as const;
  });
  return Object.fromEntries(counts) as Record<Name, number>;
}
