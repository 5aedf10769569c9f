import type { ApplicationRow } from '../../store/cases/tables.ts';
import { noticesAbout } from '../../store/notices/queries.ts';
import type { Store } from '../../store/open.ts';
import { date } from '../http/answers.ts';
import { z } from '../http/zod.ts';

export const benefitAnswer = z.object({
  deductible: z.number().openapi({ description: 'Yuan a year' }),
  ratio: z.array(z.number()).openapi({ description: 'Percent, from and to' }),
  limit: z.number().nullable().openapi({ description: 'Yuan a year at most; null where there is none' }),
  note: z.string(),
});

/** The notice of an approval (认定决定书), with what it grants. */
export const decisionAnswer = z.object({
  noticeId: z.string().openapi({ description: 'Its page: `…/notices/{noticeId}`' }),
  title: z.string(),
  documentNumber: z.string().openapi({ description: '文号' }),
  issuedOn: date,
  accreditationId: z.string(),
  diseaseName: z.string(),
  validFrom: date,
  validUntil: date.nullable().openapi({ description: 'Null where it does not end' }),
  institution: z.string().nullable().openapi({ description: '定点医疗机构' }),
  furtherInstitutions: z.array(z.string()).openapi({ description: 'Where the disease allows several' }),
  benefit: benefitAnswer,
});

/** The notice of a case's approval as it was issued; null where there is none. */
export async function decisionView(
  store: Store,
  { acceptanceNumber, status }: ApplicationRow,
): Promise<z.infer<typeof decisionAnswer> | null> {
  if (status !== 'approved') return null;
  const issued = await noticesAbout(store, { acceptanceNumber });
  const notice = issued.findLast(({ kind }) => kind === 'approval');
  if (!notice?.decision) return null;
  const { id: noticeId, title, documentNumber, issuedOn, decision } = notice;
  return { noticeId, title, documentNumber, issuedOn, ...decision };
}
