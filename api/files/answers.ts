import { validUntil } from '../../domain/files/papers.ts';
import { longestRecordMonths, materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Paper } from '../../store/files/papers.ts';
import type { FileRow } from '../../store/files/tables.ts';
import { date, instant } from '../http/answers.ts';
import { pageAnswer } from '../http/paging.ts';
import { z } from '../http/zod.ts';

export const fileAnswer = z
  .object({ fileId: z.string(), sha256: z.string(), contentType: z.string(), size: z.number() })
  .openapi('File');

export function fileView({ id, sha256, contentType, size }: FileRow): z.infer<typeof fileAnswer> {
  return { fileId: id, sha256, contentType, size };
}

const paperAnswer = z
  .object({
    fileId: z.string(),
    contentType: z.string(),
    size: z.number(),
    kind: z.string().openapi({ description: 'As what it was handed in last' }),
    kindName: z.string(),
    issuedOn: date.nullable(),
    acceptanceNumber: z.string().openapi({ description: 'The case with which it was handed in last' }),
    handedInAt: instant,
    validUntil: date.nullable().openapi({ description: 'The last day on which it counts; null where none is known' }),
  })
  .openapi('Paper');
export const papersAnswer = pageAnswer(paperAnswer);

/** Of the diseases the most patient one decides how long a paper counts: for which it is handed in isn't known. */
export function paperView(policy: Policy, paper: Paper): z.infer<typeof paperAnswer> {
  const { id: fileId, contentType, size, kind, issuedOn, acceptanceNumber, handedInAt } = paper;
  const until = validUntil(kind, issuedOn, longestRecordMonths(policy));
  const kindName = materialName(policy, kind);
  return { fileId, contentType, size, kind, kindName, issuedOn, acceptanceNumber, handedInAt, validUntil: until };
}
