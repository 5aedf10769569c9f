import validator from 'validator';
import { accreditationStatuses } from '../domain/accreditations/state.ts';
import { materialKinds } from '../domain/cases/materials.ts';
import { applicationTypes, channels, statuses } from '../domain/cases/state.ts';
import { isIsoDate, yearOf } from '../domain/dates.ts';
import { z } from './http/zod.ts';

/** What PostgreSQL can keep: anything but NUL and half of a surrogate pair, which would fail only when the case is recorded. */
const storable = (text: string) => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** Words for a field that isn't there, and for one that is, but of another type. */
const worded = (missing: string, otherwise: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined || input === null ? missing : otherwise),
});
/** A program may give a number for digits, and would lose zeros before them. */
const asText = (what: string, digits = '') => worded(`请填写${what}`, `${what}应为${digits}文本(JSON 字符串)`);

/** One line of text that people write. */
export const line = (what: string, maximum = 100) =>
  z
    .string(asText(what))
    .trim()
    .min(1, `请填写${what}`)
    .max(maximum, `${what}过长`)
    .refine(storable, `${what}中有无法识别的字符`);
/** A reason or a note that people write. */
const freeText = (what: string) => line(what, 1000);

/** Years whose holidays are known or can be estimated. */
export const [firstYear, lastYear] = [2004, 2098];
export const dateSchema = z
  .string(worded('请填写日期,格式如 2026-11-23', '日期应为文本(JSON 字符串),格式如 2026-11-23'))
  .refine(isIsoDate, '日期有误,格式如 2026-11-23')
  .refine((date) => yearOf(date) >= firstYear && yearOf(date) <= lastYear, `年份应在 ${firstYear} 至 ${lastYear} 之间`)
  .openapi({ format: 'date', example: '2026-11-23' });

/** Chinese and transcribed names: letters, the dots and spaces between them, nothing that a text message could be abused with. */
const nameSchema = line('姓名', 50).regex(/^[\p{L}\p{M}·•. -]*$/u, '姓名只能是文字,请按身份证填写');
/** As people write it: with spaces, hyphens or the country's code. */
const bareNumber = (phone: string) => phone.replaceAll(/[\s-]/g, '').replace(/^(\+|00)86/, '');

export const idNumberSchema = z
  .string(asText('身份证号'))
  .trim()
  .toUpperCase()
  .refine((text) => text.length === 18 && validator.isIdentityCard(text, 'zh-CN'), '身份证号有误,请核对 18 位号码');
/** Somebody's name, ID number and phone. */
export const person = {
  name: nameSchema,
  idNumber: idNumberSchema,
  phone: z
    .string(asText('手机号'))
    .overwrite(bareNumber)
    .refine((text) => /^\d{11}$/.test(text) && validator.isMobilePhone(text, 'zh-CN'), '手机号有误,请核对 11 位号码')
    .openapi({
      example: '13900139009',
      description:
        "A mobile number of the mainland, 11 digits; the country's code (+86), spaces and hyphens are taken, too",
    }),
};
/** For a part of the form that isn't there at all. */
const part = (what: string) => ({
  error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? `请填写${what}` : undefined),
});

export const materialSchema = z
  .strictObject({
    kind: z.enum(materialKinds, worded('请选择材料种类', '材料种类有误')),
    fileIds: z
      .array(z.uuid('文件编号有误'), worded('请填写文件编号', '文件编号应为数组'))
      .max(20, '每种材料最多 20 个文件'),
    issuedOn: z
      .string('出具日期应为文本(JSON 字符串),格式如 2026-11-23')
      .refine((date) => isIsoDate(date) && date >= '1900', '出具日期有误,格式如 2026-11-23')
      .optional(),
    originalSeen: z
      .boolean('是否见过原件应为 true 或 false')
      .optional()
      .openapi({ description: 'At the window only: compared with the original; true unless said otherwise' }),
  })
  .openapi('Material');
const materialsSchema = z.array(materialSchema, '请上传材料').max(materialKinds.length * 3, '材料过多');

