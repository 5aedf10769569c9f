import validator from 'validator';
import { asText, atMost, line } from '../http/requests.ts';
import { z } from '../http/zod.ts';

/**
 * Chinese and transcribed names: letters, and the dots and spaces between them. Nothing else, since names stand in 短信
 * and must not carry a link.
 */
const nameSchema = line('姓名', 50)
  .regex(/^[\p{L}\p{M}·•. -]*$/u, '姓名只能是文字,请按身份证填写')
  // The generator would take the flag into the pattern, which then nothing fits.
  .openapi({ pattern: '^[\\p{L}\\p{M}·•. -]*$' });
/** A phone number without the spaces, hyphens or country code that people write. */
const bareNumber = (phone: string) => phone.replaceAll(/[\s-]/g, '').replace(/^(\+|00)86/, '');

export const idNumberSchema = z
  .string(asText('身份证号'))
  .trim()
  .max(...atMost(18, '身份证号有误,请核对 18 位号码'))
  .toUpperCase()
  .refine((text) => text.length === 18 && validator.isIdentityCard(text, 'zh-CN'), '身份证号有误,请核对 18 位号码');
/** Somebody's name, ID number and phone. */
export const person = {
  name: nameSchema,
  idNumber: idNumberSchema,
  phone: z
    .string(asText('手机号'))
    .max(...atMost(30, '手机号有误,请核对 11 位号码'))
    .overwrite(bareNumber)
    .refine((text) => /^\d{11}$/.test(text) && validator.isMobilePhone(text, 'zh-CN'), '手机号有误,请核对 11 位号码')
    .openapi({
      example: '13900139009',
      description:
        "A mobile number of the mainland, 11 digits; the country's code (+86), spaces and hyphens are taken, too",
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

/** Body of `POST /v1/applications/{acceptanceNumber}/phone`. */
export const newPhoneSchema = z.strictObject({ phone: person.phone }).openapi('NewPhone');

/** Body of `POST /v1/applications/{acceptanceNumber}/phone/confirm`. */
export const phoneCodeSchema = z
  .strictObject({
    code: z
      .string(asText('验证码', ' 6 位数字的'))
      .trim()
      .max(...atMost(6, '验证码为 6 位数字'))
      .regex(/^\d{6}$/, '验证码为 6 位数字')
      .openapi({ example: '034218', description: 'Six digits, as text; those of the latest code' }),
  })
  .openapi('PhoneCode');
