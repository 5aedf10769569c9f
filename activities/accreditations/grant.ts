import { grantedPeriod, type Registered } from '../../domain/accreditations/grant.ts';
import { accreditationId } from '../../domain/accreditations/id.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { actsAsAgent } from '../../domain/people/person.ts';
import type { InsuredType } from '../../domain/vocabulary.ts';
import { type Grant, grantAccreditation, updateAccreditation } from '../../store/accreditations/grant.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Person } from '../../store/people/personal.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { startAccreditation, tellAccreditation } from './tell.ts';

/** From when until when something is granted (Shanghai dates, both included; null where it has no end). */
type Period = Pick<Registered, 'validFrom' | 'validUntil'>;

/** The period that an approval brings: a change of institution leaves it as it is. */
export function periodOf(
  row: ApplicationRow,
  held: AccreditationRow | undefined,
  approval: Parameters<typeof grantedPeriod>[0],
): Period {
  if (!held) return grantedPeriod(approval);
  if (row.type === 'changeInstitution') return { validFrom: held.validFrom, validUntil: held.validUntil };
  const renews = { validUntil: held.validUntil, filedOn: row.state.ledger.acceptedOn };
  return grantedPeriod({ ...approval, renews });
}

/** Writes down what was registered: a new accreditation, or what has changed of the one that is held. */
export async function writeGrant(
  { store, now }: ActivityDependencies,
  row: ApplicationRow,
  held: AccreditationRow | undefined,
  granted: Period & Pick<Grant, 'institution' | 'furtherInstitutions'> & { registrationNumber: string },
): Promise<AccreditationRow> {
  const { acceptanceNumber, policyVersion } = row;
  const { applicant } = openPersonal(store, row);
  const begunOn = shanghaiDate(row.submittedAt);
  const insurance = { insuredType: insuredTypeOf(row), tier: row.insured?.tier ?? null };
  if (held) {
    const { registrationNumber, institution, furtherInstitutions } = granted;
    // A renewal is granted by the rules under which it was accepted; another institution changes nothing of the
    // benefit.
    const renewed = row.type === 'renewal' ? { policyVersion, begunOn, ...insurance } : {};
    const person = contactOf(openPerson(store, held), applicant, actsAsAgent(row, row.submittedBy));
    const institutions = { institution, furtherInstitutions };
    await updateAccreditation(store, held.id, { registrationNumber, ...institutions, person, ...renewed });
    return held;
  }
  return grantAccreditation(store, {
    ...granted,
    id: accreditationId(acceptanceNumber),
    createdAt: now(),
    source: 'application',
    sourceKey: acceptanceNumber,
    person: applicant,
    diseaseCode: row.diseaseCode,
    ...insurance,
    policyVersion,
    begunOn,
  });
}

/** How the applicant is insured: as the core says, or else the form. */
export function insuredTypeOf({ insured, form }: Pick<ApplicationRow, 'insured' | 'form'>): InsuredType {
  return insured?.insuredType ?? form.insuredType;
}

/**
 * Who an accreditation that is renewed or changed belongs to: who it was, by the phone it had, which only a code changes
 * (更换手机号). An earlier system may have had none; then it is the one that the person has given, not an agent.
 */
function contactOf(held: Person, filed: Person, byAgent: boolean): Person {
  return held.phone === '' && !byAgent ? { ...held, phone: filed.phone } : held;
}

/** An accreditation with an end gets its workflow; one that was there already hears what has changed. */
export async function tellWhatItBrought(
  { acceptanceNumber, type }: ApplicationRow,
  written: AccreditationRow,
  period: Period,
): Promise<void> {
  if (type === 'renewal')
    return tellAccreditation(written, { name: 'renewed', payload: { acceptanceNumber, ...period } });
  if (type === 'changeInstitution') {
    return tellAccreditation(written, { name: 'institutionChanged', payload: { acceptanceNumber } });
  }
  if (period.validUntil !== null) await startAccreditation(written);
}
