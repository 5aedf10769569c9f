import { MOST_OWN_KINDS, materialKinds } from '../../../domain/vocabulary.ts';
import { dateSchema, freeText, line, staffId, worded } from '../../http/requests.ts';
import { z } from '../../http/zod.ts';
import { documentSeenSchema, person } from '../../people/requests.ts';
import {
  agentSchema,
  diagnosisSchema,
  furtherInstitutionsSchema,
  hospitalSchema,
  insuredTypeSchema,
  kindSchema,
  materialsSchema,
  medicalRecordExample,
  signatureSchema,
  ticketSchema,
  voucherSchema,
} from '../requests.ts';

/** What a resubmission corrects in the form (改表); the corrected form is signed anew. */
export const correctionSchema = z
  .strictObject({
    phone: person.phone
      .optional()
      .openapi({ description: 'Another one at the window only; online it is confirmed by a code (`…/phone`)' }),
    agent: agentSchema.optional(),
    insuredType: insuredTypeSchema.optional(),
    hospital: hospitalSchema.optional(),
    diagnosis: diagnosisSchema.optional(),
    designatedInstitution: line('定点医疗机构').optional(),
    furtherInstitutions: furtherInstitutionsSchema.optional(),
    hasElectronicVoucher: voucherSchema.optional(),
    signature: signatureSchema,
  })
  .openapi('Correction', { description: 'Only the fields that change' });

/** Whom a case is assigned to. */
export const assigneeSchema = staffId('承办人')
  .nullable()
  .openapi({ description: 'Null gives the case back: nobody has it then' });

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
  reject: z
    .strictObject({
      grounds: z
        .array(line('原因', 64), '请选择不通过的原因')
        .min(1, '请选择不通过的原因')
        .max(10, '原因过多')
        .optional()
        .openapi({ description: 'Codes of the list in the catalogue' }),
      reason: freeText('不通过的原因')
        .optional()
        .openapi({ description: 'Without one, the applicant reads the texts of the grounds' }),
    })
    .refine(({ grounds, reason }) => grounds || reason, {
      path: ['reason'],
      error: '请从列表中选择不通过的原因,或填写原因',
    }),
  requestMaterials: z.strictObject({
    items: z
      .array(
        z.strictObject({
          kind: kindSchema,
          problem: freeText('需要补充的原因'),
        }),
        '请列出要补充的材料',
      )
      .min(1, '请列出要补充的材料')
      .max(materialKinds.length + MOST_OWN_KINDS, '要补充的材料过多'),
    note: freeText('备注').optional(),
    replaces: z
      .number('要替换的是第几次要求,应为数字')
      .int('要替换的是第几次要求,应为整数')
      .min(0, '要替换的是第几次要求,应为 0 或正整数')
      .max(100_000, '没有这一次要求')
      .optional()
      .openapi({
        description:
          'Number of the request that is awaited, as the case shows it, 0 for none: where that is another one by now, ' +
          '409 conflict. Without it the one that the case shows when this arrives',
      }),
    belatedReason: freeText('事后要求的理由').optional().openapi({
      description: 'A supervisor, asking for what was missing at the first request and not named then (一次性告知)',
    }),
  }),
  requestVerification: z.strictObject({ note: freeText('备注').optional() }),
  recordVerification: z
    .strictObject({
      passed: z.boolean(worded('请填写核验是否通过', '核验是否通过应为 true 或 false')),
      note: freeText('备注').optional(),
      ticketTakenAt: ticketSchema.optional(),
    })
    .refine(({ passed, note }) => passed || note, { path: ['note'], error: '核验未通过的,请说明哪里不一致' }),
  resubmit: z
    .strictObject({
      materials: materialsSchema.default([]),
      form: correctionSchema.optional(),
      documentSeen: documentSeenSchema.optional(),
      ticketTakenAt: ticketSchema.optional(),
    })
    .refine(({ materials, form }) => materials.length > 0 || form, { path: ['materials'], error: '请上传材料' }),
  appeal: z.strictObject({
    reason: freeText('申诉理由'),
    materials: materialsSchema
      .min(1, '请上传材料,没有要补充的请去掉这一项')
      .optional()
      .openapi({ description: 'What the appeal is to be proven by; each replaces what the case has of its kind' }),
    ticketTakenAt: ticketSchema.optional(),
  }),
  withdraw: z.strictObject({
    reason: freeText('撤回的原因').optional(),
    documentSeen: documentSeenSchema.optional(),
  }),
  assign: z.strictObject({ to: assigneeSchema }),
  releaseClaims: z.strictObject({ reason: freeText('解除占用的理由') }),
};

/** Bodies for the description. */
export const messageExamples: Record<keyof typeof messageSchemas, unknown> = {
  approve: { note: '材料齐全' },
  reject: { grounds: ['notProven'], reason: '检查报告不足以认定' },
  requestMaterials: { items: [{ kind: 'medicalRecord', problem: '复印件看不清' }] },
  requestVerification: { note: '请带病历原件' },
  recordVerification: { passed: true },
  resubmit: { materials: [medicalRecordExample] },
  appeal: { reason: '已补做检查,结果见病历' },
  withdraw: { reason: '材料还没有备齐' },
  assign: { to: 'reviewer-2' },
  releaseClaims: { reason: '经电话核实,该申请不是参保人本人要办的' },
};
