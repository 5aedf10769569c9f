import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { addDays, shanghaiDate } from '../../domain/dates.ts';
import { accreditationTimeline, findAccreditation } from '../../store/accreditations/queries.ts';
import { accreditationEntry } from '../../store/accreditations/tables.ts';
import { fileApplication } from '../../store/cases/filing.ts';
import { findApplication, readTimeline } from '../../store/cases/queries.ts';
import { application, timeline } from '../../store/cases/tables.ts';
import { ContentLost, readContent, removeContents } from '../../store/files/content.ts';
import { takeFiles } from '../../store/files/hand-in.ts';
import { findFile } from '../../store/files/queries.ts';
import { caseFile, file } from '../../store/files/tables.ts';
import { saveFile } from '../../store/files/uploads.ts';
import { absencesToHandOver, enterAbsence, findAbsence } from '../../store/staff/absences.ts';
import type { AbsenceRow } from '../../store/staff/tables.ts';
import { ensureSchedules } from '../../worker/namespace.ts';
import {
  absenceOptions,
  accreditationProgress,
  applicationOptions,
  messages,
  progress,
} from '../../workflows/messages.ts';
import { roomy } from '../harness/database/store.ts';
import { applicant, askFor, type Filed, handIn, kindsOf, reviewer, signal, update } from '../harness/office/case.ts';
import { keepHouse } from '../harness/office/housekeeping.ts';
import { type Office, openOffice } from '../harness/office/open.ts';
import { restoreRow, whileRefused } from '../harness/office/restore.ts';
import { filing } from '../harness/people.ts';
import { hire } from '../harness/staff.ts';
import { until } from '../harness/until.ts';

/** Lists, counts and Schedules are the real server's. */
let office: Office;
beforeAll(async () => {
  office = await openOffice({ server: 'dev' });
});
afterAll(() => office?.close());
beforeEach(() => {
  office.mended.splice(0);
});

const stateOf = async (workflowId: string) =>
  (await office.client.workflow.getHandle(workflowId).describe()).status.name;

/** Lets a case have been filed a minute ago: its start isn't under way any more. */
async function isAMinuteOld({ acceptanceNumber }: { acceptanceNumber: string }): Promise<void> {
  const submittedAt = new Date(Date.now() - 60_000).toISOString();
  await office.store.db
    .update(application)
    .set({ submittedAt })
    .where(eq(application.acceptanceNumber, acceptanceNumber));
}

async function fileAMinuteAgo(): Promise<Filed> {
  const filed = await office.file();
  await isAMinuteOld(filed);
  return filed;
}

/** What housekeeping has found of a workflow. */
const found = (workflowId: string) => office.mended.filter((mending) => mending.workflowId === workflowId);

/** Passes, until visibility has caught up and housekeeping has found it. */
const becomesMended = (workflowId: string) =>
  until('it is mended', async () => {
    await keepHouse(office.client);
    return found(workflowId).length > 0;
  });

/** Whatever the others have left has to be in order. */
const isInOrder = () =>
  until('nothing is left to mend', async () => {
    return (await keepHouse(office.client)) === 0;
  });

/** It goes on from its row: what was decided stays, and the rest of its life is as it would have been. */
async function goesOn(filed: Filed): Promise<void> {
  await until('it says what its row says', async () => (await filed.progress()).assignee === 'reviewer-1');
  const before = await filed.row();
  expect(await filed.progress()).toMatchObject({ status: 'underReview', round: 1, dueOn: before.dueOn });
  expect((await filed.progress()).timeline.map(({ kind }) => kind)).toEqual(['accepted', 'assigned']);
  await update(filed, 'approve', reviewer);
  expect(await kindsOf(office, filed)).toEqual(['submitted', 'accepted', 'assigned', 'approved', 'registered']);
}

async function assigned(): Promise<Filed> {
  const filed = await fileAMinuteAgo();
  await update(filed, 'assign', { by: 'supervisor-1', to: 'reviewer-1' });
  return filed;
}

