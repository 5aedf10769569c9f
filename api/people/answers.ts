import { maskedPhone } from '../../domain/people/person.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import { namesOf } from '../../store/staff/queries.ts';
import { accreditationSummary, accreditationSummaryAnswer } from '../accreditations/summary.ts';
import { worklistItem, worklistItemAnswer } from '../cases/answers.ts';
import type { ApiContext } from '../context.ts';
import { instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';
import type { Holdings } from './holdings.ts';

/** What one person applied for, and what they were granted. */
export const personAnswer = z.object({
  applications: z.array(worklistItemAnswer),
  accreditations: z.array(accreditationSummaryAnswer.extend({ applicantName: z.string() })),
});

/** Answers about a new phone never show it in full: only so much that its owner recognises it. */
export const phoneCodeAnswer = z.object({
  phone: z.string().openapi({ example: '139****9009' }),
  expiresAt: instant.openapi({ description: 'Until then the code can be given' }),
});
export const phoneAnswer = phoneCodeAnswer.pick({ phone: true }).extend({
  alsoChanged: z
    .array(z.string())
    .openapi({ description: "Acceptance numbers of the person's other cases whose phone changed with it" }),
});

export async function personView(
  context: ApiContext,
  { applications, accreditations }: Holdings,
): Promise<z.infer<typeof personAnswer>> {
  const nameOf = await namesOf(
    context.store,
    applications.map(({ assignee }) => assignee),
  );
  return {
    applications: applications.map((row) => worklistItem(context, row, nameOf)),
    accreditations: accreditations.map((row) => {
      return { ...accreditationSummary(context, row), applicantName: openPerson(context.store, row).name };
    }),
  };
}

/** @param phone in full */
export function phoneCodeView(phone: string, expiresAt: string): z.infer<typeof phoneCodeAnswer> {
  return { phone: maskedPhone(phone), expiresAt };
}

/** @param phone in full */
export function phoneView(phone: string, alsoChanged: string[]): z.infer<typeof phoneAnswer> {
  return { phone: maskedPhone(phone), alsoChanged };
}
