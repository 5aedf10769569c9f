import { describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { shanghaiDate } from '../../domain/dates.ts';
import { takeOverRules } from '../../policy/accreditations/take-over.ts';
import { openPerson } from '../../store/accreditations/personal.ts';
import { accreditation } from '../../store/accreditations/tables.ts';
import { takeOver } from '../../store/accreditations/take-over.ts';
import { newIdNumber, newPerson } from '../harness/people.ts';
import { policies } from '../harness/policy.ts';
import { useAdmin } from '../harness/programs/admin.ts';
import { temporaryFolder } from '../harness/programs/scripts.ts';

const header = 'registrationNumber,name,idNumber,phone,diseaseCode,insuredType,tier,institution,validFrom,validUntil';
const { store, admin, file, importing: importingFile, importingWith } = useAdmin('import-accreditations');
const importing = (content: string | Buffer) => importingFile('import-accreditations', content);

const rows = () => store.db.select().from(accreditation);
const row = (...cells: (string | undefined)[]) => cells.join(',');

describe('npm run admin -- import-accreditations', () => {
  it('imports a list once, however often, with its byte order mark and empty columns', async () => {
    const [holder, other] = [newPerson(), newPerson()];
    const list = [
      header,
      row(
        'LS-1',
        holder.name,
        holder.idNumber,
        holder.phone,
        'M00500',
        'employee',
        '',
        '攀枝花市中心医院',
        '2025-01-01',
        '2026-12-31',
      ),
      '',
      row('LS-2', '"阿西·木呷"', other.idNumber, '', 'M01600', 'resident', '二档', '', '2003-05-06', ''),
      ',,,,,,,,,',
    ].join('\r\n');
    expect(await importing(`\uFEFF${list}`)).toEqual({ code: 0, output: '已导入 2 项,原已有 0 项。\n' });
    const before = await rows();
    expect(before.map(({ personal, ...rest }) => rest)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          source: 'import',
          sourceKey: 'LS-1',
          registrationNumber: 'LS-1',
          institution: '攀枝花市中心医院',
          validUntil: '2026-12-31',
        }),
        expect.objectContaining({
          sourceKey: 'LS-2',
          insuredType: 'resident',
          tier: '二档',
          institution: null,
          validUntil: null,
        }),
      ]),
    );
    const second = before.find(({ sourceKey }) => sourceKey === 'LS-2');
    expect(openPerson(store, second as NonNullable<typeof second>)).toEqual({
      name: '阿西·木呷',
      idNumber: other.idNumber,
      phone: '',
    });
    expect(await importing(list)).toEqual({ code: 0, output: '已导入 0 项,原已有 2 项。\n' });
    expect(await rows()).toEqual(before);
  });

  it('understands what people type, every document, and keeps what stood in the list', async () => {
    const cells = [
      ['LS-21', '古丽米热．艾比布力', '830000199201300022', '8613800138001'],
      ['LS-22', 'John Smith', '932682198501010017', '138–0013–8001'],
      ['LS-23', '徐（莹加王旁）', 'KAZ110090123105', '\u202d13800138001\u202c'],
      ['LS-24', '李　娜', '610104620927690', ''],
    ];
    const list = cells.map((each) => row(...each, 'M00500', 'employee', '', '', '2025-01-01', ''));
    expect((await importing([header, ...list].join('\n'))).output).toBe('已导入 4 项,原已有 0 项。\n');
    const held = await rows();
    const people = cells.map(([number]) => {
      const found = held.find(({ sourceKey }) => sourceKey === number) as (typeof held)[number];
      const person = openPerson(store, found);
      return { ...person, found: found.idNumberHash === store.keyring.hash(person.idNumber) };
    });
    const phone = '13800138001';
    expect(people).toEqual([
      {
        ...{ name: '古丽米热·艾比布力', idNumber: '830000199201300022', phone, found: true },
        typed: { name: '古丽米热．艾比布力', phone: '8613800138001' },
      },
      {
        ...{ name: 'John Smith', idNumber: '932682198501010017', phone, found: true },
        typed: { phone: '138–0013–8001' },
      },
      {
        ...{ name: '徐(莹加王旁)', idNumber: 'KAZ110090123105', phone, found: true },
        typed: { name: '徐（莹加王旁）', phone: '\u202d13800138001\u202c' },
      },
      {
        ...{ name: '李娜', idNumber: '610104196209276908', phone: '', found: true },
        typed: { name: '李　娜', idNumber: '610104620927690' },
      },
    ]);
  });

  it('knows what was found in the core before, and what has been registered here under the number', async () => {
    const earlier = {
      source: 'core' as const,
      person: newPerson(),
      diseaseCode: 'M00500',
      insuredType: 'employee' as const,
      tier: null,
      institution: null,
      validFrom: '2025-01-01',
      validUntil: '2026-12-31',
    };
    const now = new Date().toISOString();
    const rules = takeOverRules(policies, shanghaiDate(now));
    await takeOver(store, rules, { ...earlier, registrationNumber: 'LS-3' }, now);
    await takeOver(store, rules, { ...earlier, registrationNumber: 'LS-4' }, now);
    await store.db.update(accreditation).set({ registrationNumber: 'BA-4' }).where(eq(accreditation.sourceKey, 'LS-4'));
    const line = (number: string) =>
      row(number, '李娜', newIdNumber(), '', 'M00500', 'employee', '', '', '2025-01-01', '');
    const { output } = await importing([header, line('LS-3'), line('BA-4'), line('LS-5')].join('\n'));
    expect(output).toBe('已导入 1 项,原已有 2 项。\n');
  });

  it('tells everything that is wrong at once, with its line, nothing personal, and writes nothing', async () => {
    const before = await rows();
    const [name, idNumber] = ['李娜娜', newIdNumber()];
    const wrongId = `${idNumber.slice(0, 17)}${idNumber.endsWith('1') ? '2' : '1'}`;
    const { code, output } = await importing(
      [
        header,
        row('LS-10', name, idNumber, '', 'M00500', 'employee', '', '', '2025-01-01', '2026-12-31'),
        row('LS-10', name, wrongId, '123', 'M99999', 'civil', '', '', '2026-02-30', '2026-01-01'),
        row('', '', '', '', '', '', '', '', '', ''),
        row('LS-11', name, idNumber, '', 'M00500', 'employee', '', '', '2026-01-02', '2026-01-01'),
        row('', '<b>', idNumber, '', 'M00500', 'employee', '', '', '2026-01-02', '2026-01-02', 'x'),
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      `${file}:3: idNumber: 身份证号有误,请核对 18 位号码;没有身份证号的,请填写通行证、出生医学证明的号码或外国人社会保障号码`,
      `${file}:3: phone: 手机号有误,请核对 11 位号码`,
      `${file}:3: diseaseCode: 病种目录中没有这个病种代码`,
      `${file}:3: insuredType: 应为 employee、resident、flexible`,
      `${file}:3: validFrom: 日期有误,格式如 2026-11-23`,
      `${file}:3: registrationNumber: 与第 2 行重复`,
      `${file}:5: validUntil: 不能早于 validFrom;长期有效的留空`,
      `${file}:6: 列数多于表头`,
      `${file}:6: registrationNumber: 请填写医保备案号`,
      `${file}:6: name: 姓名只能是文字,请按身份证填写`,
    ]);
    for (const secret of [name, idNumber, wrongId]) expect(output).not.toContain(secret);
    expect(await rows()).toEqual(before);
  });

  it('takes several institutions where the disease allows them, and says what is wrong with the choice', async () => {
    const { name, idNumber } = newPerson();
    const withFurther = (number: string, disease: string, institution: string, further: string) =>
      row(number, name, idNumber, '', disease, 'employee', '', institution, '2026-01-02', '', further);
    const importingThere = (...lines: string[]) =>
      importingWith(
        { POLICY_FILE: 'policy/example-city' },
        'import-accreditations',
        [`${header},furtherInstitutions`, ...lines].join('\n'),
      );
    const [tumour, bloodPressure] = ['EX-I-0000000000000000000000001', 'EX-LB.GXY'];
    const wrong = await importingThere(
      withFurther('LS-30', tumour, '甲医院', '乙医院;丙医院;丁医院'),
      withFurther('LS-31', bloodPressure, '甲医院', '乙医院'),
      withFurther('LS-32', tumour, '', '乙医院'),
      withFurther('LS-33', tumour, '甲医院', '甲医院'),
      withFurther('LS-34', tumour, '甲医院', '乙医院;'),
    );
    expect([wrong.code, wrong.output.trim().split('\n')]).toEqual([
      1,
      [
        `${file}:2: furtherInstitutions: 该病种最多 3 家定点医疗机构`,
        `${file}:3: furtherInstitutions: 该病种最多 1 家定点医疗机构`,
        `${file}:4: institution: 有其他定点医疗机构时,请填写第一家`,
        `${file}:5: furtherInstitutions: 同一家定点医疗机构填写了两次`,
        `${file}:6: furtherInstitutions: 请填写其他定点医疗机构`,
      ],
    ]);
    const right = await importingThere(
      withFurther('LS-35', tumour, '甲医院', '乙医院; 丙医院'),
      withFurther('LS-36', bloodPressure, '甲医院', ''),
    );
    expect(right.output).toBe('已导入 2 项,原已有 0 项。\n');
    const further = (await rows()).filter(({ sourceKey }) => ['LS-35', 'LS-36'].includes(sourceKey));
    expect(Object.fromEntries(further.map((one) => [one.sourceKey, one.furtherInstitutions]))).toEqual({
      'LS-35': ['乙医院', '丙医院'],
      'LS-36': null,
    });
  });

  it.each([
    ['another header', 'name,idNumber\n李娜,1', /:1: 表头应为 registrationNumber,name,/],
    ['a column that nobody knows', `${header},hospital`, /:1: 表头应为 .*,可另有 furtherInstitutions\n/],
    ['an optional column twice', `${header},furtherInstitutions,furtherInstitutions`, /:1: 表头应为/],
    ['an empty file', '', /:1: 表头应为/],
    ['an open quote', `${header}\n"LS-1,李娜`, /:2: 引号不成对/],
    ['another encoding', Buffer.from([0xc0, 0xee, 0xc4, 0xc8]), /:1: 文件不是 UTF-8 编码/],
  ])('refuses %s in one line', async (_, content, message) => {
    const { code, output } = await importing(content);
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
    expect(output).toMatch(message);
  });

  it('says what it takes, and which settings are missing where no stack runs', async () => {
    expect(await admin([])).toEqual({
      code: 2,
      output:
        'npm run admin -- import-accreditations <file.csv>\n' +
        'npm run admin -- catalogue-import <file.csv> [--write]\n' +
        'npm run admin -- import-circular <file.txt> [--publish [--acknowledged]]\n' +
        'npm run admin -- staff-import <file.csv> [--dry-run]\n' +
        'npm run admin -- check [--repair]\n' +
        'npm run admin -- rotate-keys [<instant>]\n' +
        'npm run admin -- audit verify [<log of the api>]\n' +
        'npm run admin -- export <idNumber> [folder]\n' +
        'npm run admin -- erase <idNumber> --reason <text> [--by <who>]\n' +
        'npm run admin -- hold <idNumber or acceptanceNumber> --reason <text> [--by <who>]\n' +
        'npm run admin -- lift-hold <idNumber or acceptanceNumber> --reason <text> [--by <who>]\n' +
        'npm run admin -- holds\n' +
        '(an idNumber of - is read from the standard input, so that no list of processes shows it)\n',
    });
    const away = temporaryFolder('nothing');
    const { code, output } = await admin(['import-accreditations', 'x.csv'], { DATA_DIR: away.path });
    away.remove();
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL is not set')]);
    expect(output).toContain('DATA_KEYS is not set');
  });
});