describe('an open case', () => {
  it('whose workflow was terminated is begun again from its row', async () => {
    const filed = await assigned();
    await filed.handle.terminate('a slip');
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toEqual([
      { workflowId: filed.acceptanceNumber, wrong: 'ended', how: 'TERMINATED', done: 'begun' },
    ]);
    await goesOn(filed);
  });

  it('whose workflow was terminated does what Temporal had taken for it, once', async () => {
    const filed = await fileAMinuteAgo();
    const start = async (name: 'assign' | 'requestMaterials', payload: object) => {
      const options = { args: [payload] as never, updateId: `${filed.acceptanceNumber} ${name}` };
      await filed.handle.startUpdate(messages[name].update as never, { ...options, waitForStage: 'ACCEPTED' } as never);
    };
    await whileRefused(office, timeline.acceptanceNumber, filed.acceptanceNumber, async () => {
      await start('assign', { by: 'supervisor-1', to: 'reviewer-1' });
      await start('requestMaterials', askFor('medicalRecord'));
      await signal(filed, 'resubmit', handIn);
      await filed.handle.terminate('a slip');
      expect((await filed.row()).sequence).toBe(1);
    });
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toMatchObject([{ wrong: 'ended', done: 'begun' }]);
    const decided = ['submitted', 'accepted', 'assigned', 'materialsRequested', 'resubmitted'];
    await until('it has caught up', async () => (await filed.row()).sequence === 4);
    expect(await kindsOf(office, filed)).toEqual(decided);
    await start('requestMaterials', askFor('medicalRecord'));
    await isInOrder();
    expect(await kindsOf(office, filed)).toEqual(decided);
    await update(filed, 'withdraw', applicant);
  });

  it('whose workflow was deleted is begun again from its row', async () => {
    const filed = await assigned();
    const workflowExecution = { workflowId: filed.acceptanceNumber };
    const { namespace } = office.client.options;
    await office.client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
    await until('it is gone', () =>
      stateOf(filed.acceptanceNumber).then(
        () => false,
        () => true,
      ),
    );
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toMatchObject([{ wrong: 'gone', done: 'begun' }]);
    await goesOn(filed);
  });

  it('whose workflow has failed or timed out is begun, as nothing of it was recorded', async () => {
    const [failing, late] = [filing(await office.now()), filing(await office.now())];
    for (const submission of [failing, late]) {
      await fileApplication(office.store, submission);
      await isAMinuteOld(submission);
    }
    const startOf = async ({ acceptanceNumber, type, channel }: typeof failing) => {
      const state = (await findApplication(office.store, acceptanceNumber))?.state as never;
      return { acceptanceNumber, type, channel, state };
    };
    const start = await startOf(failing);
    const unknown = { ...start, acceptanceNumber: 'never filed' };
    const failed = await office.client.workflow.start('application', { ...applicationOptions(start), args: [unknown] });
    await expect(failed.result()).rejects.toThrow();
    const other = await startOf(late);
    await office.stopWorker();
    const timed = { ...applicationOptions(other), workflowExecutionTimeout: '1 s', args: [other] };
    await expect((await office.client.workflow.start('application', timed)).result()).rejects.toThrow();
    await office.startWorker();
    for (const [{ acceptanceNumber }, how] of [
      [failing, 'FAILED'],
      [late, 'TIMED_OUT'],
    ] as const) {
      await becomesMended(acceptanceNumber);
      expect(found(acceptanceNumber)[0]).toMatchObject({ wrong: 'ended', how, done: 'begun' });
      const handle = office.client.workflow.getHandle(acceptanceNumber);
      await until('it is accepted', async () => (await handle.query(progress)).status === 'underReview');
    }
  });

  it('whose workflow was canceled goes on, since it is deaf to that', async () => {
    const filed = await assigned();
    await filed.handle.cancel();
    await goesOn(filed);
    expect(found(filed.acceptanceNumber)).toEqual([]);
  });

  it('that is behind what its workflow has recorded is brought up to date, and nobody is told twice', async () => {
    const filed = await fileAMinuteAgo();
    const before = await filed.row();
    await update(filed, 'requestMaterials', { ...reviewer, items: [{ kind: 'photo', problem: '看不清' }] });
    const after = await filed.row();
    const sent = async () =>
      (await office.sent()).filter(({ body }) => body.includes(filed.acceptanceNumber.slice(-6)));
    await until('it is told', async () => (await sent()).length >= 2);
    const sentBefore = (await sent()).length;
    await restoreRow(office, filed, before);
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toMatchObject([
      { wrong: 'rowBehind', row: 1, workflow: 2, done: 'recorded' },
    ]);
    expect(await filed.row()).toEqual(after);
    expect(await kindsOf(office, filed)).toEqual(['submitted', 'accepted', 'materialsRequested']);
    await isInOrder();
    expect(await sent()).toHaveLength(sentBefore);
    await update(filed, 'withdraw', applicant);
  });

  it('that has been closed in its workflow is closed', async () => {
    const filed = await fileAMinuteAgo();
    const before = await filed.row();
    await update(filed, 'withdraw', applicant);
    await filed.handle.result();
    await restoreRow(office, filed, before);
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toMatchObject([{ wrong: 'completed', done: 'recorded' }]);
    expect(await filed.row()).toMatchObject({ status: 'withdrawn', closed: true });
    await isInOrder();
  });

  it('that shows another state than the change which it holds is corrected, once', async () => {
    const filed = await assigned();
    const before = await filed.row();
    const ofCase = eq(application.acceptanceNumber, filed.acceptanceNumber);
    await office.store.db.update(application).set({ status: 'rejected', assignee: null }).where(ofCase);
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)).toMatchObject([{ wrong: 'differs', done: 'recorded' }]);
    expect(await filed.row()).toEqual(before);
    await isInOrder();
    await update(filed, 'withdraw', applicant);
  });

  it('that is ahead of its workflow is only told of', async () => {
    const filed = await fileAMinuteAgo();
    const { state, sequence } = await filed.row();
    const ahead = { ...state, status: 'rejected' as const };
    const changed = { state: ahead, status: ahead.status, sequence: sequence + 1 };
    await office.store.db
      .update(application)
      .set(changed)
      .where(eq(application.acceptanceNumber, filed.acceptanceNumber));
    await becomesMended(filed.acceptanceNumber);
    expect(found(filed.acceptanceNumber)[0]).toMatchObject({ wrong: 'rowAhead', row: 2, workflow: 1, done: null });
    await office.store.db
      .update(application)
      .set({ state, status: state.status, sequence })
      .where(eq(application.acceptanceNumber, filed.acceptanceNumber));
    await update(filed, 'withdraw', applicant);
  });
});

