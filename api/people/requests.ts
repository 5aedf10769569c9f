import { systemClock } from '../../config/clock.ts';
import { shanghaiDate } from '../../domain/dates.ts';
import { birthDateOf, understandIdNumber } from '../../domain/people/documents.ts';
import { isName, LONGEST_NAME, understandName } from '../../domain/people/names.ts';
import { understandPhone } from '../../domain/people/phone.ts';
import { ungrouped } from '../../domain/people/typed.ts';
import { identityDocuments } from '../../domain/vocabulary.ts';
import { asText, atMost, line, worded } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/**
 * What people type of themselves is understood here, once (`domain/people/`): whatever comes after compares, looks up
 * and stores what was understood. As typed, a text may be longer: it has spaces, dashes and what nobody sees.
 */
const mostTyped = { name: 2 * LONGEST_NAME, number: 60 };

/** Somebody's name. @param label the field's name */
export const nameOf = (label: string) =>
  z
    .string(asText(label))
    .max(...atMost(mostTyped.name, `${label}过长`))
    .overwrite(understandName)
    .min(1, { error: `请填写${label}`, abort: true })
    .refine((name) => [...name].length <= LONGEST_NAME, { error: `${label}过长`, abort: true })
    .refine(isName, `${label}只能是文字,请按身份证填写`)
    .openapi({
      // As typed it may hold more than as it is stored; it has a letter in any case.
      pattern: '\\p{L}',
      description:
        'As on the ID card. Dots, apostrophes, brackets and spaces are taken in all ways of writing them, and stored ' +
        "in one: ·, ', (), one space; what can't be seen is left out",
    });

/** Whether it is somebody's who has been born. */
function isIdNumber(text: string): boolean {
  const bornOn = birthDateOf(text);
  return understandIdNumber(text) === text && (bornOn === null || bornOn <= shanghaiDate(systemClock()));
}

const wrongIdNumber =
  '身份证号有误,请核对 18 位号码;没有身份证号的,请填写通行证、出生医学证明的号码或外国人社会保障号码';
export const idNumberSchema = z
  .string(asText('身份证号'))
  .max(...atMost(mostTyped.number, wrongIdNumber))
  .overwrite((text) => understandIdNumber(text) ?? text)
  .refine(isIdNumber, wrongIdNumber)
  .openapi({
    description:
      'Of a 居民身份证, a 港澳台居民居住证 or a 外国人永久居留身份证: 18 characters, of the latter before 2023 three letters ' +
      'and 12 digits. The 15 digits of the first 身份证 are understood as the 18. Of who has none: that of a ' +
      '港澳居民来往内地通行证 (H or M, 8 digits), 台湾居民来往大陆通行证 (8 digits) or 出生医学证明 (a letter, 9 digits), or the ' +
      '社会保障号码 of a foreigner (three letters, a digit, the number of the passport). Spaces, hyphens, full-width ' +
      'characters and lower-case letters are taken, too',
  });
/** Somebody's name, ID number and phone. */
export const person = {
  name: nameOf('姓名'),
  idNumber: idNumberSchema,
  phone: z
    .string(asText('手机号'))
    .max(...atMost(mostTyped.number, '手机号有误,请核对 11 位号码'))
    .overwrite((text) => understandPhone(text) ?? text)
    .refine((text) => understandPhone(text) === text, '手机号有误,请核对 11 位号码')
    .openapi({
      example: '13900139009',
      description:
        "A mobile number of the mainland, 11 digits; the country's code (+86), spaces, hyphens and full-width digits " +
        'are taken, too',
    }),
};

/** Body of `POST /v1/people/lookup`. */
export const personLookupSchema = z.strictObject({
  idNumber: idNumberSchema,
  reason: line('查询理由', 200).openapi({
    description: 'Recorded with who looked up whom',
    example: '本人到窗口查询进度',
  }),
});

/** By which document a clerk saw who is at the window. */
export const documentSeenSchema = z
  .strictObject({
    document: z.enum(identityDocuments, worded('请选择核验的证件', '证件种类有误')),
    of: z.enum(['applicant', 'agent'], worded('请填写到场的是本人还是代办人', '到场人应为 applicant 或 agent')),
  })
  .openapi('DocumentSeen', {
    description:
      'A clerk acts for who is at the window, the applicant or the agent, having seen this document of theirs',
  });

/** Body of `POST /v1/applications/{acceptanceNumber}/phone`. */
export const newPhoneSchema = z
  .strictObject({ phone: person.phone, documentSeen: documentSeenSchema.optional() })
  .openapi('NewPhone');

/** Body of `POST /v1/applications/{acceptanceNumber}/phone/confirm`. */
export const phoneCodeSchema = z
  .strictObject({
    code: z
      .string(asText('验证码', ' 6 位数字的'))
      .max(...atMost(mostTyped.number, '验证码为 6 位数字'))
      .overwrite(ungrouped)
      .regex(/^\d{6}$/, '验证码为 6 位数字')
      .openapi({ example: '034218', description: 'Six digits, as text; those of the latest code' }),
    documentSeen: documentSeenSchema.optional(),
  })
  .openapi('PhoneCode');
