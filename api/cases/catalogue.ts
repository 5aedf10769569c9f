import { requiredKinds } from '../../domain/cases/materials.ts';
import { type ApplicationType, applicationTypes, materialKinds } from '../../domain/vocabulary.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { ApiContext } from '../context.ts';
import { anyone } from '../http/access.ts';
import { route } from '../http/route.ts';
import { z } from '../http/zod.ts';

const ratio = z.array(z.number()).openapi({ description: 'Percent, from and to', example: [85, 90] });
const benefit = z.object({
  deductible: z.number().openapi({ description: 'Yuan a year' }),
  ratio,
  byAge: z
    .array(z.object({ from: z.number().openapi({ description: 'Full years' }), ratio }))
    .optional()
    .openapi({ description: 'In place of `ratio`, from an age on' }),
  byTier: z.record(z.string(), ratio).optional().openapi({ description: 'In place of `ratio`, by contribution tier' }),
  note: z.string(),
} satisfies Record<keyof Policy['benefit']['employee'], z.ZodType>);

const catalogueAnswer = z.object({
  policyVersion: z.string(),
  city: z.string(),
  officeHours: z
    .array(z.object({ from: z.string(), to: z.string() }))
    .openapi({ description: 'Of the window, on working days' }),
  diseases: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      noDeductible: z.boolean().openapi({ description: '免起付线' }),
      validMonths: z
        .number()
        .nullable()
        .openapi({ description: 'Until it has to be renewed; null where it does not end' }),
      verification: z.boolean().openapi({ description: 'The originals have to be seen at the window' }),
      materials: z.record(
        z.enum(applicationTypes),
        z.array(z.object({ kinds: z.array(z.enum(materialKinds)), name: z.string(), when: z.string() })),
      ),
    }),
  ),
  benefit: z.object({ employee: benefit, resident: benefit, flexible: benefit, note: z.string() }),
  rejectionGrounds: z.record(z.string(), z.string()).openapi({ description: 'Reasons to choose from, by code' }),
});

/** `GET /v1/catalogue`: the diseases, the materials asked for, the benefit. */
export function catalogueRoutes(context: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/catalogue',
      operationId: 'readCatalogue',
      summary: '病种目录、所需材料和待遇',
      access: anyone,
      audit: null,
      answers: { 200: { description: 'The catalogue', schema: catalogueAnswer } },
      handle: async () => ({ status: 200, body: catalogue(policyInForce(context)) }),
    }),
  ];
}

function catalogue(policy: Policy): z.infer<typeof catalogueAnswer> {
  return {
    policyVersion: policy.version,
    city: policy.city.name,
    officeHours: policy.officeHours,
    diseases: policy.catalogue.map(({ code, name, photo, noDeductible, validMonths, verification }) => ({
      code,
      name,
      noDeductible,
      validMonths,
      verification,
      materials: {
        new: asked(policy, 'new', photo),
        renewal: asked(policy, 'renewal', photo),
        changeInstitution: asked(policy, 'changeInstitution', photo),
      },
    })),
    benefit: policy.benefit,
    rejectionGrounds: policy.rejectionGrounds,
  };
}

/** The materials that a type of application needs; any one of an entry's `kinds` meets that entry. */
function asked({ materials }: Policy, type: ApplicationType, photoRequired: boolean) {
  const required = (hasElectronicVoucher: boolean) =>
    requiredKinds(materials.asked[type], { hasElectronicVoucher, photoRequired });
  const withVoucher = required(true).map((kinds) => ({ kinds, when: 'always' }));
  const onlyWithout = required(false)
    .filter((kinds) => !withVoucher.some((entry) => String(entry.kinds).includes(String(kinds))))
    .map((kinds) => ({ kinds, when: 'withoutElectronicVoucher' }));
  return [...withVoucher, ...onlyWithout].map(({ kinds, when }) => ({
    kinds,
    name: kinds.map((kind) => materials.names[kind]).join('或'),
    when,
  }));
}
