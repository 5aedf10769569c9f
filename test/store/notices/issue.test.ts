import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { grantedAccreditation } from '../../../domain/accreditations/state.ts';
import type { Change } from '../../../domain/cases/timeline.ts';
import { revocationNotice } from '../../../policy/notices/revocation.ts';
import { grantAccreditation } from '../../../store/accreditations/grant.ts';
import type { AccreditationRules } from '../../../store/accreditations/record.ts';
import type { Filing } from '../../../store/cases/filing.ts';
import type { RecordRules } from '../../../store/cases/rules.ts';
import { findNotice, noticesAbout } from '../../../store/notices/queries.ts';
import { notice } from '../../../store/notices/tables.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, grant, recordAccreditation, recordChange, rules } from '../../harness/database/store.ts';
import { policy } from '../../harness/policy.ts';

/** The policy's decision, and no notification. */
const revocationRules: AccreditationRules = {
  clocks: { remindsAt: '09:00', reminders: [], closesDaysAfter: 30 },
  sendingHours: policy.notifying.sendingHours,
  notifications: () => [],
  revocation: (change, { id: accreditationId, diseaseCode }, { name, idNumber }) =>
    revocationNotice(policy, { accreditationId, name, idNumber, diseaseCode, change }),
};

/** Notices: one for each change that has one, with numbers that run without a gap within a kind and a year. */
await describeStore('notices', (store) => {
  /** A case that is accepted at an instant. */
  async function filedAt(at: string): Promise<{ filed: Filing; accepted: Change }> {
    const filed = await fileOne(store);
    const { accepted } = changesOf(filed);
    return { filed, accepted: { ...accepted, entry: { ...accepted.entry, at } } };
  }
  const accept = async (at: string, appliedRules = rules) => {
    const { filed, accepted } = await filedAt(at);
    await recordChange(store, filed.acceptanceNumber, accepted, appliedRules);
    return filed;
  };
  const documentNumbers = async ({ acceptanceNumber }: Filing) =>
    (await noticesAbout(store, { acceptanceNumber })).map(({ documentNumber }) => documentNumber);
  const numbersOf = async (year: number) => {
    const rows = await store.db.select({ number: notice.number }).from(notice).where(eq(notice.year, year));
    return rows.map(({ number }) => number).sort((a, b) => a - b);
  };

  it('is one however often the change is recorded, and stays as it was issued', async () => {
    const { filed, accepted } = await filedAt('2031-03-03T02:00:00.000Z');
    const renamed: RecordRules = { ...rules, notice: (noticed) => ({ ...rules.notice(noticed), title: '改了' }) };
    await recordChange(store, filed.acceptanceNumber, accepted, rules);
    await Promise.all(Array.from({ length: 5 }, () => recordChange(store, filed.acceptanceNumber, accepted, renamed)));
    const [issued, ...more] = await noticesAbout(store, filed);
    expect(more).toEqual([]);
    expect(issued).toMatchObject({
      kind: 'acceptance',
      title: '门诊特殊疾病认定申请受理通知书',
      documentNumber: '攀医保门特受〔2031〕1号',
      issuedOn: '2031-03-03',
    });
    expect(await findNotice(store, filed, (issued as NonNullable<typeof issued>).id)).toEqual(issued);
  });

  it('of many at once, each told twice, has a number of its own, without a gap', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => filedAt('2032-03-03T02:00:00.000Z')));
    await Promise.all(
      [...many, ...many].map(({ filed, accepted }) => recordChange(store, filed.acceptanceNumber, accepted, rules)),
    );
    expect(await numbersOf(2032)).toEqual(many.map((_, index) => index + 1));
  });

  it('that could not be written leaves no gap', async () => {
    const fail = () => {
      throw new Error('no prefix');
    };
    // It is read once the number is taken.
    const prefix = { toString: fail } as unknown as string;
    const notice: RecordRules['notice'] = (noticed) => ({ ...rules.notice(noticed), prefix });
    await expect(accept('2033-03-03T02:00:00.000Z', { ...rules, notice })).rejects.toThrow('no prefix');
    await accept('2033-03-03T02:00:00.000Z');
    expect(await numbersOf(2033)).toEqual([1]);
  });

  it('is counted in the Shanghai year, by kind; a change without a notice takes no number', async () => {
    const first = await accept('2034-12-31T15:59:00.000Z');
    const second = await accept('2034-12-31T16:00:00.000Z');
    expect(await documentNumbers(first)).toEqual(['攀医保门特受〔2034〕1号']);
    expect(await documentNumbers(second)).toEqual(['攀医保门特受〔2035〕1号']);
    const { assigned } = changesOf(second);
    await recordChange(store, second.acceptanceNumber, assigned, rules);
    const entry = { ...assigned.entry, at: '2035-01-02T02:00:00.000Z', detail: { reason: '诊断不符' } };
    const rejected = { ...entry, kind: 'rejected' as const };
    await recordChange(store, second.acceptanceNumber, { ...assigned, sequence: 3, entry: rejected }, rules);
    expect(await documentNumbers(second)).toEqual(['攀医保门特受〔2035〕1号', '攀医保门特不予〔2035〕1号']);
  });

  it('of a revocation is one however often that is recorded, with a number of its own kind', async () => {
    const granted = grantedAccreditation('2037-01-01', null);
    const revoke = async (at: string) => {
      const { id } = await grantAccreditation(store, grant(at));
      const entry = { at, kind: 'revoked', by: 'supervisor-1', via: 'api', detail: {} } as const;
      const change = { sequence: 2, entry, state: { ...granted, status: 'revoked' as const } };
      await Promise.all([1, 2, 3].map(() => recordAccreditation(store, id, change, revocationRules)));
      return noticesAbout(store, { accreditationId: id });
    };
    const issued = [await revoke('2037-03-03T02:00:00.000Z'), await revoke('2037-03-04T02:00:00.000Z')].flat();
    expect(issued).toMatchObject([
      { kind: 'revocation', documentNumber: '攀医保门特撤〔2037〕1号', issuedOn: '2037-03-03' },
      { kind: 'revocation', documentNumber: '攀医保门特撤〔2037〕2号', issuedOn: '2037-03-04' },
    ]);
    const reminded = {
      at: '2037-03-05T02:00:00.000Z',
      kind: 'renewalReminded',
      by: 'system',
      via: 'system',
      detail: {},
    } as const;
    const { id } = await grantAccreditation(store, grant(reminded.at));
    await recordAccreditation(store, id, { sequence: 1, entry: reminded, state: granted }, revocationRules);
    expect(await noticesAbout(store, { accreditationId: id })).toEqual([]);
  });

  it('belongs to its case, and names nobody in its row', async () => {
    const [filed, other] = [await accept('2036-03-03T02:00:00.000Z'), await accept('2036-03-03T02:00:00.000Z')];
    const [issued] = await noticesAbout(store, filed);
    expect(issued?.addressee).toContain(filed.personal.applicant.name);
    expect(await findNotice(store, other, issued?.id as string)).toBeUndefined();
    expect(await findNotice(store, filed, randomUUID())).toBeUndefined();
    const rows = JSON.stringify(await store.db.select().from(notice));
    for (const secret of [filed.personal.applicant.name, '糖尿病', '********']) expect(rows).not.toContain(secret);
    const [row] = await store.db.select().from(notice).where(eq(notice.acceptanceNumber, other.acceptanceNumber));
    await store.db
      .update(notice)
      .set({ content: row?.content as string })
      .where(eq(notice.id, issued?.id as string));
    await expect(findNotice(store, filed, issued?.id as string)).rejects.toThrow();
  });
});
