import { shanghaiDate } from '../../domain/dates.ts';
import { accreditationStatusNames } from '../../domain/names.ts';
import { accreditationStatuses, diseaseClasses, insuredTypes } from '../../domain/vocabulary.ts';
import { benefitFor } from '../../policy/accreditations/benefit.ts';
import { diseaseOf } from '../../policy/catalogue.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import type { AccreditationRow } from '../../store/accreditations/tables.ts';
import { benefitAnswer } from '../cases/decision.ts';
import type { ApiContext } from '../context.ts';
import { date } from '../http/answers.ts';
import { z } from '../http/zod.ts';

/** What was granted, until when, and what it pays. */
export const accreditationSummaryAnswer = z
  .object({
    accreditationId: z.string(),
    diseaseCode: z.string(),
    diseaseName: z.string(),
    insuredType: z.enum(insuredTypes),
    diseaseClass: z.enum(diseaseClasses).nullable().openapi({ description: '病种类别,Ⅰ类或Ⅱ类' }),
    institution: z.string().nullable(),
    furtherInstitutions: z.array(z.string()).openapi({ description: 'Where the disease allows several' }),
    status: z.enum(accreditationStatuses),
    statusName: z.string(),
    validFrom: date,
    validUntil: date.nullable().openapi({ description: 'Null where it does not end' }),
    registrationNumber: z.string().nullable().openapi({ description: "The insurance core's" }),
    source: z.enum(['application', 'core', 'import']),
    renewal: z.string().nullable().openapi({ description: 'Acceptance number of the renewal being decided' }),
    benefit: benefitAnswer,
  })
  .openapi('AccreditationSummary');

/** What everybody who may see an accreditation is shown of it. */
export function accreditationSummary(
  { store, policies, now }: ApiContext,
  row: AccreditationRow,
): z.infer<typeof accreditationSummaryAnswer> {
  const policy = policies.of(row.policyVersion);
  const disease = diseaseOf(policy, row.diseaseCode);
  const { idNumber } = openPerson(store, row);
  return {
    accreditationId: row.id,
    diseaseCode: row.diseaseCode,
    diseaseName: disease?.name ?? row.diseaseCode,
    insuredType: row.insuredType,
    diseaseClass: disease?.class ?? null,
    institution: row.institution,
    furtherInstitutions: row.furtherInstitutions ?? [],
    status: row.status,
    statusName: accreditationStatusNames[row.status],
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    registrationNumber: row.registrationNumber,
    source: row.source,
    renewal: row.state.renewal?.acceptanceNumber ?? null,
    benefit: benefitFor(policy, { ...row, idNumber }, shanghaiDate(now())),
  };
}
