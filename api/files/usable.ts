import type { Material } from '../../domain/cases/materials.ts';
import type { Policy } from '../../policy/schema.ts';
import { findFiles } from '../../store/files/queries.ts';
import type { Store } from '../../store/open.ts';
import type { FieldError } from '../http/errors.ts';

/** Errors for files that can't be handed in: unknown, uploaded by somebody else, or part of another case already. */
export async function fileErrors(
  { store, policy }: { store: Store; policy: Policy },
  materials: Material[],
  subject: string,
): Promise<FieldError[]> {
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  const files = await findFiles(store, ids);
  const usable = new Set(
    files.filter((file) => file.uploadedBy === subject && file.acceptanceNumber === null).map(({ id }) => id),
  );
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
