import { expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { migrateAndSeed } from '../../../store/migrate.ts';
import { LastAdmin, previewMembers, saveMembers } from '../../../store/staff/members.ts';
import { namesOf } from '../../../store/staff/queries.ts';
import { absence, staff } from '../../../store/staff/tables.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { policy, seed } from '../../harness/policy.ts';
import { hire } from '../../harness/staff.ts';

const act = { by: 'admin-1', at: '2026-11-27T02:00:00.000Z' };
const member = (id: string, roles: string[], active = true) => ({
  ...{ id, name: '李明', roles, active },
  ...{ email: 'liming@pzh-ybj.example', phone: '+8613900000099' },
});

await describeStore('the list of staff', (store, url) => {
  const rowOf = async (id: string) => (await store.db.select().from(staff).where(eq(staff.id, id)))[0];

  it('is seeded while it is empty; what the policy says later changes nothing, and is named', async () => {
    expect(await migrateAndSeed(url(), seed)).toEqual({ otherwiseListed: [] });
    await store.db.update(staff).set({ active: false }).where(eq(staff.id, 'reviewer-2'));
    const changed = policy.staff.map((one) => (one.id === 'clerk-1' ? { ...one, email: 'new@pzh-ybj.example' } : one));
    const joining = { ...(policy.staff[0] as (typeof policy.staff)[number]), id: 'reviewer-3' };
    const before = await store.db.select().from(staff);
    const { otherwiseListed } = await migrateAndSeed(url(), { ...seed, staff: [...changed, joining] });
    expect(otherwiseListed).toEqual(['reviewer-2', 'clerk-1', 'reviewer-3']);
    expect(await store.db.select().from(staff)).toEqual(before);
    await store.db.update(staff).set({ active: true }).where(eq(staff.id, 'reviewer-2'));
  });

  it('keeps an active admin, whoever is retired at the same time, and whatever else is saved with it', async () => {
    await saveMembers(store, [member('admin-2', ['admin'])], act);
    const outcomes = await Promise.allSettled([
      saveMembers(store, [member('admin-1', ['admin'], false)], act),
      saveMembers(store, [member('admin-2', ['clerk'])], act),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(LastAdmin) });
    await saveMembers(store, [member('admin-1', ['admin'])], act);
    const noAdmin = [
      member('newcomer', ['reviewer']),
      member('admin-1', ['clerk']),
      member('admin-2', ['admin'], false),
    ];
    await expect(saveMembers(store, noAdmin, act)).rejects.toThrow(LastAdmin);
    expect([await rowOf('newcomer'), (await rowOf('admin-1'))?.roles]).toEqual([undefined, ['admin']]);
  });

  it('says what it would change, and changes nothing', async () => {
    const leaver = await hire(store);
    const list = [member(leaver, ['reviewer'], false), member('joiner', ['clerk'])];
    const previewed = await previewMembers(store, list, act);
    expect(previewed.map(({ id, change }) => [id, change])).toEqual([
      ['joiner', 'added'],
      [leaver, 'retired'],
    ]);
    expect([await rowOf('joiner'), (await rowOf(leaver))?.active]).toEqual([undefined, true]);
    expect(await store.db.select().from(absence).where(eq(absence.staffId, leaver))).toEqual([]);
    expect((await saveMembers(store, list, act)).map(({ change }) => change)).toEqual(['added', 'retired']);
    expect(await saveMembers(store, list, act)).toEqual([]);
  });

  it('names people; who is not on it keeps their id', async () => {
    const nameOf = await namesOf(store, ['supervisor-1', null, 'system', undefined]);
    expect([nameOf('supervisor-1'), nameOf('system')]).toEqual(['赵静', 'system']);
  });
});
