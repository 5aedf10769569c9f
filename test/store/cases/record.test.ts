import { expect, it } from '@jest/globals';
import { type Filing, fileApplication } from '../../../store/cases/filing.ts';
import { proposeForm } from '../../../store/cases/form-versions.ts';
import { UnknownApplication } from '../../../store/cases/lock.ts';
import { findApplication, readCase, readSchedule } from '../../../store/cases/queries.ts';
import { recordChanges } from '../../../store/cases/record.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import { findFile } from '../../../store/files/queries.ts';
import { saveFile } from '../../../store/files/uploads.ts';
import { findNotification, type KnownNotification, queuedOf } from '../../../store/notifications/known.ts';
import { notificationsOfCase } from '../../../store/notifications/queries.ts';
import { beginAttempt, markFailed, markTaken } from '../../../store/notifications/sending.ts';
import { describeStore } from '../../harness/database/describe-store.ts';
import { changesOf, fileOne, ownWords, recordChange, roomy, rules } from '../../harness/database/store.ts';
import { filing, newPerson } from '../../harness/people.ts';

/** What workflows write, at most once and in order, and the notifications that follow from it. */
await describeStore('recording', (store) => {
  const kinds = async (number: string) => (await readCase(store, number)).entries.map(({ kind }) => kind);

  const documentSeen = { document: 'residentIdCard', of: 'applicant' } as const;
  /** What phones that aren't the case's are told. */
  const toldFormer = async (number: string) => {
    const formerly = (await notificationsOfCase(store, number)).filter(({ recipient }) => recipient === 'formerPhone');
    const queued = await queuedOf(
      store,
      formerly.map(({ id }) => id),
    );
    return queued.map(({ row, outgoing }) => [row.purpose, outgoing.address]).sort();
  };

  it('writes a change once, and ignores an older one', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted: first, assigned: second } = changesOf(filed);
    const once = await recordChange(store, acceptanceNumber, first, rules);
    expect(await recordChange(store, acceptanceNumber, first, rules)).toEqual({ ...once, fresh: [] });
    expect([once.queued.sms.length, once.queued.email.length]).toEqual([1, 1]);
    await recordChange(store, acceptanceNumber, second, rules);
    await recordChange(store, acceptanceNumber, first, rules);
    expect(await kinds(acceptanceNumber)).toEqual(['submitted', 'accepted', 'assigned']);
    expect(await findApplication(store, acceptanceNumber)).toMatchObject({
      sequence: 2,
      status: 'underReview',
      assignee: 'reviewer-2',
      dueOn: once.schedule.dueOn,
    });
    expect(await notificationsOfCase(store, acceptanceNumber)).toHaveLength(6);
    expect(await readSchedule(store, acceptanceNumber, second.state, rules)).toEqual(once.schedule);
  });

  it('writes a change once also when it is told ten times at once', async () => {
    const filed = await fileOne(store);
    const { accepted: change } = changesOf(filed);
    const tries = Array.from({ length: 10 }, () => recordChange(store, filed.acceptanceNumber, change, rules));
    const answers = await Promise.all(tries);
    const news = answers.flatMap(({ fresh }) => fresh);
    for (const answer of answers) expect({ ...answer, fresh: news }).toEqual({ ...answers[0], fresh: news });
    expect(news).toHaveLength(3);
    expect(await kinds(filed.acceptanceNumber)).toEqual(['submitted', 'accepted']);
    expect(await notificationsOfCase(store, filed.acceptanceNumber)).toHaveLength(3);
  });

  it('writes several changes in their order, and answers for all of them', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted, assigned } = changesOf(filed);
    const all = await recordChanges(store, acceptanceNumber, [accepted, assigned], rules);
    expect(all).toMatchObject({ divergence: null });
    expect(all.unsent.map(({ sequence, channel }) => [sequence, channel])).toEqual([
      [1, 'sms'],
      [1, 'email'],
      [2, 'sms'],
      [2, 'email'],
    ]);
    const again = await recordChanges(store, acceptanceNumber, [accepted, assigned], rules);
    expect(again).toEqual({ ...all, fresh: [] });
    expect(await kinds(acceptanceNumber)).toEqual(['submitted', 'accepted', 'assigned']);
  });

  it('lets another change under the same number replace what was recorded, and says so', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted, assigned } = changesOf(filed);
    await recordChanges(store, acceptanceNumber, [accepted, assigned], rules);
    const later = new Date(Date.parse(assigned.entry.at) + 1).toISOString();
    const state = { ...assigned.state, assignee: 'reviewer-1' };
    const other = { ...assigned, entry: { ...assigned.entry, at: later }, state };
    expect(await recordChange(store, acceptanceNumber, other, rules)).toMatchObject({ divergence: 'replaced' });
    expect(await findApplication(store, acceptanceNumber)).toMatchObject({ sequence: 2, assignee: 'reviewer-1' });
    const { entries } = await readCase(store, acceptanceNumber);
    expect(entries.map(({ kind, at }) => [kind, at]).at(-1)).toEqual(['assigned', later]);
    expect(await recordChange(store, acceptanceNumber, other, rules)).toMatchObject({ divergence: null });
  });

  it('lets an earlier change that is not known take back what came after it', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted, assigned } = changesOf(filed);
    await recordChanges(store, acceptanceNumber, [accepted, assigned], rules);
    const other = { ...accepted, entry: { ...accepted.entry, kind: 'withdrawn', by: 'applicant-1' } as const };
    const recorded = await recordChange(store, acceptanceNumber, other, rules);
    expect(recorded).toMatchObject({ divergence: 'replaced' });
    expect(await kinds(acceptanceNumber)).toEqual(['submitted', 'withdrawn']);
    expect(await findApplication(store, acceptanceNumber)).toMatchObject({ sequence: 1 });
  });

  it('replaces an acceptance of which an earlier phone is to be told, or was being told already', async () => {
    for (const isBegun of [false, true]) {
      const applicant = newPerson();
      const signature = { name: applicant.name, signedAt: '2026-03-02T02:00:00.000Z' };
      const personal = { applicant, signature };
      await fileOne(store, { submittedAt: '2026-03-01T02:00:00.000Z', channel: 'window', personal });
      const filed = await fileOne(store, {
        submittedAt: '2026-03-02T02:00:00.000Z',
        diseaseCode: 'M03900',
        personal: { applicant: { ...applicant, phone: '13800138777' }, signature },
      });
      const { acceptanceNumber } = filed;
      const { accepted } = changesOf(filed);
      await recordChange(store, acceptanceNumber, accepted, rules);
      const id = `${acceptanceNumber}-1-filedOtherwise-1`;
      const at = '2026-03-02T02:00:05.000Z';
      const told = (await findNotification(store, id)) as KnownNotification;
      if (isBegun) await beginAttempt(store, told, { provider: 'one', startedAt: at, now: at, inWords: ownWords });
      const again = { ...accepted, entry: { ...accepted.entry, at } };
      const recorded = await recordChanges(store, acceptanceNumber, [again], rules);
      expect(recorded).toMatchObject({ divergence: 'replaced' });
      const since = (await findNotification(store, id))?.row.createdAt ?? '';
      expect(new Date(since).toISOString()).toBe(isBegun ? filed.submittedAt : at);
    }
  });

  it('tells a phone that a correction at the window replaced, once, and the earlier ones of the window', async () => {
    const applicant = newPerson();
    const signature = { name: applicant.name, signedAt: '2026-03-02T02:00:00.000Z' };
    const withPhone = (phone: string) => ({ applicant: { ...applicant, phone }, signature });
    const earlier = {
      submittedAt: '2026-03-01T02:00:00.000Z',
      channel: 'window',
      personal: withPhone('13800138001'),
    } as const;
    await fileOne(store, earlier);
    const { acceptanceNumber, ...filed } = await fileOne(store, {
      ...{ submittedAt: '2026-03-02T02:00:00.000Z', diseaseCode: 'M03900', personal: withPhone('13800138002') },
    });
    const row = (await findApplication(store, acceptanceNumber)) as ApplicationRow;
    await proposeForm(store, row, 'corrected', { personal: withPhone('13800138003'), form: row.form });
    const { accepted } = changesOf({ acceptanceNumber, ...filed });
    const detail = { materials: [], form: 'corrected', documentSeen };
    const entry = { ...accepted.entry, kind: 'resubmitted', by: 'clerk-1', detail } as const;
    await recordChange(store, acceptanceNumber, { ...accepted, entry }, rules);
    expect(await toldFormer(acceptanceNumber)).toEqual([
      ['actedAtWindow', '+8613800138001'],
      ['phoneReplaced', '+8613800138002'],
    ]);
  });

  it.each(['api', 'signal'] as const)(
    'tells of the window what a clerk did, and nothing that is only claimed: %s',
    async (via) => {
      const filed = await fileOne(store);
      const { accepted } = changesOf(filed);
      const entry = { ...accepted.entry, kind: 'withdrawn', by: 'clerk-1', via, detail: { documentSeen } } as const;
      await recordChange(store, filed.acceptanceNumber, { ...accepted, entry }, rules);
      const told = (await toldFormer(filed.acceptanceNumber)).map(([purpose]) => purpose);
      expect(told).toEqual(via === 'api' ? ['actedAtWindow'] : []);
    },
  );

  it('keeps what was recorded under the same number where it is told to', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted, assigned } = changesOf(filed);
    await recordChange(store, acceptanceNumber, accepted, rules);
    const other = { ...accepted, entry: { ...accepted.entry, by: 'reviewer-2' } };
    const keep = { replaces: false };
    const kept = await recordChanges(store, acceptanceNumber, [other, assigned], rules, keep);
    expect(kept).toMatchObject({ divergence: 'taken' });
    expect(await kinds(acceptanceNumber)).toEqual(['submitted', 'accepted']);
    const added = await recordChanges(store, acceptanceNumber, [accepted, assigned], rules, keep);
    expect(added).toMatchObject({ divergence: null });
    expect(await kinds(acceptanceNumber)).toEqual(['submitted', 'accepted', 'assigned']);
  });

  it('tells what was recorded in the place of something else, unless somebody was being told already', async () => {
    const filed = await fileOne(store);
    const { acceptanceNumber } = filed;
    const { accepted, assigned } = changesOf(filed);
    await recordChanges(store, acceptanceNumber, [accepted, assigned], rules);
    const ofChannel = (channel: string, sequence: number) => `${acceptanceNumber}-${sequence}-accepted-${to(channel)}`;
    const to = (channel: string) => `${channel === 'email' ? 'reviewer-1' : 'applicant'}-${channel}`;
    const [mail] = (await queuedOf(store, [ofChannel('email', 1)])) as [KnownNotification];
    const at = new Date().toISOString();
    await beginAttempt(store, mail, { provider: 'one', startedAt: at, now: at, inWords: ownWords });
    const other = { ...accepted, entry: { ...accepted.entry, kind: 'withdrawn', by: 'applicant-1' } as const };
    const { queued } = await recordChange(store, acceptanceNumber, other, rules);
    expect(queued).toEqual({ sms: [ofChannel('sms', 1)], email: [mail.row.id] });
    const texts = (await notificationsOfCase(store, acceptanceNumber)).map(({ sequence, body }) => [sequence, body]);
    expect(texts.sort()).toEqual([
      [1, '消息:withdrawn'],
      [1, '短信:withdrawn'],
      [1, '邮件'],
    ]);
    await recordChange(store, acceptanceNumber, assigned, rules);
    const unsent = (await queuedOf(store, [ofChannel('sms', 2), ofChannel('email', 2)])).map(({ row }) => row.body);
    expect(unsent.sort()).toEqual(['短信:assigned', '邮件']);
  });

  it('says that a row is behind where changes before this one are missing', async () => {
    const filed = await fileOne(store);
    const { assigned } = changesOf(filed);
    const recorded = await recordChange(store, filed.acceptanceNumber, assigned, rules);
    expect(recorded).toMatchObject({ divergence: 'behind' });
    expect(await findApplication(store, filed.acceptanceNumber)).toMatchObject({ sequence: 2, assignee: 'reviewer-2' });
  });

  it('knows no case that was never filed', async () => {
    const stranger = filing(new Date().toISOString());
    const { accepted: change } = changesOf(stranger);
    await expect(recordChange(store, stranger.acceptanceNumber, change, rules)).rejects.toThrow(UnknownApplication);
  });

  it('writes nothing of a filing whose key was used before', async () => {
    const request = { key: 'k', bodyHash: 'h', answer: () => ({ status: 201, body: null }) };
    const [first, second] = [1, 2].map(() => filing(new Date().toISOString(), { submittedBy: 'clerk-1' })) as [
      Filing,
      Filing,
    ];
    const filed = await fileApplication(store, first, request);
    expect(filed).toEqual(await findApplication(store, first.acceptanceNumber));
    expect(await fileApplication(store, second, request)).toBeNull();
    expect(await findApplication(store, second.acceptanceNumber)).toBeUndefined();
    expect(await fileApplication(store, { ...second, submittedBy: 'clerk-2' }, request)).not.toBeNull();
  });

  it('replaces materials kind by kind, keeps the old ones, and takes only files of who filed the case', async () => {
    const upload = (uploadedBy: string) =>
      saveFile(store, {
        content: Buffer.from('x'),
        contentType: 'image/png',
        uploadedBy,
        at: new Date().toISOString(),
        quota: roomy,
      });
    const [own, foreign] = [await upload('applicant-1'), await upload('applicant-9')];
    const filed = await fileOne(store, {
      submittedBy: 'applicant-1',
      materials: [
        { kind: 'idCard', fileIds: ['a'] },
        { kind: 'medicalRecord', fileIds: ['b'], issuedOn: '2026-01-02' },
        { kind: 'medicalRecord', fileIds: ['c'], issuedOn: '2026-01-03' },
      ],
    });
    const { accepted: change } = changesOf(filed);
    const materials = [{ kind: 'medicalRecord' as const, fileIds: [own.id, foreign.id], issuedOn: '2026-02-01' }];
    await recordChange(
      store,
      filed.acceptanceNumber,
      { ...change, entry: { ...change.entry, kind: 'resubmitted', detail: { materials } } },
      rules,
    );
    const now = await readCase(store, filed.acceptanceNumber);
    expect(now.materials.map(({ kind, issuedOn }) => [kind, issuedOn])).toEqual([
      ['idCard', null],
      ['medicalRecord', '2026-02-01'],
    ]);
    expect(now.versions.map(({ issuedOn, replacedBy }) => [issuedOn, replacedBy])).toEqual([
      [null, null],
      ['2026-01-02', 1],
      ['2026-01-03', 1],
      ['2026-02-01', null],
    ]);
    expect(now.files.map(({ id }) => id)).toEqual([own.id]);
    expect((await findFile(store, foreign.id))?.idNumberHash).toBeNull();
  });

  it('hands notifications out until somebody has taken them, or nobody can', async () => {
    const filed = await fileOne(store);
    const { accepted: change } = changesOf(filed);
    const { queued } = await recordChange(store, filed.acceptanceNumber, change, rules);
    const notificationIds = [...queued.sms, ...queued.email];
    const waiting = await queuedOf(store, notificationIds);
    expect(waiting.map(({ outgoing: { channel, address } }) => [channel, address]).sort()).toEqual([
      ['email', expect.stringContaining('@')],
      ['sms', '+8613800138001'],
    ]);
    const [first, second] = waiting as [KnownNotification, KnownNotification];
    const at = new Date().toISOString();
    const begun = await beginAttempt(store, first, { provider: 'one', startedAt: at, now: at, inWords: ownWords });
    const key = { notificationId: first.row.id, number: begun?.number as number };
    await markTaken(store, key, { providerId: 'provider-1', state: 'underWay' }, { at, askAt: null });
    expect((await queuedOf(store, notificationIds)).map(({ row }) => row.id)).toEqual([second.row.id]);
    await markFailed(store, second.row.id, 'Twilio 21211', at);
    expect(await queuedOf(store, notificationIds)).toEqual([]);
    const again = await recordChange(store, filed.acceptanceNumber, change, rules);
    expect(again.queued).toEqual({ sms: [], email: [] });
    const states = (await notificationsOfCase(store, filed.acceptanceNumber)).map(({ state, failure }) => [
      state,
      failure,
    ]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['dispatched', null],
        ['failed', 'Twilio 21211'],
      ]),
    );
  });
});
