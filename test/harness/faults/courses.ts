import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { completeBody, completeMaterials, newScan } from '../http/documents.ts';
import { testKeyring } from '../keyring.ts';
import { personOf } from '../people.ts';
import type { Stack } from './stack.ts';

/** A request that hangs is given up, and tried again with the same key. */
const REQUEST_MS = 15_000;
const PAUSE_MS = 300;
/** Longer than anything may stand still. */
const ANSWER_LIMIT_MS = 150_000;

/** What a message is called in the timeline once it has taken effect, and the status that it leads to. */
const effects = {
  approve: ['approved', 'approved'],
  reject: ['rejected', 'rejected'],
  'request-materials': ['materialsRequested', 'awaitingMaterials'],
  resubmit: ['resubmitted', 'underReview'],
  appeal: ['appealed', 'underReview'],
  withdraw: ['withdrawn', 'withdrawn'],
  assign: ['assigned', undefined],
} as const;
export type MessageName = keyof typeof effects;

/** One message under one key, and what its sender was told in the end. */
export interface Sending {
  name: MessageName;
  by: string;
  kind: string;
  leadsTo: string | undefined;
  outcome: 'done' | 'accepted' | 'refused' | 'unanswered' | 'givenUp';
  /** Of a refusal, or of the last answer that said neither yes nor no. */
  code?: string;
}

/** A case as its clients know it: everything that they were told. */
export interface CaseLog {
  course: string;
  idNumber: string;
  acceptanceNumber?: string;
  sendings: Sending[];
  /** Answers that nobody should get. */
  unexpected: string[];
  /** Why its people gave up; undefined where the course came to its end. */
  ended?: string;
}

interface Reply {
  status: number;
  body: { status?: string; code?: string; acceptanceNumber?: string; fileId?: string };
}

/** The people of one case, who try again until they know. */
export class People {
  readonly log: CaseLog;
  readonly #stack: Stack;
  readonly #body: ReturnType<typeof completeBody>;
  readonly #subject = `applicant-${randomUUID()}`;

  constructor(stack: Stack, course: string) {
    this.#stack = stack;
    this.#body = completeBody('', { ...personOf(this.#subject), phone: '13800138009' });
    this.log = {
      course,
      idNumber: this.#body.applicant.idNumber,
      sendings: [],
      unexpected: [],
    };
  }

  async file(): Promise<void> {
    const materials = completeMaterials(await this.#upload());
    const reply = await this.#insist('/v1/applications', { ...this.#body, materials }, randomUUID());
    if (reply.status !== 201) throw new Ended(`the filing was answered ${inWords(reply)}`);
    this.log.acceptanceNumber = reply.body.acceptanceNumber as string;
  }

  /** Waits until the case has this status. */
  async see(...statuses: string[]): Promise<void> {
    const end = Date.now() + ANSWER_LIMIT_MS;
    for (;;) {
      const reply = await this.#try(`/v1/applications/${this.log.acceptanceNumber}`, { method: 'GET' }, 'applicant');
      if (statuses.includes(reply?.body.status ?? '')) return;
      if (Date.now() > end) throw new Ended(`never ${statuses.join(' or ')}, but ${reply?.body.status}`);
      await wait(PAUSE_MS);
    }
  }

  /** An applicant's message. */
  tell(name: 'resubmit' | 'appeal' | 'withdraw', body: object = {}): Promise<Sending> {
    return this.#send(name, body, this.#subject, 'applicant', randomUUID());
  }

  async resubmit(): Promise<void> {
    const [, , , medicalRecord] = completeMaterials(await this.#upload());
    this.#must(await this.tell('resubmit', { materials: [medicalRecord] }));
  }

  /** A reviewer's message, which has to be taken. */
  async decide(name: MessageName, body: object = {}, by = 'reviewer-1'): Promise<void> {
    this.#must(await this.#send(name, body, by, 'reviewer', randomUUID()));
  }

  async must(name: 'appeal' | 'withdraw', body: object = {}): Promise<void> {
    this.#must(await this.tell(name, body));
  }

  /** A reviewer's message that is sent once, and forgotten unless it was taken. */
  async once(name: MessageName, body: object, by: string): Promise<Sending> {
    const [kind, leadsTo] = effects[name];
    const sending: Sending = { name, by, kind, leadsTo, outcome: 'givenUp' };
    this.log.sendings.push(sending);
    const path = `/v1/applications/${this.log.acceptanceNumber}/${name}`;
    const reply = await this.#try(path, json('POST', body, randomUUID()), 'reviewer', by);
    if (reply?.status === 200) sending.outcome = 'done';
    else if (reply?.status === 202) sending.outcome = 'accepted';
    else if (reply && reply.status !== 503) Object.assign(sending, { outcome: 'refused', code: inWords(reply) });
    return sending;
  }

  /** A reviewer's message that may come too late. @param key the same for requests that are one */
  try(name: MessageName, body: object, by: string, key: string = randomUUID()): Promise<Sending> {
    return this.#send(name, body, by, 'reviewer', key);
  }

  #must({ name, outcome, code }: Sending): void {
    if (outcome !== 'done') throw new Ended(`${name} was ${outcome}${code ? ` (${code})` : ''}`);
  }

  async #send(name: MessageName, body: object, by: string, role: string, key: string): Promise<Sending> {
    const [kind, leadsTo] = effects[name];
    // The api knows an applicant by the hash of their ID number.
    const known = role === 'applicant' ? testKeyring.hash(this.log.idNumber) : by;
    const sending: Sending = { name, by: known, kind, leadsTo, outcome: 'unanswered' };
    this.log.sendings.push(sending);
    const end = Date.now() + ANSWER_LIMIT_MS;
    while (sending.outcome !== 'done' && Date.now() < end) {
      const path = `/v1/applications/${this.log.acceptanceNumber}/${name}`;
      const reply = await this.#try(path, json('POST', body, key), role, by);
      if (reply?.status === 200) {
        sending.outcome = 'done';
        if (leadsTo && reply.body.status !== leadsTo) {
          this.log.unexpected.push(`${name} by ${by} was answered 200, with the status ${reply.body.status}`);
        }
      } else if (reply?.status === 202) sending.outcome = 'accepted';
      else if (reply && reply.status < 500) {
        const before = sending.outcome;
        Object.assign(sending, { outcome: 'refused', code: reply.body.code });
        if (before === 'accepted') this.log.unexpected.push(`${name}: 202, then ${inWords(reply)}`);
        return sending;
      } else if (reply) sending.code = inWords(reply);
      if (sending.outcome !== 'done') await wait(PAUSE_MS);
    }
    return sending;
  }

