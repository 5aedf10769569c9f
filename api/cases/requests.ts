import { understandNumber } from '../../domain/cases/acceptance-number.ts';
import { isIsoDate } from '../../domain/dates.ts';
import { unspaced } from '../../domain/people/typed.ts';
import {
  applicationTypes,
  type Channel,
  channels,
  insuredTypes,
  isMaterialKind,
  MOST_OWN_KINDS,
  materialKinds,
} from '../../domain/vocabulary.ts';
import { atMost, instantSchema, line, part, worded } from '../http/requests.ts';
import { z } from '../http/zod.ts';
import { nameOf, person } from '../people/requests.ts';

/** A date on a paper. @param label the field's name */
const pastDate = (label: string) =>
  z
    .string(`${label}应为文本(JSON 字符串),格式如 2026-11-23`)
    .max(...atMost(10, `${label}有误,格式如 2026-11-23`))
    .refine((date) => isIsoDate(date) && date >= '1900', `${label}有误,格式如 2026-11-23`);
/** A kind of material by its form; whether there is one, the case's policy says (`kindErrors`). */
export const kindSchema = z
  .string(worded('请选择材料种类', '材料种类有误'))
  .max(...atMost(40, '材料种类有误'))
  .refine(isMaterialKind, '材料种类有误')
  .openapi({ example: 'medicalRecord', description: 'One that the catalogue names' });
export const materialSchema = z
  .strictObject({
    kind: kindSchema,
    fileIds: z
      .array(z.uuid('文件编号有误'), worded('请填写文件编号', '文件编号应为数组'))
      .max(20, '每种材料最多 20 个文件'),
    issuedOn: pastDate('出具日期').optional(),
    originalSeen: z
      .boolean('是否见过原件应为 true 或 false')
      .optional()
      .openapi({ description: 'At the window only: compared with the original; true unless said otherwise' }),
  })
  .openapi('Material');
/** How many materials are handed in at once at most: each kind in three papers, however many kinds a city adds. */
export const MOST_MATERIALS = (materialKinds.length + MOST_OWN_KINDS) * 3;
export const materialsSchema = z.array(materialSchema, '请上传材料').max(MOST_MATERIALS, '材料过多');

/** A disease's code by its form; whether there is such a disease, the policy says. */
export const diseaseCodeSchema = line('病种', 30);
export const agentSchema = z.strictObject({ ...person, relation: line('与申请人的关系', 20) });
export const insuredTypeSchema = z.enum(insuredTypes, '请选择参保类型');
export const hospitalSchema = z.strictObject(
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
export const diagnosisSchema = z
  .strictObject(
    {
      doctor: z.strictObject(
        { name: nameOf('诊断医师姓名'), code: line('诊断医师编码', 50).optional() },
        part('诊断医师'),
      ),
      diagnosedOn: pastDate('诊断日期').openapi({ format: 'date' }),
    },
    part('诊断信息'),
  )
  .openapi({ description: 'Who diagnosed the disease, and when; where is the hospital' });
/** The designated institutions beside the first, for a disease that allows several. */
export const furtherInstitutionsSchema = z
  .array(line('定点医疗机构'), '其他定点医疗机构应为数组')
  .max(2, '定点医疗机构最多 3 家');
export const voucherSchema = z.boolean(worded('请选择是否有医保电子凭证', '是否有医保电子凭证应为 true 或 false'));
export const signatureSchema = z.strictObject(
  {
    name: nameOf('签名人姓名'),
    signedAt: z.iso
      .datetime({ offset: true, ...worded('请填写签名时间', '签名时间有误') })
      .max(...atMost(40, '签名时间有误')),
  },
  part('签名'),
);

/** When somebody took a ticket (取号) at the window. */
export const ticketSchema = instantSchema('取号时间').openapi({
  description: 'At the window only: when the ticket was taken by which somebody is served after it has closed',
});
/** Body of `POST /v1/applications`. */
export const filingSchema = z
  .strictObject({
    type: z.enum(applicationTypes, '请选择申请类型'),
    diseaseCode: diseaseCodeSchema,
    channel: z
      .enum(channels, '请选择申请渠道')
      .optional()
      .openapi({ description: "The token's, or `window` for a clerk; another one is refused" }),
    insuredType: insuredTypeSchema,
    applicant: z.strictObject(
      {
        ...person,
        student: z.boolean().optional().openapi({ description: 'Students apply through a guardian' }),
        residesElsewhere: z.boolean().optional(),
        crossRegionFilingNumber: line('异地就医备案号').overwrite(unspaced).optional(),
      },
      part('申请人信息'),
    ),
    agent: agentSchema.optional(),
    hospital: hospitalSchema,
    diagnosis: diagnosisSchema.optional(),
    designatedInstitution: line('定点医疗机构').optional(),
    furtherInstitutions: furtherInstitutionsSchema.optional(),
    accreditationId: line('原认定编号').overwrite(understandNumber).optional(),
    hasElectronicVoucher: voucherSchema,
    materials: materialsSchema,
    signature: signatureSchema,
    ticketTakenAt: ticketSchema.optional(),
  })
  .openapi('Filing');
/** A filing whose channel is known. */
export type FilingBody = z.infer<typeof filingSchema> & { channel: Channel };

const exampleFileId = '3f0c8a52-6f0e-4c0b-9d3a-1f2e3d4c5b6a';
export const medicalRecordExample = { kind: 'medicalRecord', fileIds: [exampleFileId], issuedOn: '2026-11-20' };
/** A filing that lacks nothing, for the description. */
export const filingExample = {
  type: 'new',
  diseaseCode: 'M00500',
  channel: 'scApp',
  insuredType: 'employee',
  applicant: { name: '李娜', idNumber: '510402198803152122', phone: '13800138001' },
  hospital: { code: 'H51040001', name: '攀枝花市中心医院', level: 3 },
  diagnosis: { doctor: { name: '王伟', code: 'D510400000001' }, diagnosedOn: '2026-11-20' },
  hasElectronicVoucher: true,
  materials: [
    { kind: 'idCard', fileIds: [exampleFileId] },
    { kind: 'applicationForm', fileIds: [exampleFileId] },
    { kind: 'diagnosisCertificate', fileIds: [exampleFileId] },
    medicalRecordExample,
  ],
  signature: { name: '李娜', signedAt: '2026-11-23T10:00:00+08:00' },
};
