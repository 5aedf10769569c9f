import { z } from 'zod';
import { noticeKinds } from '../../domain/notices.ts';
import { template } from '../values.ts';

/** What a notice's words may say beside its lists; it goes to the person only. */
const caseNoticeParameters = [
  'acceptanceNumber',
  'disease',
  'type',
  'submittedOn',
  'acceptedOn',
  'workingDays',
  'dueOn',
  'windowEndsOn',
  'left',
  'reason',
  'hotline',
  'place',
  'hours',
] as const;
/** What a 认定决定书 may say of what was granted. */
const grantParameters = [
  ...(['accreditationId', 'validFrom', 'validUntil', 'institution'] as const),
  ...(['insuredType', 'deductible', 'ratio', 'benefitNote'] as const),
];
const revocationText = template(['accreditationId', 'disease', 'reason', 'revokedOn', 'hotline', 'place', 'hours']);
const caseNotice = noticeOfCase([]);
/** The papers that people get (告知书): numbers, titles, words. */
export const notices = z
  .strictObject({
    office: z.string().min(1),
    acceptance: caseNotice,
    refusal: caseNotice,
    supplement: caseNotice,
    rejection: caseNotice,
    approval: noticeOfCase(grantParameters),
    revocation: notice({ text: revocationText, items: z.enum(['remedies']).optional() }),
  })
  .superRefine((byKind, context) => {
    // Numbers run per kind, so two kinds with one prefix would give a number twice.
    for (const [index, kind] of noticeKinds.entries()) {
      if (noticeKinds.findIndex((other) => byKind[other].prefix === byKind[kind].prefix) === index) continue;
      const message = `${byKind[kind].prefix} stands twice`;
      context.addIssue({ code: 'custom', path: [kind, 'prefix'], message });
    }
  });

function noticeOfCase(more: readonly string[]) {
  return notice({
    text: template([...caseNoticeParameters, ...more]),
    items: z.enum(['materials', 'problems', 'refusals', 'remedies']).optional(),
    when: z.enum(['provisional', 'clockStopped', 'clockRuns']).optional(),
  });
}

function notice<Section extends z.ZodRawShape>(section: Section) {
  return z.strictObject({
    /** Of the document number (文号). */
    prefix: z.string().min(1),
    title: z.string().min(1),
    sections: z.array(z.strictObject(section)).min(1),
  });
}
