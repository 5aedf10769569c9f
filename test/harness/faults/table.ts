import type { Finding } from './finding.ts';
import type { Outcome } from './rounds.ts';

const kinds: Finding['kind'][] = ['lost', 'stuck', 'doubled', 'answer'];

/**
 * What came of each fault, in Markdown: cases with an effect lost, stuck, there twice, wrong answers, and how long it
 * took to come right.
 */
export function table(outcomes: Outcome[]): string {
  const head = ['fault', 'cases', 'lost', 'stuck', 'doubled', 'wrong answers', 'recovered in s'];
  const rows = outcomes.map(({ fault, cases, findings, recoveredMs }) => [
    fault,
    cases,
    ...kinds.map((kind) => new Set(findings.filter((finding) => finding.kind === kind).map(({ about }) => about)).size),
    recoveredMs === undefined ? 'never' : (recoveredMs / 1000).toFixed(1),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** Everything that is wrong, a line each; what is wrong again and again, once. */
export function inFull(findings: Finding[]): string {
  const times = new Map<string, number>();
  for (const { kind, about, what } of findings) {
    const line = `  ${kind} ${about} ${what}`;
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  return [...times].map(([line, count]) => (count > 1 ? `${line} (${count} ×)` : line)).join('\n');
}
