import { describe, expect, it } from '@jest/globals';
import { asc } from 'drizzle-orm';
import { staff } from '../../store/staff/tables.ts';
import { useAdmin } from '../harness/programs/admin.ts';

const { store, importing: importingFile } = useAdmin('staff-import');
const importing = (lines: string[], ...flags: string[]) =>
  importingFile('staff-import', ['id,name,roles,email,phone,active', ...lines].join('\n'), ...flags);
const listed = () => store.db.select().from(staff).orderBy(asc(staff.id));

const list = [
  'wangmin,王敏,reviewer supervisor,wangmin@pzh-ybj.example,+8613900000061,true',
  'axi,阿西•木呷,clerk、reviewer,axi@pzh-ybj.example,+8613900000062,true',
  'reviewer-2,陈磊,reviewer,reviewer-2@pzh-ybj.example,+8613900000012,false',
  'clerk-1,黄芳,clerk,clerk-1@pzh-ybj.example,+8613900000041,true',
];

describe('npm run admin -- staff-import', () => {
  it('says what it would change, and changes nothing', async () => {
    const before = await listed();
    const { code, output } = await importing(list, '--dry-run');
    expect([code, output]).toEqual([0, expect.stringContaining('新增 2 人,变更 0 人,停用 1 人,不变 1 人。')]);
    expect(output).toContain('陈磊(reviewer-2)不再审核,名下在办申请几分钟内退回待领。');
    expect(output).toContain('没有导入;去掉 --dry-run 导入。');
    expect(await listed()).toEqual(before);
  });

  it('names everything that is wrong, each with its line, and takes over nothing', async () => {
    const before = await listed();
    const { code, output } = await importing([
      list[0] as string,
      '张三,---,chief,nowhere,139,yes',
      'wangmin,王敏,reviewer,wangmin@pzh-ybj.example,+8613900000061,true,more',
      'li,李,,li@pzh-ybj.example,+8613900000063,false',
    ]);
    expect(code).toBe(1);
    const wrong = output.split('\n').flatMap((line) => /:(\d+): (\w+: )?(.*)/.exec(line)?.slice(1) ?? []);
    expect(output.split('\n').flatMap((line) => /:(\d+: \w+):/.exec(line)?.[1] ?? [])).toEqual([
      ...['id', 'name', 'roles', 'email', 'phone', 'active'].map((column) => `3: ${column}`),
      '4: id',
      '5: roles',
    ]);
    expect(wrong).toEqual(expect.arrayContaining(['没有这个岗位,应为 clerk、reviewer、supervisor、director、admin']));
    expect(wrong).toEqual(expect.arrayContaining(['与第 2 行重复', '列数多于表头', '请选择岗位']));
    expect(await listed()).toEqual(before);
  });

  it('takes over all, and nothing more when it is repeated', async () => {
    const { code, output } = await importing(list);
    expect([code, output]).toEqual([0, expect.stringContaining('已导入,立即生效;名单之外的人员不变。')]);
    const rows = await listed();
    expect(rows).toContainEqual(
      expect.objectContaining({ id: 'axi', name: '阿西·木呷', roles: ['clerk', 'reviewer'] }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ id: 'reviewer-2', active: false }));
    expect(rows).toContainEqual(expect.objectContaining({ id: 'supervisor-1', active: true }));
    expect((await importing(list)).output).toContain('新增 0 人,变更 0 人,停用 0 人,不变 4 人。');
    expect(await listed()).toEqual(rows);
  });

  it('leaves an admin, and knows no other flags', async () => {
    const before = await listed();
    const without = [list[0] as string, 'admin-1,吴洋,admin,admin-1@pzh-ybj.example,+8613900000051,false'];
    expect(await importing(without)).toMatchObject({
      code: 1,
      output: expect.stringContaining('至少要有一名在职的系统管理员'),
    });
    expect(await listed()).toEqual(before);
    expect((await importing(list, '--all')).code).toBe(2);
  });
});
