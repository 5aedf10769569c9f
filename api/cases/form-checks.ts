import type { Material } from '../../domain/cases/materials.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import type { Finding } from '../../policy/cases/findings.ts';
import type { PersonalData } from '../../store/cases/personal.ts';
import type { FieldError } from '../http/errors.ts';

/** The signature's time comes from the signer's telephone, whose clock may be ahead. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** What is wrong with a signature. @param now instant */
export function signatureErrors(
  { applicant, agent, signature }: Pick<PersonalData, 'applicant' | 'agent' | 'signature'>,
  now: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (![applicant.name, agent?.name].includes(signature.name)) {
    errors.push({ field: 'signature.name', code: 'notASigner', detail: '签名人应为申请人本人或代办人。' });
  }
  if (Date.parse(signature.signedAt) > Date.parse(now) + CLOCK_TOLERANCE_MS) {
    errors.push({ field: 'signature.signedAt', code: 'inFuture', detail: '签名时间不能晚于现在。' });
  }
  return errors;
}

/** At the window (线下窗口) a paper counts as compared with its original unless the clerk says that it wasn't. */
export function withOriginals(channel: Channel, materials: Material[]): Material[] {
  if (channel !== 'window') return materials;
  return materials.map((material) => ({ ...material, originalSeen: material.originalSeen !== false }));
}

/** Only a clerk, at the window, can have seen an original. */
export function originalErrors({ channel }: { channel: Channel }, materials: Material[]): FieldError[] {
  if (channel === 'window') return [];
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
