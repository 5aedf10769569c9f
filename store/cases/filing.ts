import { getTableColumns } from 'drizzle-orm';
import type { Material } from '../../domain/cases/materials.ts';
import { nothingAhead } from '../../domain/cases/schedule.ts';
import { type ReviewRules, submittedApplication } from '../../domain/cases/state.ts';
import { handingIn } from '../../domain/files/papers.ts';
import type { ApplicationType, Channel } from '../../domain/vocabulary.ts';
import { FileTaken, someAreElsewhere } from '../files/hand-in.ts';
import { type RememberedAnswer, rememberDone } from '../idempotency/requests.ts';
import type { Store } from '../open.ts';
import { insertion } from '../prepared.ts';
import { holdOffErasure } from '../retention/person-lock.ts';
import { takeClaims } from './claims.ts';
import { addMaterials } from './materials.ts';
import { type PersonalData, personalColumns } from './personal.ts';
import { stateColumns } from './row.ts';
import { searchColumns } from './search.ts';
import { type ApplicationForm, type ApplicationRow, application } from './tables.ts';
import { writeEntry } from './timeline.ts';

/** An application as it is filed. */
export interface Filing {
  acceptanceNumber: string;
  submittedBy: string;
  /** Instant. */
  submittedAt: string;
  /** Shanghai date of `submittedAt`, and the days the office has. */
  acceptedOn: string;
  workingDays: number;
  /** What the disease asks of the review. */
  review?: ReviewRules;
  type: ApplicationType;
  channel: Channel;
  diseaseCode: string;
  policyVersion: string;
  personal: PersonalData;
  form: ApplicationForm;
  materials: Material[];
}

/** The request by which something is filed: its key, and what it is answered with, made of the row as it is filed. */
export interface FilingRequest {
  key: string;
  bodyHash: string;
  answer(row: ApplicationRow): RememberedAnswer;
}

/**
 * Stores a filing with its materials, and the request with its answer, in one transaction.
 * @returns the row; null when another request with the same key got there first: nothing is written then
 * @throws FileTaken, ClaimTaken, BeingErased
 */
export function fileApplication(store: Store, filing: Filing, request?: FilingRequest): Promise<ApplicationRow | null> {
  const { acceptanceNumber, submittedBy, submittedAt, channel, materials } = filing;
  const row = filedRow(store, filing);
  const handing = handingIn({ by: submittedBy, person: row.idNumberHash, channel });
  return store.db.transaction(async (tx) => {
    await holdOffErasure(tx, row.idNumberHash);
    if (request) {
      const { key, bodyHash } = request;
      const remembered = { subject: submittedBy, key, bodyHash, acceptanceNumber, createdAt: submittedAt };
      if (!(await rememberDone(store, tx, { ...remembered, answer: request.answer(row) }))) return null;
    }
    await insertFiled(tx, [row]);
    await takeClaims(tx, { ...row, acceptedOn: filing.acceptedOn });
    const entry = { at: submittedAt, kind: 'submitted', by: submittedBy, via: 'api', detail: {} } as const;
    await writeEntry(tx, acceptanceNumber, { sequence: 0, state: row, entry });
    const taken = await addMaterials(tx, acceptanceNumber, handing, 0, materials);
    const fileIds = [...new Set(materials.flatMap((material) => material.fileIds))];
    if (taken < fileIds.length && (await someAreElsewhere(tx, fileIds, handing))) throw new FileTaken();
    return row;
  });
}

function filedRow(store: Store, filing: Filing): ApplicationRow {
  const { personal, materials: _, acceptedOn, workingDays, review, ...fields } = filing;
  const { acceptanceNumber, submittedAt } = fields;
  const state = submittedApplication(
    { acceptedOn, workingDays, pauses: [] },
    { submittedAt, filedBy: fields.submittedBy },
    review,
  );
  return {
    ...fields,
    ...personalColumns(store, acceptanceNumber, personal),
    ...searchColumns(store, personal.applicant),
    idNumberHash: store.keyring.hash(personal.applicant.idNumber),
    ...{ accreditationId: null, insured: null, corePhone: null, sequence: 0 },
    ...stateColumns(state, nothingAhead),
    ...{ announcedDueOn: null, announcedWindowEndsOn: null, calendarVersion: null, calendarUnheard: false },
    attended: [],
    ...{ reservedUntil: null, reservedFor: null, erasedAt: null },
  };
}

const insertFiled = insertion(
  'applications',
  application,
  Object.keys(getTableColumns(application)) as (keyof ApplicationRow)[],
);
