import { auditActions, auditKinds, auditParts, auditReasons } from '../../domain/audit.ts';
import type { DocumentSeen } from '../../domain/cases/attendance.ts';
import { auditKindNames, auditReasonNames, documentNames, roleNames } from '../../domain/names.ts';
import { openCircumstances } from '../../store/audit/queries.ts';
import type { AuditEntryRow } from '../../store/audit/tables.ts';
import type { Store } from '../../store/open.ts';
import { instant } from '../http/answers.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';
import { documentSeenSchema as documentSeenAnswer } from '../people/requests.ts';

const words = z.string().openapi({ example: '审核人查看了申请:办理详情(承办此件)' });

/** An entry of the audit, for the supervisor. */
export const auditAnswer = pageAnswer(
  z
    .object({
      at: instant,
      by: z.string(),
      role: z.string(),
      action: z.enum(auditActions),
      kind: z.enum(auditKinds),
      part: z.string(),
      objects: z.array(z.string()),
      why: z.enum(auditReasons),
      address: z.string().nullable(),
      reason: z.string().nullable().openapi({ description: 'That was given for a look-up' }),
      documentSeen: documentSeenAnswer.optional(),
      words,
    })
    .openapi('AuditEntry'),
);

/** Who read or changed a case, for its applicant: which office they hold, not who they are. */
export const trailAnswer = pageAnswer(z.object({ at: instant, words }).openapi('TrailEntry'));

export function auditItem(store: Store, entry: AuditEntryRow): z.infer<typeof auditAnswer>['items'][number] {
  const { at, by, role, action, kind, part, objects, why } = entry;
  const { address = null, reason = null, documentSeen } = openCircumstances(store, entry) ?? {};
  const words = inWords(entry, roleNames[role], documentSeen);
  return { at, by, role, action, kind, part, objects, why, address, reason, documentSeen, words };
}

/** @param subject who asks */
export function trailItem(
  store: Store,
  entry: AuditEntryRow,
  subject: string,
): z.infer<typeof trailAnswer>['items'][number] {
  const who = entry.by === subject ? '您本人' : roleNames[entry.role];
  return { at: entry.at, words: inWords(entry, who, openCircumstances(store, entry)?.documentSeen) };
}

/** Of a change it says that it was asked for; what came of it the case's timeline says. */
function inWords({ action, kind, part, why }: AuditEntryRow, who: string, seen?: DocumentSeen): string {
  const what = action === 'read' ? `查看了${auditKindNames[kind]}` : '办理';
  const atWindow = seen ? `,到场核验${seen.of === 'agent' ? '代办人' : '本人'}${documentNames[seen.document]}` : '';
  return `${who}${what}:${auditParts[part]}(${auditReasonNames[why]}${atWindow})`;
}
