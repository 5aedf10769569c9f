import type { Anchor } from '../store/audit/append.ts';
import { type Tampering, verifyAudit } from '../store/audit/verify.ts';
import type { Store } from '../store/open.ts';

/**
 * Checks that nobody has changed, added or removed an entry of the audit.
 * @param log lines of the api's log, from which the ends of the chains are taken; without them, only what the database
 * itself remembers of the ends is checked
 * @param say takes each line of the report
 * @returns true when all is as it was written
 */
export async function verify(store: Store, log: string | undefined, say: (line: string) => void): Promise<boolean> {
  let wrong = 0;
  const { chains, entries } = await verifyAudit(store, anchorsIn(log ?? ''), (tampering) => {
    wrong += 1;
    say(inWords(tampering));
  });
  say(`已核对审计链 ${chains} 条、记录 ${entries} 条:${wrong === 0 ? '完整,未被改动。' : `发现问题 ${wrong} 处。`}`);
  return wrong === 0;
}

/** The last anchor of each chain that the log tells of. */
export function anchorsIn(log: string): Anchor[] {
  const anchors = new Map<string, Anchor>();
  for (const line of log.split('\n')) {
    const anchor = anchorOf(line);
    if (anchor && (anchors.get(anchor.id)?.last ?? 0) <= anchor.last) anchors.set(anchor.id, anchor);
  }
  return [...anchors.values()];
}

function anchorOf(line: string): Anchor | undefined {
  try {
    return (JSON.parse(line) as { anchor?: Anchor }).anchor;
  } catch {
    return undefined;
  }
}

const names: Record<Tampering['what'], string> = {
  changed: '记录被改动',
  added: '记录是他人添加的',
  removed: '记录被删除',
  circumstances: '记录的来源地址或理由被改动',
  headChanged: '链尾被改动',
};

function inWords({ chain, position, what }: Tampering): string {
  if (position !== undefined) return `${chain} 第 ${position} 条:${names[what]}。`;
  return `${chain}:${what === 'removed' ? '整条链被删除' : names[what]}。`;
}
