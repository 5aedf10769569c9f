import type { ReadCase } from '../../store/cases/queries.ts';
import type { MaterialRow } from '../../store/cases/tables.ts';
import { fileAnswer, fileView } from '../files/answers.ts';
import { date, instant } from '../http/answers.ts';
import { z } from '../http/zod.ts';

const materialAnswer = z.object({
  kind: z.string(),
  issuedOn: date.nullable(),
  originalSeen: z.boolean(),
  files: z.array(fileAnswer),
  handedInAt: instant.optional().openapi({ description: "In its applicant's own view, and of versions" }),
});

/** What staff see of a case's materials: those in force, and what they have replaced. */
export const materialsAnswer = z.object({
  materials: z.array(materialAnswer).openapi({ description: 'Those in force' }),
  materialVersions: z
    .array(
      materialAnswer.extend({
        handedInAt: instant,
        replacedAt: instant
          .nullable()
          .openapi({ description: 'When its kind was handed in anew; null while in force' }),
      }),
    )
    .openapi({ description: 'Every material that was ever handed in, oldest first' }),
});

/** Of each material those files that are the case's. */
export function materialsView({ entries, materials, versions, files }: ReadCase): z.infer<typeof materialsAnswer> {
  const view = ({ kind, issuedOn, originalSeen, fileIds }: MaterialRow) => {
    return { kind, issuedOn, originalSeen, files: files.filter(({ id }) => fileIds.includes(id)).map(fileView) };
  };
  const at = new Map(entries.map((entry) => [entry.sequence, entry.at]));
  return {
    materials: materials.map(view),
    materialVersions: versions.map((row) => ({
      ...view(row),
      handedInAt: at.get(row.sequence) as string,
      replacedAt: row.replacedBy === null ? null : (at.get(row.replacedBy) as string),
    })),
  };
}
