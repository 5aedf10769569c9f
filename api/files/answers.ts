import type { FileRow } from '../../store/files/tables.ts';
import { z } from '../http/zod.ts';

export const fileAnswer = z
  .object({ fileId: z.string(), sha256: z.string(), contentType: z.string(), size: z.number() })
  .openapi('File');

export function fileView({ id, sha256, contentType, size }: FileRow): z.infer<typeof fileAnswer> {
  return { fileId: id, sha256, contentType, size };
}
