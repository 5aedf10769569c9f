import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { freeText } from '../../api/http/requests.ts';
import { idNumberSchema } from '../../api/people/requests.ts';
import { isAcceptanceNumber, understandNumber } from '../../domain/cases/acceptance-number.ts';
import { FileError } from '../../policy/yaml.ts';
import { createAuditWriter } from '../../store/audit/append.ts';
import type { Store } from '../../store/open.ts';
import { type Act, type Held, liftHold, NothingToHold, setHold } from '../../store/retention/holds.ts';
import { erase } from './erase.ts';
import { writeExport } from './export.ts';
import { holdsInWords } from './holds.ts';

export const retentionUsage = `npm run admin -- export <idNumber> [folder]
npm run admin -- erase <idNumber> --reason <text> [--by <who>]
npm run admin -- hold <idNumber or acceptanceNumber> --reason <text> [--by <who>]
npm run admin -- lift-hold <idNumber or acceptanceNumber> --reason <text> [--by <who>]
npm run admin -- holds
(an idNumber of - is read from the standard input, so that no list of processes shows it)`;

/** Whom or what a command is about. */
type Subject = { idNumber: string } | { acceptanceNumber: string };

/** What was asked for, checked. */
export type RetentionCommand =
  | { command: 'holds' }
  | { command: 'export'; subject: { idNumber: string }; folder: string }
  | { command: 'erase'; subject: { idNumber: string }; act: Act }
  | { command: 'hold' | 'lift-hold'; subject: Subject; act: Act };

const commands = ['export', 'erase', 'hold', 'lift-hold', 'holds'];

/**
 * Reads the commands about what is held of a person.
 * @param now instant
 * @returns undefined where it is another command, or wrongly used
 * @throws FileError where the subject or the reason is wrong
 */
export function readRetentionCommand(args: string[], now: string): RetentionCommand | undefined {
  if (!commands.includes(args[0] ?? '')) return undefined;
  const { values, positionals } = parsed(args);
  const [command, given, folder, ...rest] = positionals;
  if (command === 'holds') return args.length === 1 ? { command } : undefined;
  if (given === undefined || rest.length > 0 || (folder !== undefined && command !== 'export')) return undefined;
  const subject = given === '-' ? readFileSync(0, 'utf8').trim() : given;
  if (command === 'export') {
    if (values.reason !== undefined || values.by !== undefined) return undefined;
    return {
      command,
      subject: personOf(subject),
      folder: folder ?? `export-${now.replaceAll(/\D/g, '').slice(0, 14)}`,
    };
  }
  if (values.reason === undefined) return undefined;
  const reason = checked(freeText('原因').safeParse(values.reason));
  const act = { by: values.by ?? userInfo().username, reason, at: now };
  if (command === 'erase') return { command, subject: personOf(subject), act };
  const number = understandNumber(subject);
  const either = isAcceptanceNumber(number) ? { acceptanceNumber: number } : personOf(subject);
  return { command: command as 'hold' | 'lift-hold', subject: either, act };
}

const personOf = (subject: string) => ({ idNumber: checked(idNumberSchema.safeParse(subject)) });

function parsed(args: string[]) {
  try {
    const options = { reason: { type: 'string' }, by: { type: 'string' } } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch {
    return { values: {} as { reason?: string; by?: string }, positionals: [] };
  }
}

function checked<T>(result: { data?: T; error?: { issues: { message: string }[] } }): T {
  if (result.error) throw new FileError(result.error.issues.map(({ message }) => message).join('\n'));
  return result.data as T;
}

/**
 * Carries out one of the commands.
 * @returns the exit code: 0 where it was done
 */
export async function runRetentionCommand(
  keeping: Parameters<typeof erase>[0] & Parameters<typeof writeExport>[0],
  asked: RetentionCommand,
  say: (line: string) => void,
): Promise<number> {
  const { store, now } = keeping;
  if (asked.command === 'holds') {
    say(await holdsInWords(store, now()));
    return 0;
  }
  await record(store, asked, now());
  if (asked.command === 'export') {
    say(await writeExport(keeping, asked.subject.idNumber, asked.folder));
    return 0;
  }
  if (asked.command === 'erase') {
    const { done, text } = await erase(keeping, asked.subject.idNumber, asked.act);
    say(text);
    return done ? 0 : 1;
  }
  const { command, subject, act } = asked;
  const { done, text } = await (command === 'hold' ? holdInWords : liftInWords)(store, heldOf(store, subject), act);
  say(text);
  return done ? 0 : 1;
}

/** Before it is done, as every read and change of a person's data. */
async function record(store: Store, asked: Exclude<RetentionCommand, { command: 'holds' }>, at: string): Promise<void> {
  const { command } = asked;
  const held = heldOf(store, asked.subject);
  await createAuditWriter(store).append({
    at,
    by: 'act' in asked ? asked.act.by : userInfo().username,
    role: 'system',
    action: command === 'export' ? 'read' : 'change',
    kind: 'acceptanceNumber' in held ? 'application' : 'person',
    part: parts[command],
    objects: 'acceptanceNumber' in held ? [held.acceptanceNumber] : [],
    people: 'idNumberHash' in held ? [held.idNumberHash] : [],
    why: 'duty',
    circumstances: { address: null, ...('act' in asked ? { reason: asked.act.reason } : {}) },
  });
}

const parts = { export: 'export', erase: 'erasure', hold: 'hold', 'lift-hold': 'liftHold' } as const;

function heldOf({ keyring }: Store, subject: Subject): Held {
  return 'acceptanceNumber' in subject ? subject : { idNumberHash: keyring.hash(subject.idNumber) };
}

async function holdInWords(store: Store, held: Held, act: Act) {
  try {
    const done = await setHold(store, held, act);
    return { done, text: done ? '已设为法律保留,解除之前不会删除。' : '已处于法律保留,没有改变。' };
  } catch (error) {
    if (!(error instanceof NothingToHold)) throw error;
    return { done: false, text: '没有这个受理号,或其个人信息已删除。' };
  }
}

async function liftInWords(store: Store, held: Held, act: Act) {
  const done = await liftHold(store, held, act);
  return { done, text: done ? '已解除法律保留。' : '没有处于法律保留。' };
}
