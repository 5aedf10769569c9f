import type { Material } from '../../domain/cases/materials.ts';
import { isSameName } from '../../domain/people/person.ts';
import { signingProblem } from '../../domain/people/signature.ts';
import type { Finding } from '../../policy/cases/findings.ts';
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
