import type { Material } from '../../domain/cases/materials.ts';
import { insuredTypeNames } from '../../domain/names.ts';
import { isSameName } from '../../domain/people/person.ts';
import { signingProblem } from '../../domain/people/signature.ts';
import { type ApplicationType, type InsuredType, isMaterialKind, type MaterialKind } from '../../domain/vocabulary.ts';
import type { Finding } from '../../policy/cases/findings.ts';
import {
  covers,
  type Disease,
  diseaseOf,
  kindsOf,
  materialName,
  materialRulesFor,
  mostInstitutions,
} from '../../policy/catalogue.ts';
import type { Policy } from '../../policy/schema.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import type { FieldError } from '../http/errors.ts';

/** What is wrong with a signature. @param now instant */
export function signatureErrors(
  policy: Policy,
  { applicant, agent, signature }: Pick<PersonalData, 'applicant' | 'agent' | 'signature'>,
  now: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (![applicant, agent].some((signer) => signer && isSameName(signer.name, signature.name))) {
    errors.push({ field: 'signature.name', code: 'notASigner', detail: '签名人应为申请人本人或代办人。' });
  }
  const code = signingProblem(signature.signedAt, policy, now);
  if (code) errors.push({ field: 'signature.signedAt', code, detail: signingDetails[code](policy) });
  return errors;
}

const signingDetails: Record<NonNullable<ReturnType<typeof signingProblem>>, (policy: Policy) => string> = {
  inFuture: () => '签名时间不能晚于现在。',
  tooOld: ({ signatureDays }: Policy) => `签名时间不能早于提交前 ${signatureDays} 天,请重新签名。`,
};

/** What the rules of a disease say of a form. @param today Shanghai date @param form as far as it can be read */
export function formErrors(policy: Policy, form: RuledForm, today: string): FieldError[] {
  const disease = diseaseOf(policy, form.diseaseCode);
  return [
    ...insuredTypeErrors(disease, form),
    ...institutionErrors(disease, form),
    ...diagnosisErrors(policy, disease, form, today),
  ];
}

/** The fields of a form that a disease has rules for. */
interface RuledForm {
  type: ApplicationType;
  diseaseCode?: string | undefined;
  insuredType?: InsuredType | undefined;
  designatedInstitution?: unknown;
  furtherInstitutions?: string[] | undefined;
  diagnosis?: { diagnosedOn: string } | 'unreadable' | undefined;
}

function insuredTypeErrors(disease: Disease | undefined, { type, insuredType }: RuledForm): FieldError[] {
  if (type === 'changeInstitution' || !insuredType || covers(disease, insuredType)) return [];
  const names = disease?.insuredTypes?.map((covered) => insuredTypeNames[covered]).join('、');
  return [{ field: 'insuredType', code: 'notCovered', detail: `该病种只面向${names}参保人员,请核对参保类型和病种。` }];
}

function institutionErrors(
  disease: Disease | undefined,
  { designatedInstitution: first, furtherInstitutions: others = [] }: RuledForm,
): FieldError[] {
  const most = mostInstitutions(disease);
  const field = 'furtherInstitutions';
  const chosen = [...(first === undefined ? [] : [first]), ...others];
  return [
    ...(others.length > 0 && first === undefined
      ? [{ field: 'designatedInstitution', code: 'missing', detail: '请先填写第一家定点医疗机构。' }]
      : []),
    ...(chosen.length > most
      ? [{ field, code: 'tooMany', detail: `该病种最多可选 ${most} 家定点医疗机构,请减少。` }]
      : []),
    ...(new Set(chosen).size < chosen.length
      ? [{ field, code: 'repeated', detail: '同一家定点医疗机构填写了两次,请改正。' }]
      : []),
  ];
}

/** Who diagnosed the disease is asked where the certificate is (诊断证明书). */
function diagnosisErrors(
  policy: Policy,
  disease: Disease | undefined,
  { type, diagnosis }: RuledForm,
  today: string,
): FieldError[] {
  const isAsked = materialRulesFor(policy, disease).asked[type].includes('diagnosisCertificate');
  if (diagnosis === undefined && policy.diagnosisRequired && isAsked) {
    return [{ field: 'diagnosis', code: 'missing', detail: '请按诊断证明书填写诊断医师和诊断日期。' }];
  }
  if (typeof diagnosis !== 'object' || diagnosis.diagnosedOn <= today) return [];
  return [{ field: 'diagnosis.diagnosedOn', code: 'inFuture', detail: '诊断日期不能晚于提交日期。' }];
}

/** Materials of a kind that neither the guide nor the city knows. @param entries as they came in */
export function kindErrors(policy: Policy, field: string, entries: unknown[]): FieldError[] {
  const known = kindsOf(policy);
  return entries.flatMap((entry, index) => {
    const kind = (entry as { kind?: unknown } | null)?.kind;
    // What can't be one is complained of with the rest of the form.
    if (!isMaterialKind(kind) || known.includes(kind as MaterialKind)) return [];
    const named = known.map((one) => `${one}(${materialName(policy, one)})`).join('、');
    return [{ field: `${field}.${index}.kind`, code: 'invalid', detail: `没有这种材料,请从列表中选择:${named}。` }];
  });
}

/** At the window (线下窗口) a paper counts as compared with its original unless the clerk says that it wasn't. */
export function withOriginals(atWindow: boolean, materials: Material[]): Material[] {
  if (!atWindow) return materials;
  return materials.map((material) => ({ ...material, originalSeen: material.originalSeen !== false }));
}

/** Only a clerk, at the window, can have seen an original. */
export function originalErrors(atWindow: boolean, materials: Material[]): FieldError[] {
  if (atWindow) return [];
  return materials
    .filter(({ originalSeen }) => originalSeen)
    .map(({ kind }) => ({
      field: `materials.${kind}`,
      code: 'originalSeenElsewhere',
      detail: '原件只能在窗口核验,线上提交请去掉“已见原件”。',
    }));
}

/** A finding about a material as an error of the request's field. */
export function materialError({ kind, reason, detail }: Finding): FieldError {
  return { field: `materials.${kind}`, code: reason, detail };
}
