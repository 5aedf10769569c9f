import { caseStaff } from '../../domain/staff/roles.ts';
import { kindsOf, materialName } from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyInForce, UnknownVersion } from '../../policy/versions.ts';
import type { ApiContext } from '../context.ts';
import { only } from '../http/access.ts';
import { problems } from '../http/errors.ts';
import { line } from '../http/requests.ts';
import { route } from '../http/route.ts';
import { z } from '../http/zod.ts';

const templatesQuery = z.strictObject({
  policyVersion: line('政策版本', 64)
    .optional()
    .openapi({ description: "A case's `policyVersion`, whose kinds of material may be asked for; else that in force" }),
});

const texts = z
  .array(z.string())
  .openapi({ description: 'May be edited before one is sent; empty where there is none' });
const templatesAnswer = z
  .object({
    policyVersion: z.string().openapi({ description: 'Whose kinds of material these are' }),
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
      query: templatesQuery,
      answers: { 200: { description: 'Every ground and every kind of material', schema: templatesAnswer } },
      handle: async ({ query: { policyVersion } }) => ({
        status: 200,
        body: templatesView(policyInForce(context), versionNamed(context, policyVersion)),
      }),
    }),
  ];
}

/** @returns the version in force where none is named @throws Problem 422 where there is none of this name */
function versionNamed(context: ApiContext, version: string | undefined): Policy {
  if (version === undefined) return policyInForce(context);
  try {
    return context.policies.of(version);
  } catch (error) {
    if (!(error instanceof UnknownVersion)) throw error;
    const detail = '没有这个政策版本,请填写申请详情中的 policyVersion。';
    throw problems.invalid([{ field: 'policyVersion', code: 'unknown', detail }]);
  }
}

/** Grounds and texts are those in force, as a decision is checked by them. @param ofCase whose kinds of material count */
function templatesView({ rejectionGrounds, templates }: Policy, ofCase: Policy): z.infer<typeof templatesAnswer> {
  return {
    policyVersion: ofCase.version,
    reasons: Object.entries(rejectionGrounds).map(([code, name]) => {
      return { code, name, texts: templates.reasons[code] ?? [] };
    }),
    problems: kindsOf(ofCase).map((kind) => {
      return { kind, name: materialName(ofCase, kind), texts: templates.problems[kind] ?? [] };
    }),
  };
}
