import { randomBytes, randomUUID } from 'node:crypto';
import { startCalendarChange } from '../../api/calendar/start.ts';
import { sendMessage } from '../../api/cases/messages/send.ts';
import { Problem } from '../../api/http/errors.ts';
import { type ExplainedDeadline, explainDeadline } from '../../domain/calendar/deadline.ts';
import { type Arrangement, addWorkingDays } from '../../domain/calendar/working-days.ts';
import { acceptanceNumber } from '../../domain/cases/acceptance-number.ts';
import { countedLedger } from '../../domain/cases/clocks.ts';
import type { Message } from '../../domain/cases/messages.ts';
import type { Milestone } from '../../domain/cases/milestones.ts';
import { shanghaiDate, shanghaiInstant, yearOf } from '../../domain/dates.ts';
import {
  estimatedArrangement,
  publishedArrangement,
  publishedYears,
  supersededArrangements,
} from '../../policy/calendar/arrangements.ts';
import { workingDaysFor } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { FileError } from '../../policy/yaml.ts';
import { publishArrangement } from '../../store/calendar/publish.ts';
import { readCalendar } from '../../store/calendar/queries.ts';
import { findApplication, readSchedule, readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { createKeyring } from '../../store/encryption/keyring.ts';
import { notificationsOfCase } from '../../store/notifications/queries.ts';
import type { NotificationRow } from '../../store/notifications/tables.ts';
import { startThrowawayPglite } from '../stack/throwaway-pglite.ts';
import { type Office, openOffice, startSkippingServer } from './office.ts';
import type { Scenario, Step } from './scenario.ts';
import { shiftArrangement, shiftYears, yearsToShift } from './shift.ts';

/** Something that happened; instants and dates are the server's, which are `years` later than the scenario's. */
export type Happening =
  | {
      at: string;
      kind: 'entry';
      entry: Awaited<ReturnType<typeof readTimeline>>[number];
      row: ApplicationRow;
      notifications: NotificationRow[];
    }
  | { at: string; kind: 'publication'; circular: string; moved: number }
  | { at: string; kind: 'refused'; message: Message['name']; reason: string };

export interface Played {
  years: number;
  happenings: Happening[];
  row: ApplicationRow;
  explained: ExplainedDeadline;
}

/**
 * Plays a scenario through the real workflow and worker, on a server whose clock skips to whatever comes next, until
 * the case has ended or nothing lies ahead of it any more.
 * @throws FileError if a step lies before the step that precedes it
 */
export async function play(scenario: Scenario, policy: Policy): Promise<Played> {
  const years = yearsToShift(scenario.submittedAt, new Date().toISOString());
  const database = await startThrowawayPglite();
  const keyring = createKeyring([`k1:${randomBytes(32).toString('base64')}`], randomBytes(32).toString('base64'));
  const estimate = (year: number) => shiftArrangement(atTheBeginning(scenario, policy, year - years), years);
  const options = { databaseUrl: database.url, policy, keyring, estimate };
  const office = await startSkippingServer()
    .then((temporal) => openOffice({ ...options, temporal }))
    .catch(async (error) => {
      await database.stop();
      throw error;
    });
  try {
    return { years, ...(await new Play(office, scenario, policy, years).run()) };
  } finally {
    await office.close();
    await database.stop();
  }
}

/** The arrangement of a year that is in force when the scenario begins. */
function atTheBeginning({ inForce }: Scenario, policy: Policy, year: number): Arrangement {
  const superseded = inForce[year] && supersededArrangements().find((arrangement) => arrangement.year === year);
  if (superseded) return superseded;
  return publishedYears().includes(year)
    ? publishedArrangement(year)
    : estimatedArrangement(year, policy.calendar.localDaysOff);
}

const MINUTE_MS = 60_000;

class Play {
  readonly #office: Office;
  readonly #scenario: Scenario;
  readonly #policy: Policy;
  readonly #years: number;
  readonly #happenings: Happening[] = [];
  #acceptanceNumber = '';
  #entriesSeen = 0;

  constructor(office: Office, scenario: Scenario, policy: Policy, years: number) {
    this.#office = office;
    this.#scenario = scenario;
    this.#policy = policy;
    this.#years = years;
  }

  async run(): Promise<Omit<Played, 'years'>> {
    await this.#submit();
    const steps = [...this.#scenario.steps];
    for (let row = await this.#row(); ; row = await this.#row()) {
      const step = steps[0] && { ...steps[0], instant: await this.#instantOf(steps[0], row) };
      const milestone = await this.#nextMilestone(row);
      if (milestone && (!step || milestone.at < step.instant)) {
        await this.#office.until(new Date(Date.parse(milestone.at) + MINUTE_MS).toISOString());
      } else if (step) {
        await this.#office.until(step.instant);
        await this.#take(step);
        steps.shift();
      } else {
        const calendar = await readCalendar(this.#office.store);
        const explained = explainDeadline(countedLedger(row.state, this.#policy.clocks), calendar);
        return { happenings: this.#happenings, row, explained };
      }
      await this.#collect();
    }
  }

  async #submit(): Promise<void> {
    const submittedAt = shiftYears(this.#scenario.submittedAt, this.#years);
    const acceptedOn = shanghaiDate(submittedAt);
    await this.#office.until(submittedAt);
    const person = { name: '张三', idNumber: '510402198001010000', phone: '13800000000' };
    this.#acceptanceNumber = acceptanceNumber(this.#policy.city.region, yearOf(acceptedOn), randomBytes(8));
    await this.#office.submit({
      acceptanceNumber: this.#acceptanceNumber,
      submittedBy: this.#office.store.keyring.hash(person.idNumber),
      submittedAt,
      acceptedOn,
      workingDays: workingDaysFor(this.#policy, this.#policy.catalogue[0]),
      type: 'new',
      channel: this.#scenario.channel,
      diseaseCode: this.#policy.catalogue[0]?.code ?? '',
      policyVersion: this.#policy.version,
      personal: { applicant: person, signature: { name: person.name, signedAt: submittedAt } },
      form: {
        insuredType: 'employee',
        hospital: { code: 'H1', name: '市中心医院', level: 3 },
        hasElectronicVoucher: true,
      },
      materials: [{ kind: 'idCard', fileIds: ['scan'] }],
    });
    // The insurance core's stand-in answers at once, but a busy machine may need longer until the entry is recorded.
    do await this.#office.env.sleep('1 s');
    while ((await this.#row()).sequence === 0);
    await this.#collect();
  }

  async #row(): Promise<ApplicationRow> {
    return (await findApplication(this.#office.store, this.#acceptanceNumber)) as ApplicationRow;
  }

  async #instantOf({ on, workingDay = 0, at }: Step, row: ApplicationRow): Promise<string> {
    const calendar = await readCalendar(this.#office.store);
    const date = on ? shiftYears(on, this.#years) : addWorkingDays(calendar, row.state.ledger.acceptedOn, workingDay);
    const instant = shanghaiInstant(date, at);
    if (instant < (await this.#office.now())) {
      throw new FileError(`The step on ${shiftYears(date, -this.#years)} at ${at} lies before what comes ahead of it.`);
    }
    return instant;
  }

  async #nextMilestone({ state, closed }: ApplicationRow): Promise<Milestone | undefined> {
    if (closed) return undefined;
    const { clocks } = this.#policy;
    return (await readSchedule(this.#office.store, this.#acceptanceNumber, state, { clocks })).milestones[0];
  }

  async #take({ message, publish, instant }: Step & { instant: string }): Promise<void> {
    if (publish) return this.#publish(publish, instant);
    const sent = message as Message;
    await sendMessage(this.#office.client, this.#acceptanceNumber, sent, randomUUID()).catch((error) => {
      const reason = error instanceof Problem ? error.message : '该申请已办结。';
      this.#happenings.push({ at: instant, kind: 'refused', message: sent.name, reason });
    });
    // Leaves time for what follows by itself, such as the registration after an approval.
    await this.#office.env.sleep('5 s');
  }

  /** Publishes as the api does: first the store, then the workflow that tells the case. */
  async #publish(publish: NonNullable<Step['publish']>, at: string): Promise<void> {
    const { store, client, env } = this.#office;
    const changed: Arrangement =
      'final' in publish ? publishedArrangement(publish.final) : { ...publish, publishedOn: null, basis: 'published' };
    const { version: basedOn } = await readCalendar(store);
    const publication = await publishArrangement(store, shiftArrangement(changed, this.#years), {
      basedOn,
      enteredBy: 'admin-1',
      clocks: this.#policy.clocks,
    });
    const moved = publication.affected.filter(({ moves }) => Object.keys(moves).length > 0).length;
    this.#happenings.push({ at, kind: 'publication', circular: changed.circular ?? '', moved });
    await startCalendarChange(client, publication);
    await env.sleep('5 s');
  }

  async #collect(): Promise<void> {
    const { store } = this.#office;
    const row = await this.#row();
    const notifications = await notificationsOfCase(store, this.#acceptanceNumber);
    const entries = (await readTimeline(store, this.#acceptanceNumber)).slice(this.#entriesSeen);
    this.#entriesSeen += entries.length;
    for (const entry of entries) {
      const own = notifications.filter(({ sequence }) => sequence === entry.sequence);
      this.#happenings.push({ at: entry.at, kind: 'entry', entry, row, notifications: own });
    }
  }
}
