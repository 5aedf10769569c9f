import { beforeEach, describe, expect, it } from '@jest/globals';
import { and, eq, sql } from 'drizzle-orm';
import { anchorsIn, verify } from '../../../admin/audit.ts';
import type { AuditRecord } from '../../../domain/audit.ts';
import { type Anchor, createAuditWriter } from '../../../store/audit/append.ts';
import { auditEntries, openCircumstances } from '../../../store/audit/queries.ts';
import { auditChain, auditEntry } from '../../../store/audit/tables.ts';
import { type Tampering, verifyAudit } from '../../../store/audit/verify.ts';
import { describeStore } from '../../harness/database/describe-store.ts';

const record = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  at: '2026-11-27T02:00:00.000Z',
  by: 'reviewer-1',
  role: 'reviewer',
  action: 'read',
  kind: 'application',
  part: 'details',
  objects: ['510400'],
  people: ['hash of 李娜'],
  why: 'inCharge',
  circumstances: { address: '10.0.0.7', reason: '电话咨询' },
  ...changes,
});

await describeStore('the audit', (store) => {
  beforeEach(async () => {
    await store.db.execute(sql`alter table audit_entry disable trigger all`);
    await store.db.execute(sql`alter table audit_chain disable trigger all`);
    await store.db.delete(auditEntry);
    await store.db.delete(auditChain);
    await store.db.execute(sql`alter table audit_entry enable trigger all`);
    await store.db.execute(sql`alter table audit_chain enable trigger all`);
  });

  /** Writes so many entries in one chain. @returns its id */
  async function written(count: number): Promise<string> {
    const anchors: Anchor[] = [];
    const writer = createAuditWriter(store, (anchor) => anchors.push(anchor));
    for (let index = 1; index <= count; index += 1) await writer.append(record({ objects: [`n${index}`] }));
    return (anchors[0] as Anchor).id;
  }
  const found = async (anchors: Anchor[] = []) => {
    const tamperings: Tampering[] = [];
    await verifyAudit(store, anchors, (tampering) => tamperings.push(tampering));
    return tamperings;
  };
  const at = (chain: string, position: number) => and(eq(auditEntry.chain, chain), eq(auditEntry.position, position));
  /** What somebody does who may do everything to the database. */
  async function tamper(work: () => Promise<unknown>): Promise<void> {
    await store.db.execute(sql`alter table audit_entry disable trigger all`);
    await store.db.execute(sql`alter table audit_chain disable trigger all`);
    await work();
  }

  it('keeps what many write at once, each process in its chain', async () => {
    const writers = [createAuditWriter(store), createAuditWriter(store), createAuditWriter(store)];
    await Promise.all(
      Array.from({ length: 90 }, (_, index) => writers[index % 3]?.append(record({ by: `r${index}` }))),
    );
    expect(await found()).toEqual([]);
    expect(await verifyAudit(store, [], () => undefined)).toEqual({ chains: 3, entries: 90 });
    const [entry] = await auditEntries(store, { by: 'r7', limit: 10 });
    expect(entry).toMatchObject({ kind: 'application', part: 'details', why: 'inCharge' });
    expect(entry && openCircumstances(store, entry)).toEqual({ address: '10.0.0.7', reason: '电话咨询' });
    expect(JSON.stringify(entry)).not.toMatch(/10\.0\.0\.7|电话咨询/);
  });

  it('goes on in another chain where nobody knows whether it was written', async () => {
    const writer = createAuditWriter(store);
    await writer.append(record());
    await expect(writer.append(record({ at: 'never' }))).rejects.toThrow();
    await writer.append(record());
    expect(await verifyAudit(store, [], () => undefined)).toEqual({ chains: 2, entries: 2 });
    expect(await found()).toEqual([]);
  });

  it('is only ever added to', async () => {
    const chain = await written(2);
    const refused = { cause: expect.objectContaining({ message: 'the audit is append-only' }) };
    await expect(store.db.delete(auditEntry).where(at(chain, 1))).rejects.toMatchObject(refused);
    await expect(store.db.update(auditEntry).set({ by: 'other' }).where(at(chain, 1))).rejects.toMatchObject(refused);
    await expect(store.db.delete(auditChain)).rejects.toMatchObject(refused);
    await expect(store.db.execute(sql`truncate audit_entry`)).rejects.toMatchObject(refused);
    await expect(store.db.execute(sql`truncate audit_chain cascade`)).rejects.toMatchObject(refused);
  });

  it('stays whole when a person is erased from it', async () => {
    const chain = await written(2);
    await store.db.update(auditEntry).set({ circumstances: null }).where(at(chain, 1));
    expect(await found()).toEqual([]);
  });

  describe('names', () => {
    it.each<[string, (chain: string) => Promise<unknown>, (chain: string) => Tampering[]]>([
      [
        'a changed entry',
        (chain) => store.db.update(auditEntry).set({ by: 'somebody' }).where(at(chain, 2)),
        (chain) => [{ chain, position: 2, what: 'changed' }],
      ],
      [
        'one whose MAC was changed, too',
        (chain) => store.db.update(auditEntry).set({ people: [], mac: 'f00d' }).where(at(chain, 2)),
        (chain) => [{ chain, position: 2, what: 'changed' }],
      ],
      [
        'one whose circumstances are another’s',
        (chain) => {
          const other = sql`(select circumstances from audit_entry where position = 1)`;
          return store.db.update(auditEntry).set({ circumstances: other }).where(at(chain, 2));
        },
        (chain) => [{ chain, position: 2, what: 'circumstances' }],
      ],
      [
        'a removed entry',
        (chain) => store.db.delete(auditEntry).where(at(chain, 3)),
        (chain) => [{ chain, position: 3, what: 'removed' }],
      ],
      [
        'the first two, removed',
        async (chain) => {
          await store.db.delete(auditEntry).where(at(chain, 1));
          await store.db.delete(auditEntry).where(at(chain, 2));
        },
        (chain) => [1, 2].map((position) => ({ chain, position, what: 'removed' })),
      ],
      [
        'the last one, removed',
        (chain) => store.db.delete(auditEntry).where(at(chain, 5)),
        (chain) => [{ chain, position: 5, what: 'removed' }],
      ],
      [
        'an added entry',
        async (chain) => {
          const [last] = await store.db.select().from(auditEntry).where(at(chain, 5));
          if (last) await store.db.insert(auditEntry).values({ ...last, position: 6, previous: last.mac });
        },
        (chain) => [{ chain, position: 6, what: 'added' }],
      ],
      [
        'an end that was moved to hide the removal of the last',
        async (chain) => {
          const [fourth] = await store.db.select().from(auditEntry).where(at(chain, 4));
          await store.db.delete(auditEntry).where(at(chain, 5));
          await store.db.update(auditChain).set({ last: 4, mac: fourth?.mac as string });
        },
        (chain) => [{ chain, what: 'headChanged' }],
      ],
    ])('%s', async (_, work, expected) => {
      const chain = await written(5);
      await tamper(() => work(chain));
      expect(await found()).toEqual(expected(chain));
    });

    it('a whole chain that was removed, and what the log knows of that is gone', async () => {
      const anchors: Anchor[] = [];
      const writers = [1, 2, 3].map(() => createAuditWriter(store, (anchor) => anchors.push(anchor)));
      for (const writer of writers) await writer.append(record());
      const [, second, third] = anchors as [Anchor, Anchor, Anchor];
      const before = await store.db.select().from(auditChain).where(eq(auditChain.id, third.id));
      await writers[2]?.append(record());
      writers[2]?.tellAnchor();
      await tamper(async () => {
        await store.db.delete(auditEntry).where(eq(auditEntry.chain, second.id));
        await store.db.delete(auditChain).where(eq(auditChain.id, second.id));
        await store.db.delete(auditEntry).where(at(third.id, 2));
        await store.db
          .update(auditChain)
          .set(before[0] as Anchor)
          .where(eq(auditChain.id, third.id));
      });
      expect(await found()).toEqual([{ chain: '#2', what: 'removed' }]);
      const log = anchors
        .map((anchor) => JSON.stringify({ level: 30, anchor, msg: 'audit anchor' }))
        .join('\nno JSON\n');
      expect(await found(anchorsIn(log))).toEqual([
        { chain: second.id, what: 'removed' },
        { chain: third.id, position: 2, what: 'removed' },
      ]);
      const lines: string[] = [];
      expect(await verify(store, log, (line) => lines.push(line))).toBe(false);
      expect(lines).toEqual([
        `${second.id}:整条链被删除。`,
        `${third.id} 第 2 条:记录被删除。`,
        '已核对审计链 2 条、记录 2 条:发现问题 2 处。',
      ]);
    });
  });
});
