import { z } from 'zod';
import { line } from '../../api/http/requests.ts';
import { person } from '../../api/people/requests.ts';
import { isIsoDate } from '../../domain/dates.ts';
import { type PersonField, personFields, typedOtherwise } from '../../domain/people/typed.ts';
import { insuredTypes } from '../../domain/vocabulary.ts';
import { diseaseOf, mostInstitutions } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { EarlierAccreditation } from '../../store/accreditations/take-over.ts';
import { readList } from './read-list.ts';

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
/** The further institutions (其他定点医疗机构), with semicolons between them. */
const optional = ['furtherInstitutions'] as const;

/**
 * Reads a list of accreditations, as `readList` does.
 * @param file its name, for the messages
 * @throws FileError with everything that is wrong, a line each
 */
export function readAccreditationList(
  file: string,
  content: Buffer,
  policy: Policy,
): Omit<EarlierAccreditation, 'source'>[] {
  const schema = rowSchema(policy);
  return readList(file, content, {
    columns,
    optional,
    key: 'registrationNumber',
    check(typed) {
      const { data, error } = schema.safeParse(typed);
      const problems = (error?.issues ?? []).map(({ path, message }) => ({ column: String(path[0]), detail: message }));
      return { item: data && withTypedPerson(data, typed), problems };
    },
  });
}

/** A row that also says what stood in the list, where it was understood otherwise. */
function withTypedPerson<Row extends { person: Record<PersonField, string> }>(row: Row, typed: unknown): Row {
  return { ...row, person: { ...row.person, ...typedOtherwise(row.person, typed, personFields) } };
}

const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((text) => (text === '' ? null : text), schema.nullable());
const severalOrNull = (label: string) =>
  z.preprocess((text) => (text ? String(text).split(/[;；]/) : null), z.array(line(label)).nullable());
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
      furtherInstitutions: severalOrNull('其他定点医疗机构'),
      validFrom: day,
      validUntil: orNull(day),
    })
    .superRefine((row, context) => institutionProblems(policy, row).forEach(context.addIssue), { when: always })
    .refine(({ validFrom, validUntil }) => !areDates(validFrom, validUntil) || validFrom <= (validUntil as string), {
      path: ['validUntil'],
      error: '不能早于 validFrom;长期有效的留空',
      when: always,
    })
    .transform(({ name, idNumber, phone, ...rest }) => ({ ...rest, person: { name, idNumber, phone } }));
}

type Institutions = Pick<EarlierAccreditation, 'institution' | 'furtherInstitutions'>;

/** What is wrong with the choice of institutions, as far as the row can be read. */
function institutionProblems(policy: Policy, row: { diseaseCode: string } & Institutions) {
  const { institution, furtherInstitutions } = row;
  const disease = diseaseOf(policy, row.diseaseCode);
  const further = Array.isArray(furtherInstitutions) ? furtherInstitutions : [];
  const chosen = [...(institution ? [institution] : []), ...further];
  const most = mostInstitutions(disease);
  const problem = (column: keyof Institutions, message: string) => ({
    code: 'custom' as const,
    path: [column],
    message,
  });
  return [
    ...(further.length > 0 && institution === null
      ? [problem('institution', '有其他定点医疗机构时,请填写第一家')]
      : []),
    ...(disease && chosen.length > most ? [problem('furtherInstitutions', `该病种最多 ${most} 家定点医疗机构`)] : []),
    ...(new Set(chosen).size < chosen.length ? [problem('furtherInstitutions', '同一家定点医疗机构填写了两次')] : []),
  ];
}
