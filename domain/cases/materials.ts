import { addMonths } from '../dates.ts';
import type { ApplicationType, MaterialCondition, MaterialKind } from '../vocabulary.ts';

/** One material handed in: its files and, for what must be recent, the date it was issued. */
export interface Material {
  kind: MaterialKind;
  fileIds: string[];
  /** Shanghai date. */
  issuedOn?: string;
  /** A clerk compared it with the original at the window (现场核验原件). */
  originalSeen?: boolean;
}

/** What the rules need to know of an application to tell what is missing. */
export interface MaterialsCase {
  type: ApplicationType;
  materials: Material[];
  hasElectronicVoucher: boolean;
  hospitalLevel: number;
  /** Code of the hospital; undefined where it can't be read. */
  hospitalCode?: string | undefined;
  /** The disease asks for a recent photo (近期免冠照片). */
  photoRequired: boolean;
  /** An agent (代办人) acts for the applicant. */
  byAgent?: boolean | undefined;
  /** The applicant lives in another region for long (长期异地居住). */
  residesElsewhere?: boolean | undefined;
  /** Kinds that the reviewer asked for and that are still owed. */
  requestedKinds?: MaterialKind[];
  /** Shanghai date of this round's submission: whether records are recent is judged by that day. */
  submittedOn: string;
  /** Shanghai date on which the materials are handed in: nothing can be issued later. */
  today: string;
}

/** The numbers of the rule, from the policy: those of the disease, or else those for all. */
export interface MaterialRules {
  /** The kinds that each type of application asks for, some only under a condition (see `requiredKinds`). */
  asked: Record<ApplicationType, MaterialKind[]>;
  /** Lowest level of hospital whose certificate counts (二级及以上). */
  minimumHospitalLevel: number;
  /** Medical records must not be older than this many calendar months (近半年内). */
  recordMonths: number;
  /** Codes of the only hospitals whose certificate counts; undefined where any does. */
  hospitals?: string[] | undefined;
  /** When kinds that the policy adds are asked for; always, where nothing is said. */
  conditions?: Partial<Record<MaterialKind, MaterialCondition>>;
}

export type MissingReason =
  | 'missing'
  | 'requested'
  | 'noFile'
  | 'issuedOnMissing'
  | 'issuedInFuture'
  | 'tooOld'
  | 'hospitalLevel'
  | 'hospitalUnrecognised';

export interface MissingMaterial {
  kind: MaterialKind;
  reason: MissingReason;
}

/**
 * The kinds that an application must contain, each with the alternatives that also meet it. The identity document is
 * the ID card or the electronic voucher (医保电子凭证). The social security card (社保卡) is asked for only without the voucher,
 * a photo only by some diseases. What the policy adds may be asked for under a condition of its own.
 */
export function requiredKinds(
  asked: MaterialKind[],
  application: Pick<MaterialsCase, 'hasElectronicVoucher' | 'photoRequired' | MaterialCondition>,
  conditions: MaterialRules['conditions'] = {},
): MaterialKind[][] {
  const { hasElectronicVoucher, photoRequired } = application;
  return asked.flatMap((kind): MaterialKind[][] => {
    const condition = conditions[kind];
    if (condition && !application[condition]) return [];
    if (kind === 'idCard' && hasElectronicVoucher) return [['idCard', 'electronicVoucher']];
    if (kind === 'socialSecurityCard' && hasElectronicVoucher) return [];
    return kind === 'photo' && !photoRequired ? [] : [[kind]];
  });
}

/** Everything that is missing or wrong, at once (一次性告知, 行政许可法第 32 条 by analogy); empty when complete. */
export function missingMaterials(application: MaterialsCase, rules: MaterialRules): MissingMaterial[] {
  const { materials, requestedKinds = [] } = application;
  const missing: MissingMaterial[] = requestedKinds.map((kind) => ({ kind, reason: 'requested' }));
  const asked = rules.asked[application.type];
  for (const alternatives of requiredKinds(asked, application, rules.conditions)) {
    const present = materials.some((material) => alternatives.includes(material.kind));
    if (!present) missing.push({ kind: alternatives[0] as MaterialKind, reason: 'missing' });
  }
  if (asked.includes('diagnosisCertificate')) missing.push(...hospitalProblems(application, rules));
  for (const material of materials) {
    if (material.fileIds.length === 0) missing.push({ kind: material.kind, reason: 'noFile' });
    const reason = dateProblem(material, application, rules.recordMonths);
    if (reason) missing.push({ kind: material.kind, reason });
  }
  return missing;
}

function hospitalProblems(
  { hospitalLevel, hospitalCode }: MaterialsCase,
  { minimumHospitalLevel, hospitals }: MaterialRules,
): MissingMaterial[] {
  const kind = 'diagnosisCertificate';
  const unrecognised = hospitals && hospitalCode !== undefined && !hospitals.includes(hospitalCode);
  return [
    ...(hospitalLevel < minimumHospitalLevel ? [{ kind, reason: 'hospitalLevel' as const }] : []),
    ...(unrecognised ? [{ kind, reason: 'hospitalUnrecognised' as const }] : []),
  ];
}

function dateProblem(
  { kind, issuedOn }: Material,
  { submittedOn, today }: MaterialsCase,
  recordMonths: number,
): MissingReason | undefined {
  if (issuedOn === undefined) return kind === 'medicalRecord' ? 'issuedOnMissing' : undefined;
  if (issuedOn > today) return 'issuedInFuture';
  return kind === 'medicalRecord' && issuedOn < addMonths(submittedOn, -recordMonths) ? 'tooOld' : undefined;
}

/** What a case holds after a supplement: each kind handed in anew replaces that kind, the rest stays. */
export function withSupplement(held: Material[], supplement: Material[]): Material[] {
  const replaced = new Set(supplement.map((material) => material.kind));
  return [...held.filter((material) => !replaced.has(material.kind)), ...supplement];
}
