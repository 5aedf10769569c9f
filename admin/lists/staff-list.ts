import { z } from 'zod';
import { staffId } from '../../api/http/requests.ts';
import { memberFields } from '../../api/staff/requests.ts';
import { isSender } from '../../domain/checks.ts';
import { officeRoles } from '../../domain/staff/roles.ts';
import { FileError } from '../../policy/yaml.ts';
import type { Store } from '../../store/open.ts';
import { LastAdmin, previewMembers, type SavedMember, saveMembers } from '../../store/staff/members.ts';
import type { StaffRow } from '../../store/staff/tables.ts';
import { readList } from './read-list.ts';

const columns = ['id', 'name', 'roles', 'email', 'phone', 'active'] as const;

const rowSchema = z.object({
  id: staffId('工号').refine(isSender, '工号应为登录账号(英文、数字、符号)'),
  name: memberFields.name,
  roles: z.preprocess(
    (cell) =>
      String(cell)
        .split(/[\s、;;]+/)
        .filter(Boolean),
    memberFields.roles,
  ),
  email: memberFields.email,
  phone: memberFields.phone,
  active: z.enum(['true', 'false'], '是否在职应为 true 或 false').transform((cell) => cell === 'true'),
});

/**
 * Reads a list of staff; several roles stand in one cell, with spaces, 、 or semicolons between them.
 * @param file its name, for the messages
 * @throws FileError with everything that is wrong, a line each
 */
export function readStaffList(file: string, content: Buffer): StaffRow[] {
  return readList(file, content, {
    columns,
    key: 'id',
    check(typed) {
      const { data, error } = rowSchema.safeParse(typed);
      const wrong = (error?.issues ?? []).map(({ path, message }) => {
        const column = String(path[0]);
        return { column, detail: path.length > 1 ? `没有这个岗位,应为 ${officeRoles.join('、')}` : message };
      });
      return { item: data, problems: wrong };
    },
  });
}

/**
 * Puts a list's people on the list of staff, or changes what is known of them, all or none; who isn't in it stays as
 * they are.
 * @param dryRun only says what would change
 * @param say takes each line of the report
 * @throws FileError where no active admin would be left
 */
export async function importStaff(
  store: Store,
  members: StaffRow[],
  { dryRun, by, at }: { dryRun: boolean; by: string; at: string },
  say: (line: string) => void,
): Promise<void> {
  const saved = await (dryRun ? previewMembers : saveMembers)(store, members, { by, at }).catch((error) => {
    throw error instanceof LastAdmin ? new FileError('没有导入:名册中至少要有一名在职的系统管理员。') : error;
  });
  for (const line of inWords(saved, members)) say(line);
  say(dryRun ? '以上是试算,没有导入;去掉 --dry-run 导入。' : '已导入,立即生效;名单之外的人员不变。');
}

function inWords(saved: SavedMember[], members: StaffRow[]): string[] {
  const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? id;
  const counted = (change: SavedMember['change']) => saved.filter((one) => one.change === change).length;
  const unchanged = members.length - saved.length;
  const departed = saved.filter(({ departure }) => departure !== undefined);
  return [
    `新增 ${counted('added')} 人,变更 ${counted('changed')} 人,停用 ${counted('retired')} 人,不变 ${unchanged} 人。`,
    ...departed.map(({ id }) => `${nameOf(id)}(${id})不再审核,名下在办申请几分钟内退回待领。`),
  ];
}
