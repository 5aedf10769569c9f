import { benefitOf } from '../../domain/accreditations/benefit.ts';
import { accreditationEntryNames } from '../../domain/accreditations/timeline.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { accreditationStatusNames } from '../../domain/names.ts';
import { ageOn, birthDateOf } from '../../domain/people/person.ts';
import { remediesOf } from '../../policy/cases/remedies.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { policyInForce } from '../../policy/versions.ts';
import { accreditationTimeline } from '../../store/accreditations/queries.ts';
import { type AccreditationRow, openPerson } from '../../store/encryption/personal.ts';
import { messagesOfAccreditation } from '../../store/notifications/queries.ts';
import type { ApiContext } from '../context.ts';
import { isStaff, type User } from '../http/auth.ts';
import { messageViews } from '../notifications/views.ts';
import { personFor } from '../people/phones.ts';

/** An accreditation as everybody who may see it sees it. */
export function accreditationSummary({ store, policies, now }: ApiContext, row: AccreditationRow) {
  const policy = policies.of(row.policyVersion);
  const disease = diseaseOf(policy, row.diseaseCode);
  const birthDate = birthDateOf(openPerson(store, row).idNumber);
  const rules = policy.benefit[row.insuredType];
  return {
    accreditationId: row.id,
    diseaseCode: row.diseaseCode,
    diseaseName: disease?.name ?? row.diseaseCode,
    insuredType: row.insuredType,
    institution: row.institution,
    status: row.status,
    statusName: accreditationStatusNames[row.status],
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    registrationNumber: row.registrationNumber,
    source: row.source,
    renewal: row.state.renewal?.acceptanceNumber ?? null,
    benefit: {
      ...benefitOf(rules, {
        age: birthDate === null ? null : ageOn(birthDate, shanghaiDate(now())),
        tier: row.tier ?? undefined,
        exempt: disease?.noDeductible ?? false,
      }),
      note: policy.benefit.note,
    },
  };
}

/** Also what happened to it; for staff, to whom it belongs, who did what, and what became of the messages about it. */
export async function accreditationView(context: ApiContext, row: AccreditationRow, user: User) {
  const { store } = context;
  const entries = await accreditationTimeline(store, row.id);
  const staff = isStaff(user);
  const timeline = entries
    .filter(({ kind }) => staff || kind !== 'messageIgnored')
    .map(({ sequence, at, kind, status, detail, by, via }) => {
      const entry = { sequence, at, kind, kindName: accreditationEntryNames[kind], status, detail };
      return staff ? { ...entry, by, via } : entry;
    });
  const forStaff = staff
    ? {
        applicant: personFor(user, openPerson(store, row)),
        messages: await messageViews(store, await messagesOfAccreditation(store, row.id)),
      }
    : {};
  const remedies = remediesOf(policyInForce(context), row.status);
  return { ...accreditationSummary(context, row), ...forStaff, remedies, timeline };
}