const agentSchema = z.strictObject({ ...person, relation: line('与申请人的关系', 20) });
const insuredTypeSchema = z.enum(['employee', 'resident', 'flexible'], '请选择参保类型');
const hospitalSchema = z.strictObject(
  {
    code: line('医院编码', 50),
    name: line('医院名称'),
    level: z
      .number(worded('请选择医院等级', '医院等级应为数字 1 至 3'))
      .int()
      .min(1, '医院等级为 1 至 3 级')
      .max(3, '医院等级为 1 至 3 级'),
  },
  part('诊断医院'),
);
const voucherSchema = z.boolean(worded('请选择是否有医保电子凭证', '是否有医保电子凭证应为 true 或 false'));
const signatureSchema = z.strictObject(
  {
    name: line('签名人姓名', 50),
    signedAt: z.iso.datetime({ offset: true, ...worded('请填写签名时间', '签名时间有误') }),
  },
  part('签名'),
);

/** Body of `POST /v1/applications`. */
export const filingSchema = z
  .strictObject({
    type: z.enum(applicationTypes, '请选择申请类型'),
    diseaseCode: line('病种', 20),
    channel: z.enum(channels, '请选择申请渠道'),
    insuredType: insuredTypeSchema,
    applicant: z.strictObject(
      {
        ...person,
        student: z.boolean().optional().openapi({ description: 'Students apply through a guardian' }),
        residesElsewhere: z.boolean().optional(),
        crossRegionFilingNumber: line('异地就医备案号').optional(),
      },
      part('申请人信息'),
    ),
    agent: agentSchema.optional(),
    hospital: hospitalSchema,
    designatedInstitution: line('定点医疗机构').optional(),
    accreditationId: line('原认定编号').optional(),
    hasElectronicVoucher: voucherSchema,
    materials: materialsSchema,
    signature: signatureSchema,
  })
  .openapi('Filing');
export type FilingBody = z.infer<typeof filingSchema>;

/** What a resubmission corrects in the form (改表); the corrected form is signed anew. */
export const correctionSchema = z
  .strictObject({
    phone: person.phone
      .optional()
      .openapi({ description: 'Another one at the window only; online it is confirmed by a code (`…/phone`)' }),
    agent: agentSchema.optional(),
    insuredType: insuredTypeSchema.optional(),
    hospital: hospitalSchema.optional(),
    designatedInstitution: line('定点医疗机构').optional(),
    hasElectronicVoucher: voucherSchema.optional(),
    signature: signatureSchema,
  })
  .openapi('Correction', { description: 'Only the fields that change' });

/** Bodies of the messages over HTTP; `by` is the sender of the request. */
export const messageSchemas = {
  approve: z
    .strictObject({
      validFrom: dateSchema.optional(),
      validUntil: dateSchema.optional(),
      note: freeText('备注').optional(),
    })
    .refine(({ validFrom, validUntil }) => !validFrom || !validUntil || validFrom <= validUntil, {
      path: ['validUntil'],
      error: '有效期的截止日期不能早于起始日期',
    }),
  reject: z.strictObject({
    grounds: z
      .array(line('原因', 64), '请选择不通过的原因')
      .min(1, '请选择不通过的原因')
      .max(10, '原因过多')
      .optional()
      .openapi({ description: 'Codes of the list in the catalogue' }),
    reason: freeText('不通过的原因'),
  }),
  requestMaterials: z.strictObject({
    items: z
      .array(
        z.strictObject({
          kind: z.enum(materialKinds, worded('请选择材料种类', '材料种类有误')),
          problem: freeText('需要补充的原因'),
        }),
        '请列出要补充的材料',
      )
      .min(1, '请列出要补充的材料')
      .max(materialKinds.length, '要补充的材料过多'),
    note: freeText('备注').optional(),
    belatedReason: freeText('事后要求的理由').optional().openapi({
      description: 'A supervisor, asking for what was missing at the first request and not named then (一次性告知)',
    }),
  }),
  requestVerification: z.strictObject({ note: freeText('备注').optional() }),
  recordVerification: z
    .strictObject({
      passed: z.boolean(worded('请填写核验是否通过', '核验是否通过应为 true 或 false')),
      note: freeText('备注').optional(),
    })
    .refine(({ passed, note }) => passed || note, { path: ['note'], error: '核验未通过的,请说明哪里不一致' }),
  resubmit: z
    .strictObject({ materials: materialsSchema.default([]), form: correctionSchema.optional() })
    .refine(({ materials, form }) => materials.length > 0 || form, { path: ['materials'], error: '请上传材料' }),
  appeal: z.strictObject({ reason: freeText('申诉理由') }),
  withdraw: z.strictObject({ reason: freeText('撤回的原因').optional() }),
  assign: z.strictObject({ to: line('承办人', 64) }),
};

