import { findApplication, readCase } from '../../../store/cases/queries.ts';
import { type MessageName, messages, type Progress } from '../../../workflows/messages.ts';
import type { Office } from './open.ts';

/** A filed case, as the tests drive it. */
export type Filed = Awaited<ReturnType<Office['file']>>;

export const reviewer = { by: 'reviewer-1' };
export const applicant = { by: 'applicant-1' };

export const askFor = (...kinds: ('medicalRecord' | 'photo')[]) => ({
  ...reviewer,
  items: kinds.map((kind) => ({ kind, problem: '看不清' })),
});

export const handIn = {
  ...applicant,
  materials: [{ kind: 'medicalRecord' as const, fileIds: ['f1'], issuedOn: '2026-11-01' }],
};

/** Sends a message as an Update and answers the new progress; an approval is registered by then. */
export async function update(
  filed: Filed,
  name: MessageName,
  payload: object,
  updateId?: string,
): ReturnType<Filed['progress']> {
  const options = { args: [payload] as never, updateId };
  const progress = (await filed.handle.executeUpdate(messages[name].update as never, options)) as Progress;
  if (progress.status === 'approved') await filed.settle();
  return progress;
}

export function signal(filed: Filed, name: MessageName, payload: unknown): Promise<void> {
  return filed.handle.signal(messages[name].signal as never, payload as never);
}

export const entriesOf = async (office: Office, filed: Filed) =>
  (await readCase(office.store, filed.acceptanceNumber)).entries;

export const kindsOf = async (office: Office, filed: Filed) => (await entriesOf(office, filed)).map(({ kind }) => kind);

export const rowOf = (office: Office, filed: Filed) => findApplication(office.store, filed.acceptanceNumber);

/** Texts about a case that went to an address, oldest first. */
export async function textsTo(office: Office, filed: Filed, to: string): Promise<string[]> {
  const tail = filed.acceptanceNumber.slice(-6);
  const about = (await office.sent()).filter((sms) => sms.body.includes(tail) && sms.to.includes(to));
  return about.map(({ body }) => body).reverse();
}
