import { caseStaff } from '../../domain/staff/roles.ts';
import { kindsOf, materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce } from '../../policy/versions.ts';
import type { ApiContext } from '../context.ts';
import { only } from '../http/access.ts';
import { route } from '../http/route.ts';
import { z } from '../http/zod.ts';

const texts = z
  .array(z.string())
  .openapi({ description: 'May be edited before one is sent; empty where there is none' });
const templatesAnswer = z
  .object({
    policyVersion: z.string(),
    reasons: z
      .array(z.object({ code: z.string(), name: z.string(), texts }))
      .openapi({ description: 'For the reason of a rejection, by its ground' }),
    problems: z
      .array(z.object({ kind: z.string(), name: z.string(), texts }))
      .openapi({ description: 'For what is wrong with a material, by its kind' }),
  })
  .openapi('Templates');

/** `GET /v1/templates`: words that reviewers begin with. What they send is theirs. */
export function templateRoutes(context: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/templates',
      operationId: 'readTemplates',
      summary: '审核用语模板:不通过的原因、材料的问题',
      access: only(...caseStaff),
      audit: null,
      answers: { 200: { description: 'Every ground and every kind of material', schema: templatesAnswer } },
      handle: async () => ({ status: 200, body: templatesView(policyInForce(context)) }),
    }),
  ];
}

function templatesView(policy: Policy): z.infer<typeof templatesAnswer> {
  const { version, rejectionGrounds, templates } = policy;
  return {
    policyVersion: version,
    reasons: Object.entries(rejectionGrounds).map(([code, name]) => {
      return { code, name, texts: templates.reasons[code] ?? [] };
    }),
    problems: kindsOf(policy).map((kind) => {
      return { kind, name: materialName(policy, kind), texts: templates.problems[kind] ?? [] };
    }),
  };
}
