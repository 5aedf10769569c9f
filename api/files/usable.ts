import type { Material } from '../../domain/cases/materials.ts';
import type { HandingIn } from '../../domain/files/papers.ts';
import { materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { wantFiles } from '../../store/files/hand-in.ts';
import type { Store } from '../../store/open.ts';
import type { FieldError } from '../http/errors.ts';

/**
 * Errors for files that can't be handed in: unknown, uploaded by somebody else, or handed in for another person. The
 * others aren't swept until they are handed in, even if the case's workflow is slow to record them.
 * @param now instant
 */
export async function fileErrors(
  { store, policy }: { store: Store; policy: Policy },
  materials: Material[],
  handing: HandingIn,
  now: string,
): Promise<FieldError[]> {
  const ids = materials.flatMap(({ fileIds }) => fileIds);
  const usable = await wantFiles(store, ids, handing, now);
  return materials.flatMap(({ kind, fileIds }) =>
    fileIds
      .filter((id) => !usable.has(id))
      .map(() => ({
        field: `materials.${kind}`,
        code: 'fileUnusable',
        detail: `${materialName(policy, kind)}的文件不能使用:不是由您上传的,或者是为其他参保人提交过的。可再次提交的材料见“我的材料”,其他的请重新上传。`,
      })),
  );
}
