import type { Material } from '../../domain/cases/materials.ts';
import type { Policy } from '../../policy/schema.ts';
import { wantFiles } from '../../store/files/hand-in.ts';
import type { Store } from '../../store/open.ts';
import type { FieldError } from '../http/errors.ts';

/**
 * Errors for files that can't be handed in: unknown, uploaded by somebody else, or part of another case already. The
 * others aren't swept until they are handed in, even if the case's workflow is slow to record them.
 * @param now instant
 */
export async function fileErrors(
  { store, policy }: { store: Store; policy: Policy },
  materials: Material[],
  subject: string,
  now: string,
): Promise<FieldError[]> {
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  const usable = await wantFiles(store, ids, { uploadedBy: subject, at: now });
  return materials.flatMap(({ kind, fileIds }) =>
    fileIds
      .filter((id) => !usable.has(id))
      .map(() => ({
        field: `materials.${kind}`,
        code: 'fileUnusable',
        detail: `${policy.materials.names[kind]}的文件不能使用:可能已随另一份申请提交,请先在“我的申请”中查看;如未提交过,请重新上传。`,
      })),
  );
}
