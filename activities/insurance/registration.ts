import type { Registered } from '../../domain/accreditations/grant.ts';
import type { Change } from '../../domain/cases/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { coreEventNames } from '../../domain/names.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { accreditationsOf, grantedFor } from '../../store/accreditations/queries.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { takeYear } from '../../store/cases/claims.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import { eventAgainst } from '../../store/insurance/events.ts';
import type { Store } from '../../store/open.ts';
import { insuredTypeOf, periodOf, tellWhatItBrought, writeGrant } from '../accreditations/grant.ts';
import { accreditationToChange, numberInCore } from '../accreditations/held.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { RegistrationRefused } from './adapters/core.ts';

/**
 * Has an approval registered, which needn't be recorded yet, and writes down what it brings; once however often it is
 * tried.
 * @returns what it brings, or why the core refuses
 * @throws CoreUnavailable
 */
export async function registerApproval(
  dependencies: ActivityDependencies,
  row: ApplicationRow,
  { sequence, entry: approved }: { sequence: number; entry: Pick<Change['entry'], 'at' | 'detail'> },
): Promise<Registered | { reason: string }> {
  const { store, policies, insurance } = dependencies;
  const { acceptanceNumber, type } = row;
  const held = type === 'new' ? undefined : await accreditationToChange(dependencies, row);
  if (held?.status === 'revoked') return { reason: '原认定已撤销' };
  // An earlier try has got so far that the accreditation has heard of it: its period isn't counted from its own end.
  if (held && [held.state.renewedBy, held.state.changedBy].includes(acceptanceNumber)) {
    return { accreditationId: held.id, validFrom: held.validFrom, validUntil: held.validUntil };
  }
  const objection = (await toldSince(dependencies, row)) ?? (await objectionTo(store, row, held));
  if (objection) return { reason: objection };
  const decidedOn = shanghaiDate(approved.at);
  const { idNumber, name } = openPersonal(store, row).applicant;
  const disease = diseaseOf(policies.of(row.policyVersion), row.diseaseCode);
  const period = periodOf(row, held, {
    decidedOn,
    validFrom: approved.detail.validFrom,
    validUntil: approved.detail.validUntil ?? undefined,
    validMonths: disease?.validMonths ?? null,
  });
  if (period.validUntil !== null && period.validUntil < period.validFrom) {
    return { reason: '有效期的截止日期早于起始日期,请重新填写' };
  }
  const institutions = institutionsOf(row, held);
  const replaces = held && (await numberInCore(dependencies, held, idNumber));
  try {
    const registrationNumber = await insurance.register({
      requestId: `${acceptanceNumber}-${sequence}`,
      person: { name, idNumber },
      diseaseCode: row.diseaseCode,
      diseaseName: disease?.name ?? row.diseaseCode,
      insuredType: insuredTypeOf(row),
      hospital: { code: row.form.hospital.code, name: row.form.hospital.name },
      ...(row.form.diagnosis ? { diagnosis: row.form.diagnosis } : {}),
      ...institutions,
      ...period,
      ...(replaces ? { replaces } : {}),
    });
    const written = await writeGrant(dependencies, row, held, { registrationNumber, ...institutions, ...period });
    await tellWhatItBrought(row, written, period);
    return { accreditationId: written.id, ...period };
  } catch (error) {
    if (error instanceof RegistrationRefused) return { reason: error.message };
    throw error;
  }
}

/**
 * The designated institutions that an application names, or else those that are held already. A change names all that
 * there shall be. A renewal that says nothing of the further ones leaves them as they are; `[]` gives them up.
 */
function institutionsOf({ type, form }: ApplicationRow, held: AccreditationRow | undefined) {
  const institution = form.designatedInstitution ?? held?.institution ?? null;
  const kept = type === 'renewal' || form.designatedInstitution === undefined ? held?.furtherInstitutions : null;
  // One that was a further one may have become the first.
  const further = (form.furtherInstitutions ?? kept ?? []).filter((name) => name !== institution);
  return { institution, furtherInstitutions: further.length > 0 ? further : null };
}

/** What the core has told since the filing that speaks against granting it. */
async function toldSince({ store, now }: ActivityDependencies, row: ApplicationRow): Promise<string | undefined> {
  const event = await eventAgainst(store, row.idNumberHash, {
    filedOn: shanghaiDate(row.submittedAt),
    today: shanghaiDate(now()),
  });
  // What was granted before the core told of it is revoked, and nothing is refused any more.
  if (!event || (await grantedFor(store, row.acceptanceNumber))) return undefined;
  return coreEventNames[event];
}

/**
 * What speaks against an approval by now. A person's own filings rule it out among themselves; an agent's may have gone
 * beside them.
 */
async function objectionTo(
  store: Store,
  row: ApplicationRow,
  held: AccreditationRow | undefined,
): Promise<string | undefined> {
  if (row.type === 'new') {
    const { idNumber } = openPersonal(store, row).applicant;
    const granted = await accreditationsOf(store, idNumber, row.diseaseCode);
    const others = granted.filter(({ status, sourceKey }) => status === 'active' && sourceKey !== row.acceptanceNumber);
    return others.length > 0 ? '该病种已有有效的认定' : undefined;
  }
  if (!held) return '没有查到原认定';
  const taken = row.type === 'changeInstitution' && !(await takeYear(store, row));
  return taken ? '今年已变更过定点医疗机构' : undefined;
}
