import { eraseContents, releaseFiles } from '../../store/files/erase.ts';
import { forgetCountsOf } from '../../store/limits/counting.ts';
import { eraseAccreditation } from '../../store/retention/erase-accreditation.ts';
import { eraseAgent } from '../../store/retention/erase-agent.ts';
import { eraseCase } from '../../store/retention/erase-case.ts';
import { type BegunErasure, countErased, finishErasure } from '../../store/retention/erasures.ts';
import { UnderHold } from '../../store/retention/holds.ts';
import {
  accreditationsOfPerson,
  casesOfAgent,
  casesOfPerson,
  dropFiles,
  takeLooseFiles,
} from '../../store/retention/person.ts';
import type { ErasureRow } from '../../store/retention/tables.ts';
import { takeOutAccreditation, takeOutCase } from '../../store/retention/take-out.ts';
import type { Keeping } from '../housekeeping/keeping.ts';
import { deleteExecutions } from './delete-executions.ts';

type Erasing = Pick<Keeping, 'client' | 'store' | 'now'>;

/**
 * Erases a closed case: it is taken out of everybody's sight, then its executions in Temporal, the contents of its
 * files (but for those that another case keeps) and last its rows go. Cut off anywhere it is begun again, since until
 * the end it is found by its row.
 * @param by the erasure that it belongs to, if it isn't retention's
 * @returns false where there was nothing to erase
 * @throws UnderHold
 */
export async function eraseClosedCase(erasing: Erasing, acceptanceNumber: string, by?: string): Promise<boolean> {
  const { client, store, now } = erasing;
  const notifications = await takeOutCase(store, acceptanceNumber, now());
  if (!notifications) return false;
  await deleteExecutions(client, acceptanceNumber, notifications);
  await eraseContents(store, await releaseFiles(store, acceptanceNumber));
  return eraseCase(store, acceptanceNumber, by);
}

/** As `eraseClosedCase`, an accreditation that is over. */
export async function eraseEndedAccreditation(erasing: Erasing, id: string, by?: string): Promise<boolean> {
  const { client, store, now } = erasing;
  const notifications = await takeOutAccreditation(store, id, now());
  if (!notifications) return false;
  await deleteExecutions(client, id, notifications);
  return eraseAccreditation(store, id, by);
}

/**
 * Goes on with the erasure of a person to its end. What has come since it began (an accreditation that the core
 * reported) and isn't over stays. A legal hold that was set meanwhile stops it for good; what is erased is gone.
 * @returns its record, and whether a hold stopped it
 */
export async function goOnErasing(
  erasing: Erasing,
  { id, idNumberHash }: BegunErasure,
): Promise<{ erasure: ErasureRow; held: boolean }> {
  const { store, now } = erasing;
  const held = await eraseAll(erasing, id, idNumberHash).then(
    () => false,
    (error) => {
      if (error instanceof UnderHold) return true;
      throw error;
    },
  );
  return { erasure: await finishErasure(store, { id, idNumberHash }, now()), held };
}

async function eraseAll(erasing: Erasing, id: string, idNumberHash: string): Promise<void> {
  const { store } = erasing;
  const asAgent = await casesOfAgent(store, idNumberHash);
  const loose = await takeLooseFiles(store, idNumberHash, id);
  await eraseContents(store, loose);
  await dropFiles(store, loose);
  await countErased(store.db, id, { files: loose.length });
  for (const { id: acceptanceNumber } of asAgent) await eraseAgent(store, acceptanceNumber, idNumberHash);
  const works = [
    ...(await accreditationsOfPerson(store, idNumberHash)).map((one) => ({ ...one, work: eraseEndedAccreditation })),
    ...(await casesOfPerson(store, idNumberHash)).map((one) => ({ ...one, work: eraseClosedCase })),
  ];
  // Temporal takes some seconds to delete one, however many they are.
  const over = works.filter(({ closed }) => closed);
  const outcomes = await Promise.allSettled(over.map(({ id: one, work }) => work(erasing, one, id)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  await forgetCountsOf(store.db, idNumberHash);
}