describe('nothing is mended', () => {
  it('of cases that were filed, decided or closed a moment ago', async () => {
    await isInOrder();
    const filed = await Promise.all(Array.from({ length: 6 }, () => office.file()));
    const passes = [keepHouse(office.client)];
    for (const [index, filedCase] of filed.entries()) {
      if (index % 3 === 0) await update(filedCase, 'withdraw', applicant);
      if (index % 3 === 1) await update(filedCase, 'approve', reviewer);
      passes.push(keepHouse(office.client));
      await isAMinuteOld(filedCase);
      passes.push(keepHouse(office.client));
    }
    expect(await Promise.all(passes)).toEqual(passes.map(() => 0));
    expect(office.mended).toEqual([]);
    for (const filedCase of filed) expect(await readTimeline(office.store, filedCase.acceptanceNumber)).not.toEqual([]);
  });
});

describe('an accreditation', () => {
  it('whose workflow was terminated is begun again from its row', async () => {
    const filed = await office.file({ diseaseCode: 'M00500' });
    await update(filed, 'approve', reviewer);
    const id = (await filed.row()).accreditationId as string;
    await until('it has begun', async () => (await findAccreditation(office.store, id))?.sequence === 1);
    await office.client.workflow.getHandle(id).terminate('a slip');
    await becomesMended(id);
    expect(found(id)).toMatchObject([{ wrong: 'ended', how: 'TERMINATED', done: 'begun' }]);
    expect(await stateOf(id)).toBe('RUNNING');
    await isInOrder();
  });
});

