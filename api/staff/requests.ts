import { officeRoles } from '../../domain/staff/roles.ts';
import { asText, atMost, dateSchema, staffId, worded } from '../http/requests.ts';
import { z } from '../http/zod.ts';
import { nameOf } from '../people/requests.ts';

/** What is known of a member of staff, also in lists that are imported. */
export const memberFields = {
  name: nameOf('姓名'),
  roles: z
    .array(z.enum(officeRoles, '没有这个岗位'), worded('请选择岗位', '岗位应为数组'))
    .min(1, '请选择岗位')
    .max(officeRoles.length, '岗位过多'),
  email: z.email(worded('请填写电子邮箱', '电子邮箱有误')).max(254, '电子邮箱过长'),
  phone: z
    .string(asText('电话'))
    .max(...atMost(16, '电话应带国家代码,例如 +8613900000000'))
    .regex(/^\+\d{8,15}$/, '电话应带国家代码,例如 +8613900000000'),
  active: z
    .boolean(worded('请填写是否在职', '是否在职应为 true 或 false'))
    .openapi({ description: 'False retires somebody: from then on their token is worth nothing' }),
};

/** Body of `PUT /v1/staff/{staffId}`. */
export const memberSchema = z
  .strictObject({
    ...memberFields,
    to: staffId('接替人')
      .nullable()
      .optional()
      .openapi({
        description:
          'For somebody who is retired, or loses the roles that review: who takes over their open cases; null, or left ' +
          'out, gives them back, and nobody is in charge. Left out once they have left, it changes nothing of that',
      }),
  })
  .openapi('Member');

/** For the description. */
export const memberExample = {
  name: '张敏',
  roles: ['reviewer'],
  email: 'zhangmin@pzh-ybj.example',
  phone: '+8613900000012',
  active: true,
};

/** Body of `PUT /v1/staff/{staffId}/absence`. */
export const absenceSchema = z
  .strictObject({
    from: dateSchema.openapi({ description: 'First day' }),
    until: dateSchema.openapi({ description: 'Last day' }),
    to: staffId('接替人').openapi({ description: 'Who takes over' }),
  })
  .openapi('Absence');
