import { expect, it } from '@jest/globals';
import { receipts } from './harness/canary/beside.ts';
import { refused, throughEveryMessage, withFailures } from './harness/canary/course.ts';
import { peopleOf } from './harness/canary/people.ts';
import { dumped, type Found, filesOf, search } from './harness/canary/places.ts';
import { freeText, personal } from './harness/canary/secrets.ts';
import { findBinaries } from './harness/database/postgres.ts';
import { describeOnStack } from './harness/faults/on-stack.ts';

const LIMIT_MS = 300_000;

/** What has to stand there: the core registers a person, and a 短信 needs a number. */
const rightful: Found[] = [
  { place: 'insurance.jsonl', what: 'institution' },
  { place: 'insurance.jsonl', what: 'hospital' },
  { place: 'insurance.jsonl', what: 'doctor' },
  { place: 'insurance.jsonl', what: 'ID number' },
  { place: 'outbox.jsonl', what: 'phone' },
  { place: 'outbox.jsonl', what: 'new phone' },
];

await describeOnStack(
  'what is known of a person, through every message, failure and notification',
  (stack) => {
    it(
      'lies in the clear nowhere, and goes only where it has to',
      async () => {
        const people = peopleOf(stack());
        await throughEveryMessage(stack(), people);
        await receipts(stack(), people);
        await refused(people);
        await withFailures(stack(), people);

        const bin = (await findBinaries()) as string;
        const places = [
          await dumped(stack(), bin),
          ...filesOf(stack()),
          ...people.refusals.map(({ text }, index) => ({ name: `refusal ${index + 1}`, content: Buffer.from(text) })),
        ];
        // That the search finds what is there: the acceptance numbers are in every one of these.
        const numbers = (await people.applicant.get('/v1/applications')).body.items;
        const number = { number: numbers[0]?.acceptanceNumber as string };
        const known = search(places, number).map(({ place }) => place);
        expect(known).toEqual(expect.arrayContaining(['the database', 'temporal.db', 'insurance.jsonl']));
        expect(people.refusals.length).toBeGreaterThan(8);

        const found = search(places, { ...personal, ...freeText });
        expect(found.sort(byPlace)).toEqual(rightful.sort(byPlace));
      },
      LIMIT_MS,
    );
  },
  { env: { LOG_LEVEL: 'debug' }, smsProviders: ['twilio', 'aliyun'] },
);

const byPlace = (a: Found, b: Found) => (a.place + a.what < b.place + b.what ? -1 : 1);