describe('an accreditation that is told of something', () => {
  it('hears of it once, though its workflow was terminated', async () => {
    const filed = await office.file({ diseaseCode: 'M00500' });
    await update(filed, 'approve', reviewer);
    const id = (await filed.row()).accreditationId as string;
    await until('it has begun', async () => (await findAccreditation(office.store, id))?.sequence === 1);
    const handle = office.client.workflow.getHandle(id);
    await whileRefused(office, accreditationEntry.accreditationId, id, async () => {
      const { acceptanceNumber } = filing(await office.now());
      await handle.signal('renewalFiled', { acceptanceNumber, filedOn: shanghaiDate(await office.now()) });
      await until('it is carried out', async () => (await handle.query(accreditationProgress)).sequence === 2);
      await handle.signal('renewalEnded', { acceptanceNumber });
      await handle.terminate('a slip');
    });
    await becomesMended(id);
    await until('it has caught up', async () => (await findAccreditation(office.store, id))?.sequence === 3);
    const kinds = (await accreditationTimeline(office.store, id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['granted', 'renewalFiled', 'renewalEnded']);
    await isInOrder();
  });
});

describe('an absence', () => {
  it('whose workflow was terminated hands over all the same, as does one that was never begun', async () => {
    const [away, gone, to] = [await hire(office.store), await hire(office.store), await hire(office.store)];
    const cases = [await office.file(), await office.file()];
    for (const [index, filedCase] of cases.entries()) {
      await update(filedCase, 'assign', { by: 'supervisor-1', to: [away, gone][index] as string });
    }
    const enteredAt = new Date(Date.now() - 60_000).toISOString();
    const today = shanghaiDate(enteredAt);
    const enterFor = async (staffId: string, from: string) => {
      const entered = { id: randomUUID(), enteredBy: 'supervisor-1', enteredAt };
      return (await enterAbsence(office.store, {
        staffId,
        from,
        until: addDays(from, 3),
        to,
        ...entered,
      })) as AbsenceRow;
    };
    const { id: absenceId } = await enterFor(away, addDays(today, 1));
    await keepHouse(office.client);
    const { workflowId } = absenceOptions({ absenceId });
    expect(await stateOf(workflowId)).toBe('RUNNING');
    await office.client.workflow.getHandle(workflowId).terminate('a slip');
    const { id: never } = await enterFor(gone, today);
    await keepHouse(office.client);
    expect(found(workflowId).map(({ how }) => how)).toEqual(['NOT_FOUND', 'TERMINATED']);
    expect(await stateOf(workflowId)).toBe('RUNNING');
    await until('it is handed over', async () => (await findAbsence(office.store, never))?.handover != null);
    expect((await cases[1]?.row())?.assignee).toBe(to);
    expect(await absencesToHandOver(office.store, today, new Date().toISOString())).toEqual([absenceId]);
    await isInOrder();
  });
});

describe('uploaded files', () => {
  const upload = (at: string) =>
    saveFile(office.store, {
      content: Buffer.from('x'),
      contentType: 'image/png',
      uploadedBy: 'applicant-1',
      at,
      quota: roomy,
    });

  it('that nobody has handed in are deleted in time, and lost contents of cases are told of', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const [old, young, handedIn] = [await upload(daysAgo(8)), await upload(daysAgo(6)), await upload(daysAgo(90))];
    const { acceptanceNumber } = await office.file();
    const handing = { by: 'applicant-1', person: 'applicant-1', all: true };
    await office.store.db.transaction((tx) => takeFiles(tx, [handedIn.id], acceptanceNumber, handing));
    await keepHouse(office.client);
    expect(await findFile(office.store, old.id)).toBeUndefined();
    await expect(readContent(office.store, old)).rejects.toThrow(ContentLost);
    for (const kept of [young, handedIn]) expect((await readContent(office.store, kept)).toString()).toBe('x');
    expect(found(acceptanceNumber)).toEqual([]);

    await removeContents(office.store, [handedIn.id]);
    await keepHouse(office.client);
    expect(found(acceptanceNumber)).toEqual([{ workflowId: acceptanceNumber, wrong: 'contentLost', done: null }]);
    await office.store.db.delete(caseFile);
    await office.store.db.delete(file);
  });
});

describe('housekeeping', () => {
  it('is begun again by its Schedule when it was terminated, and is one at a time', async () => {
    await ensureSchedules(office.env.connection, office.client.options.namespace, {
      briefingAt: '09:00',
      retentionAt: '02:30',
    });
    const schedule = office.client.schedule.getHandle('housekeeping');
    const begun = async () => {
      const { recentActions } = (await schedule.describe()).info;
      return recentActions.map(({ action }) => action.workflow.workflowId);
    };
    await schedule.trigger();
    await until('it runs', async () => (await begun()).length === 1);
    const [first] = (await begun()) as [string];
    await office.client.workflow.getHandle(first).terminate('a slip');
    // As it does each minute: the Schedule notices at one time that the last one has ended, and begins the next at the
    // one after that.
    await until('the next one runs', async () => {
      await schedule.trigger();
      return (await begun()).length === 2;
    });
    const second = (await begun())[1] as string;
    expect(await stateOf(second)).toBe('RUNNING');
    await schedule.delete();
    await office.client.workflow.getHandle(second).terminate();
  });
});