/** Body of `POST /v1/applications/{acceptanceNumber}/phone`. */
export const newPhoneSchema = z.strictObject({ phone: person.phone }).openapi('NewPhone');

/** Body of `POST /v1/applications/{acceptanceNumber}/phone/confirm`. */
export const phoneCodeSchema = z
  .strictObject({
    code: z
      .string(asText('验证码', ' 6 位数字的'))
      .trim()
      .regex(/^\d{6}$/, '验证码为 6 位数字')
      .openapi({ example: '034218', description: 'Six digits, as text; those of the latest code' }),
  })
  .openapi('PhoneCode');

/** Body of `PUT /v1/staff/{staffId}/absence`. */
export const absenceSchema = z
  .strictObject({
    from: dateSchema.openapi({ description: 'First day' }),
    until: dateSchema.openapi({ description: 'Last day' }),
    to: line('接替人', 64).openapi({ description: 'Who takes over' }),
  })
  .openapi('Absence');

const pageSize = '每页条数应为 1 至 200';
const limit = z.coerce.number(pageSize).int(pageSize).min(1, pageSize).max(200, pageSize).default(50);
export const listQuery = z.strictObject({ cursor: z.string().optional(), limit });
/** Body of `POST /v1/calls/{id}/record`. */
export const callRecordSchema = z.strictObject({
  outcome: z.enum(['reached', 'notReached', 'wrongNumber'], '结果应为 reached、notReached 或 wrongNumber'),
  note: freeText('备注').optional(),
});
export const accreditationsQuery = listQuery.extend({
  status: z.enum(accreditationStatuses, '没有这个状态').optional(),
});
/** Body of `POST /v1/accreditations/{accreditationId}/revoke`. */
export const revocationSchema = z.strictObject({ reason: freeText('撤销的原因') });
/** Body of `POST /v1/people/lookup`. */
export const personLookupSchema = z.strictObject({ idNumber: idNumberSchema });
export const worklistQuery = z.strictObject({
  status: z.enum(statuses, '没有这个状态').optional(),
  assignee: line('承办人', 64).optional(),
  overdue: z
    .enum(['true', 'false'], '应为 true 或 false')
    .transform((text) => text === 'true')
    .optional(),
  cursor: z.string().optional(),
  limit,
});
export const dueDateQuery = z.strictObject({
  acceptedOn: dateSchema,
  workingDays: z.coerce
    .number('工作日数应为数字')
    .int('工作日数应为整数')
    .min(1, '工作日数至少为 1')
    .max(250, '工作日数最多为 250')
    .optional(),
  explain: z
    .enum(['true', 'false'], '应为 true 或 false')
    .transform((text) => text === 'true')
    .optional(),
});

const namedDays = (what: string) =>
  z
    .record(z.string(), line('节日名称', 20), worded(`请填写${what}`, `${what}应为“日期: 节日名称”`))
    .openapi({ example: { '2027-01-01': '元旦' } });

/** Body of `POST /v1/calendar/{year}/preview`; whether the dates are right is `checkArrangement`'s. */
export const arrangementSchema = z
  .strictObject({
    daysOff: namedDays('放假日').refine((days) => Object.keys(days).length > 0, '请填写放假日'),
    makeUpDays: namedDays('调休上班日').default({}),
    notice: line('文号').optional(),
    publishedOn: dateSchema.optional(),
    basedOn: z
      .int('日历版本有误,请重新查看后再试')
      .optional()
      .openapi({ description: 'Version of the calendar that was looked at; refused (409) when it has changed since' }),
  })
  .openapi('Arrangement');

/** Body of `PUT /v1/calendar/{year}`. */
export const publicationSchema = arrangementSchema.extend({ notice: line('文号') }).openapi('Publication');

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string().openapi({ description: 'Stable, for programs' }),
    detail: z.string().openapi({ description: 'Chinese, for the person' }),
    acceptanceNumber: z.string().optional().openapi({ description: 'Of the application that stands in the way' }),
    triesLeft: z.number().optional().openapi({ description: 'Of a wrong code: how often another one may be given' }),
    errors: z.array(z.object({ field: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem');
