import { awaitsEligibility, awaitsRegistration } from '../../domain/cases/awaiting.ts';
import { broughtByAssessment, broughtByRegistration, following } from '../../domain/cases/happenings.ts';
import type { ApplicationState } from '../../domain/cases/state.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { type Learnt, rememberLearnt } from '../../store/cases/insured.ts';
import { readTimeline } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Store } from '../../store/open.ts';
import { inTime } from '../budget.ts';
import { filedApplication } from '../cases/filed.ts';
import { askedAt } from '../clock.ts';
import type { CaseCarriedOut } from '../contract.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { assessPerson } from './eligibility.ts';
import { registerApproval } from './registration.ts';

/** What the core's answer comes to; nothing of it where the core is slow. */
interface Answered {
  /** The change that follows, which is yet to be recorded, and what is known of the person now. */
  followed?: Change | undefined;
  learnt?: Learnt;
  refusal?: CaseCarriedOut['refusal'];
}

/**
 * Asks the insurance core for what a case waits for, within a budget, before the changes that led to it are recorded.
 * Only what the core agrees to is recorded together with them: until the workflow knows of it, the row is ahead, and
 * that must be right whatever the workflow decides meanwhile.
 * @param after what is to be recorded: the changes, the state after them, and the sequence of the last one, also where
 * there are no changes
 */
export async function askCore(
  dependencies: ActivityDependencies,
  acceptanceNumber: string,
  after: { changes: Change[]; state: ApplicationState; sequence: number },
): Promise<Answered> {
  const { store } = dependencies;
  const row = await filedApplication(store, acceptanceNumber);
  const followed = await recordedBefore(store, row, after.sequence + 1);
  if (followed) return { followed };
  if (awaitsEligibility(after.state)) return askForEligibility(dependencies, row, after);
  const approved = after.changes.findLast(({ entry }) => entry.kind === 'approved');
  if (!approved || !awaitsRegistration(after.state)) return {};
  const answer = await inTime(registerApproval(dependencies, row, approved));
  if (!answer) return {};
  if ('reason' in answer) return { refusal: answer };
  return { followed: following(after, broughtByRegistration(answer), askedAt()) };
}

async function askForEligibility(
  dependencies: ActivityDependencies,
  row: ApplicationRow,
  after: Pick<Change, 'sequence' | 'state'>,
): Promise<Answered> {
  const assessment = await inTime(assessPerson(dependencies, row));
  if (!assessment) return {};
  const { reasons, learnt } = assessment;
  if (reasons.length === 0) return { followed: following(after, broughtByAssessment(reasons), askedAt()), learnt };
  await rememberLearnt(dependencies.store, row.acceptanceNumber, learnt);
  return { refusal: { reasons } };
}

/** What an earlier try of the same activity has recorded, before its worker died. */
async function recordedBefore(store: Store, row: ApplicationRow, sequence: number): Promise<Change | undefined> {
  if (row.sequence !== sequence) return undefined;
  const { acceptanceNumber, state } = row;
  const entry = (await readTimeline(store, acceptanceNumber)).find((entry) => entry.sequence === sequence);
  if (!entry || Date.parse(entry.at) !== Date.parse(askedAt())) return undefined;
  const { at, kind, by, via, detail } = entry;
  return { sequence, entry: { at, kind, by, via, detail }, state };
}
