import { z } from 'zod';
import { line } from '../api/http/requests.ts';
import { person } from '../api/people/requests.ts';
import { isIsoDate } from '../domain/dates.ts';
import { type PersonField, personFields, typedOtherwise } from '../domain/people/typed.ts';
import { insuredTypes } from '../domain/vocabulary.ts';
import { diseaseOf } from '../policy/catalogue.ts';
import type { Policy } from '../policy/schema.ts';
import type { EarlierAccreditation } from '../store/accreditations/take-over.ts';
import { type Line, linesOf, type Problem, problemsIn } from './lists/csv.ts';

/** The header of a list of accreditations that earlier systems granted; `rowSchema` says which cells may be empty. */
const columns = [
  'registrationNumber',
  'name',
  'idNumber',
  'phone',
  'diseaseCode',
  'insuredType',
  'tier',
  'institution',
  'validFrom',
  'validUntil',
] as const;

/**
 * Reads a list of accreditations: CSV in UTF-8, with or without a byte order mark.
 * @param file its name, for the messages
 * @throws FileError with everything that is wrong, a line each
 */
export function readAccreditationList(file: string, content: Buffer, policy: Policy) {
  const { list, problems } = check(content, policy);
  if (problems.length === 0) return list;
  throw problemsIn(file, problems);
}

function check(content: Buffer, policy: Policy): { list: Omit<EarlierAccreditation, 'source'>[]; problems: Problem[] } {
  const parsed = linesOf(content);
  if ('detail' in parsed) return { list: [], problems: [parsed] };
  const [header, ...lines] = parsed;
  const names = header?.cells ?? [];
  const headerFits = names.length === columns.length && columns.every((column) => names.includes(column));
  if (!headerFits) return { list: [], problems: [{ line: 1, detail: `表头应为 ${columns.join(',')}` }] };
  const schema = rowSchema(policy);
  const checked = lines.map(({ number, cells }) => {
    const typed = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    const row = schema.safeParse(typed);
    const tooLong = cells.length > names.length ? [{ line: number, detail: '列数多于表头' }] : [];
    const issues = row.error?.issues ?? [];
    const problems = issues.map(({ path, message }) => ({ line: number, column: path.join('.'), detail: message }));
    return { row: row.data && withTypedPerson(row.data, typed), problems: [...tooLong, ...problems] };
  });
  return {
    list: checked.flatMap(({ row }) => row ?? []),
    problems: [...checked.flatMap(({ problems }) => problems), ...repeated(names, lines)],
  };
}

/** Problems of lines whose registration number stands in an earlier line already. */
function repeated(names: string[], lines: Line[]): Problem[] {
  const column = 'registrationNumber';
  const index = names.indexOf(column);
  const first = new Map<string | undefined, number>();
  return lines.flatMap(({ number, cells }) => {
    const before = first.get(cells[index]);
    if (before !== undefined) return [{ line: number, column, detail: `与第 ${before} 行重复` }];
    if (cells[index]) first.set(cells[index], number);
    return [];
  });
}

/** A row that also says what stood in the list, where it was understood otherwise. */
function withTypedPerson<Row extends { person: Record<PersonField, string> }>(row: Row, typed: unknown): Row {
  return { ...row, person: { ...row.person, ...typedOtherwise(row.person, typed, personFields) } };
}

const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((text) => (text === '' ? null : text), schema.nullable());
const day = z.string().refine((text) => isIsoDate(text) && text >= '1900', '日期有误,格式如 2026-11-23');
const areDates = (...cells: unknown[]) => cells.every((cell) => typeof cell === 'string' && isIsoDate(cell));
/** For zod's `when`: by itself it compares columns only once each of them is right, and the rest stays unsaid. */
const always = () => true;

function rowSchema(policy: Policy) {
  const ofSeveral = `应为 ${insuredTypes.join('、')}`;
  return z
    .object({
      registrationNumber: line('医保备案号'),
      name: person.name,
      idNumber: person.idNumber,
      phone: person.phone.or(z.literal('')),
      diseaseCode: z.string().refine((code) => diseaseOf(policy, code), '病种目录中没有这个病种代码'),
      insuredType: z.enum(insuredTypes, ofSeveral),
      tier: orNull(line('缴费档次', 20)),
      institution: orNull(line('定点医疗机构')),
      validFrom: day,
      validUntil: orNull(day),
    })
    .refine(({ validFrom, validUntil }) => !areDates(validFrom, validUntil) || validFrom <= (validUntil as string), {
      path: ['validUntil'],
      error: '不能早于 validFrom;长期有效的留空',
      when: always,
    })
    .transform(({ name, idNumber, phone, ...rest }) => ({ ...rest, person: { name, idNumber, phone } }));
}