  async #upload(): Promise<string> {
    for (const end = Date.now() + ANSWER_LIMIT_MS; Date.now() < end; await wait(PAUSE_MS)) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(newScan())], { type: 'application/pdf' }), 'scan.pdf');
      const reply = await this.#try('/v1/files', { method: 'POST', body: form }, 'applicant');
      if (reply?.body.fileId) return reply.body.fileId;
    }
    throw new Ended('the upload was never answered');
  }

  /** Tries until there is an answer that isn't only about now. */
  async #insist(path: string, body: object, key: string): Promise<Reply> {
    for (const end = Date.now() + ANSWER_LIMIT_MS; Date.now() < end; await wait(PAUSE_MS)) {
      const reply = await this.#try(path, json('POST', body, key), 'applicant');
      if (reply && reply.status < 500) return reply;
    }
    throw new Ended(`${path} was never answered`);
  }

  /** @returns undefined where no whole answer came */
  async #try(path: string, init: RequestInit, role: string, by = this.#subject): Promise<Reply | undefined> {
    const headers = { ...init.headers, authorization: `Bearer ${await this.#stack.token(role, by)}` };
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      const response = await fetch(this.#stack.origin + path, { ...init, headers, signal });
      const reply = { status: response.status, body: (await response.json()) as Reply['body'] };
      const { status } = reply;
      if (status >= 500 && status !== 503) this.log.unexpected.push(`${init.method} ${path}: ${inWords(reply)}`);
      return reply;
    } catch {
      return undefined;
    }
  }
}

function json(method: string, body: object, key: string): RequestInit {
  return {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
  };
}

const inWords = ({ status, body }: Reply) => `${status}${body.code ? ` ${body.code}` : ''}`;

/** A course that can't go on. */
class Ended extends Error {}

export const reject = { reason: '检查报告不足以认定' };
const ask = { items: [{ kind: 'medicalRecord', problem: '复印件看不清' }] };

/** Everything that a case can go through. */
export const courses: Record<string, (people: People) => Promise<void>> = {
  async approved(people) {
    await people.see('underReview');
    await people.decide('approve');
  },
  async supplemented(people) {
    await people.see('underReview');
    await people.decide('request-materials', ask);
    await people.resubmit();
    await people.decide('approve');
  },
  async resubmitted(people) {
    await people.see('underReview');
    await people.decide('reject', reject);
    await people.resubmit();
    await people.decide('approve');
  },
  async appealed(people) {
    await people.see('underReview');
    await people.decide('assign', { to: 'reviewer-1' });
    await people.decide('reject', reject);
    await people.must('appeal', { reason: '另有住院病历' });
    await people.decide('approve', {}, 'reviewer-2');
  },
  async withdrawnAtOnce(people) {
    await people.must('withdraw');
  },
  async withdrawnLater(people) {
    await people.see('underReview');
    await people.must('withdraw');
  },
  async duplicates(people) {
    await people.see('underReview');
    const key = randomUUID();
    const all = await Promise.all([1, 2, 3].map(() => people.try('approve', {}, 'reviewer-1', key)));
    const refused = all.find(({ outcome }) => outcome !== 'done');
    if (refused) people.log.unexpected.push(`one of three equal requests was ${refused.outcome} (${refused.code})`);
    // They were one request.
    people.log.sendings.splice(-2);
  },
  async twoDeciders(people) {
    await people.see('underReview');
    const both = await Promise.all([
      people.try('approve', {}, 'reviewer-1'),
      people.try('reject', reject, 'reviewer-2'),
    ]);
    const decided = both.filter(({ outcome }) => outcome === 'done');
    if (decided.length > 1) people.log.unexpected.push('both of two decisions were answered 200');
  },
};

/** Plays a course of a new case to its end, whatever comes. */
export async function play(stack: Stack, course: string): Promise<CaseLog> {
  const people = new People(stack, course);
  await run(people, course);
  return people.log;
}

async function run(people: People, course: string): Promise<void> {
  try {
    await people.file();
    await courses[course]?.(people);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    people.log.ended = error.message;
  }
}
