import { requiredKinds } from '../../domain/cases/materials.ts';
import { diseaseClassNames } from '../../domain/names.ts';
import {
  type ApplicationType,
  applicationTypes,
  diseaseClasses,
  insuredTypes,
  type MaterialKind,
  materialConditions,
} from '../../domain/vocabulary.ts';
import {
  covers,
  type Disease,
  materialName,
  materialRulesFor,
  mostInstitutions,
  recognisedHospitals,
  workingDaysFor,
} from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { ApiContext } from '../context.ts';
import { anyone } from '../http/access.ts';
import { route } from '../http/route.ts';
import { z } from '../http/zod.ts';

const ownBenefit = z.object({
  limit: z.number().nullable().openapi({ description: 'Yuan a year at most' }),
  ratio: z.array(z.number()).nullable().openapi({ description: 'Percent, from and to' }),
});

const askedAnswer = z.object({
  kinds: z.array(z.string()),
  name: z.string(),
  hint: z.string().nullable(),
  when: z.enum(['always', 'withoutElectronicVoucher', ...materialConditions]),
});

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
      class: z.enum(diseaseClasses).nullable(),
      className: z.string().nullable().openapi({ description: '病种类别,Ⅰ类或Ⅱ类' }),
      workingDays: z.number().openapi({ description: 'For the decision' }),
      recordMonths: z.number().openapi({ description: 'How old a medical record may be' }),
      hospitalLevel: z.number().openapi({ description: 'The lowest whose certificate counts' }),
      hospitals: z
        .array(z.object({ code: z.string(), name: z.string() }))
        .nullable()
        .openapi({ description: 'The only ones whose certificate counts (认定医院); null for any' }),
      insuredTypes: z.array(z.enum(insuredTypes)).openapi({ description: 'For whom it is' }),
      institutions: z.number().openapi({ description: 'How many 定点医疗机构 may be chosen' }),
      benefit: z.partialRecord(z.enum(insuredTypes), ownBenefit).openapi({
        description: 'Where more or less is paid than `benefit` says for all',
      }),
      materials: z.record(z.enum(applicationTypes), z.array(askedAnswer)),
    }),
  ),
  diagnosisRequired: z.boolean().openapi({ description: 'With the 诊断证明书 the form names doctor and date' }),
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

type CatalogueAnswer = z.infer<typeof catalogueAnswer>;

function catalogue(policy: Policy): CatalogueAnswer {
  return {
    policyVersion: policy.version,
    city: policy.city.name,
    officeHours: policy.officeHours,
    diseases: policy.catalogue.map((disease) => diseaseView(policy, disease)),
    diagnosisRequired: policy.diagnosisRequired,
    benefit: policy.benefit,
    rejectionGrounds: policy.rejectionGrounds,
  };
}

function diseaseView(policy: Policy, disease: Disease): CatalogueAnswer['diseases'][number] {
  const { code, name, noDeductible, validMonths, verification } = disease;
  const { minimumHospitalLevel, recordMonths } = materialRulesFor(policy, disease);
  const own = Object.entries(disease.benefit ?? {});
  return {
    ...{ code, name, noDeductible, validMonths, verification, recordMonths },
    class: disease.class ?? null,
    className: disease.class ? diseaseClassNames[disease.class] : null,
    workingDays: workingDaysFor(policy, disease),
    hospitalLevel: minimumHospitalLevel,
    hospitals: recognisedHospitals(policy, disease),
    insuredTypes: insuredTypes.filter((insured) => covers(disease, insured)),
    institutions: mostInstitutions(disease),
    benefit: Object.fromEntries(own.map(([insured, { limit = null, ratio = null }]) => [insured, { limit, ratio }])),
    materials: {
      new: asked(policy, 'new', disease),
      renewal: asked(policy, 'renewal', disease),
      changeInstitution: asked(policy, 'changeInstitution', disease),
    },
  };
}

/** The materials that a type of application needs; any one of an entry's `kinds` meets that entry. */
function asked(policy: Policy, type: ApplicationType, disease: Disease): z.infer<typeof askedAnswer>[] {
  const { materials } = policy;
  const rules = materialRulesFor(policy, disease);
  const everything = { photoRequired: disease.photo, byAgent: true, residesElsewhere: true };
  const required = (hasElectronicVoucher: boolean) =>
    requiredKinds(rules.asked[type], { ...everything, hasElectronicVoucher }, rules.conditions);
  const withVoucher = required(true).map((kinds) => {
    const [kind] = kinds as [MaterialKind];
    return { kinds, when: rules.conditions?.[kind] ?? ('always' as const) };
  });
  const onlyWithout = required(false)
    .filter((kinds) => !withVoucher.some((entry) => kinds.every((kind) => entry.kinds.includes(kind))))
    .map((kinds) => ({ kinds, when: 'withoutElectronicVoucher' as const }));
  return [...withVoucher, ...onlyWithout].map(({ kinds, when }) => ({
    kinds,
    name: kinds.map((kind) => materialName(policy, kind)).join('或'),
    hint: kinds.flatMap((kind) => materials.own[kind]?.hint ?? [])[0] ?? null,
    when,
  }));
}
