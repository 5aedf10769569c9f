import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { accreditationId } from '../../domain/accreditations/id.ts';
import { completeBody, newScan } from '../../test/harness/http/documents.ts';
import { personOf } from '../../test/harness/people.ts';
import { checkCases } from './check.ts';
import type { Bench } from './surroundings.ts';
import type { System } from './system.ts';
import { watchTimeline } from './watch.ts';

interface Answer {
  status: number;
  retryAfter: string | string[] | undefined;
  text: string;
}

/** How many filings are prepared at the same time. */
const AT_ONCE = 20;
const reviewers = ['reviewer-1', 'reviewer-2'];

/** An application; each has a phone number of its own, by which its 短信 are found. */
export interface OurCase {
  body: ReturnType<typeof completeBody>;
  token: string;
  reviewer: string;
  /** The `Idempotency-Key` of its filing and of its decision. */
  keys: { file: string; approve: string };
  /** Empty until it is filed. */
  acceptanceNumber: string;
}

/** Our service, over HTTP: applicants file, and reviewers approve. */
export function ourSystem(bench: Bench) {
  const { origin, store, client } = bench;
  const watch = watchTimeline(store);
  let phones = 0;

  /** Not by `fetch`, which takes a millisecond of the processor that the service could use. */
  async function post(path: string, token: string, body: unknown, key: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await request(origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.statusCode, retryAfter: answer.headers['retry-after'], text: await answer.body.text() };
  }

  /** Sends as a good client does: after a 503 again, with the same key, when `Retry-After` says. */
  async function insist(send: () => Promise<Answer>, onAnswer: (status: number) => void): Promise<Answer> {
    for (;;) {
      const answer = await send();
      onAnswer(answer.status);
      if (answer.status !== 503) return answer;
      await wait(Number(answer.retryAfter) * 1000);
    }
  }

  async function upload(token: string): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(newScan())], { type: 'application/pdf' }), 'scan.pdf');
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${origin}/v1/files`, { method: 'POST', headers, body: form });
    return ((await answer.json()) as { fileId: string }).fileId;
  }

  async function newCase(): Promise<OurCase> {
    const number = phones++;
    const subject = `applicant-${number}`;
    const token = await bench.token(['applicant'], subject);
    // Ends in 9: no number of ours has one of the endings that make the stand-ins fail.
    const body = completeBody('', { ...personOf(subject), phone: `138${String(number).padStart(7, '0')}9` });
    for (const material of body.materials) material.fileIds = [await upload(token)];
    const name = reviewers[number % reviewers.length] as string;
    const reviewer = await bench.token(['reviewer'], name);
    return { body, token, reviewer, keys: { file: randomUUID(), approve: randomUUID() }, acceptanceNumber: '' };
  }

  /** Approves a case. @param onAnswer hears every status. @returns whether the decision was taken */
  async function approve(ourCase: OurCase, onAnswer: (status: number) => void): Promise<boolean> {
    const path = `/v1/applications/${ourCase.acceptanceNumber}/approve`;
    const answer = await insist(
      () => post(path, ourCase.reviewer, { note: '材料齐全' }, ourCase.keys.approve),
      onAnswer,
    );
    return answer.status < 300;
  }

  const system: System<OurCase> = {
    worker: 'worker',
    async prepare(count) {
      const cases: OurCase[] = [];
      while (cases.length < count) {
        const batch = Math.min(AT_ONCE, count - cases.length);
        cases.push(...(await Promise.all(Array.from({ length: batch }, newCase))));
      }
      return cases;
    },
    async begin(ourCase) {
      const answer = await insist(
        () => post('/v1/applications', ourCase.token, ourCase.body, ourCase.keys.file),
        ignored,
      );
      if (answer.status !== 201) throw new Error(`a filing was answered ${answer.status} ${answer.text}`);
      ourCase.acceptanceNumber = JSON.parse(answer.text).acceptanceNumber;
      await watch.until(ourCase.acceptanceNumber, 'accepted');
    },
    async decide(ourCase) {
      if (!(await approve(ourCase, ignored)))
        throw new Error(`the decision of ${ourCase.acceptanceNumber} was not taken`);
    },
    ended: (ourCase) => watch.until(ourCase.acceptanceNumber, 'registered'),
    async isIdle() {
      const running = "WorkflowType = 'application' AND ExecutionStatus = 'Running'";
      return (await client.workflow.count(running)).count === 0;
    },
    check: (cases) => checkCases(bench, cases),
    executions: ({ acceptanceNumber }) => [acceptanceNumber, accreditationId(acceptanceNumber)],
  };
  return { ...system, approve, looks: watch.looks };
}

const ignored = () => undefined;
