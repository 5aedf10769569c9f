import {
  type MaterialRules,
  type MaterialsCase,
  type MissingMaterial,
  type MissingReason,
  missingMaterials,
} from '../../domain/cases/materials.ts';
import { coreEventNames, insuredTypeNames } from '../../domain/names.ts';
import type { CoreEventKind, InsuredType, MaterialKind } from '../../domain/vocabulary.ts';
import { type Disease, materialName, materialRulesFor, recognisedHospitals } from '../catalogue.ts';
import type { Policy } from '../schema.ts';

/** What a person has to do about a material. @param hospitals names of those whose diagnosis counts */
const advice: Record<MissingReason, (name: string, rules: MaterialRules, hospitals: string[]) => string> = {
  missing: (name) => `缺少${name},请上传。`,
  requested: (name) => `审核人员要求补充${name},请上传。`,
  noFile: (name) => `${name}没有上传文件。`,
  issuedOnMissing: (name) => `请填写${name}的出具日期。`,
  issuedInFuture: (name) => `${name}的出具日期不能晚于提交日期。`,
  tooOld: (name, { recordMonths }) => `${name}应为近 ${recordMonths} 个月内出具,请提供近期的。`,
  hospitalLevel: (name, { minimumHospitalLevel }) => `${name}应由${levelName(minimumHospitalLevel)}医疗机构出具。`,
  hospitalUnrecognised: (name, _, hospitals) => `${name}应由该病种的认定医院出具:${hospitals.join('、')}。`,
};

export interface Finding extends MissingMaterial {
  detail: string;
}

/** What the reviewer should know that isn't about one material. */
export interface CaseFinding {
  reason: 'verificationFailed' | 'insuredTypeDiffers' | 'byAgent' | 'otherPhone' | 'filedBeside' | CoreEventKind;
  detail: string;
}

/** How many cases a finding names. */
const NAMED_CASES = 3;

/** @param insuredType as the insurance core knows it; undefined while it hasn't been asked */
export function caseFindingsOf(
  verified: boolean | null | undefined,
  declared: InsuredType,
  insuredType: InsuredType | undefined,
): CaseFinding[] {
  const names = { declared: insuredTypeNames[declared], actual: insuredType && insuredTypeNames[insuredType] };
  return [
    ...(verified === false
      ? [{ reason: 'verificationFailed' as const, detail: '线下核验未通过:原件与所交材料不一致,说明见办理记录。' }]
      : []),
    ...(insuredType !== undefined && insuredType !== declared
      ? [
          {
            reason: 'insuredTypeDiffers' as const,
            detail: `申请人填写的参保类型是${names.declared},医保系统中是${names.actual},待遇按医保系统计算。`,
          },
        ]
      : []),
  ];
}

/** The insurance core has told since of what stands against granting the application. */
export function coreEventFinding(reason: CoreEventKind): CaseFinding {
  return { reason, detail: `医保系统通知:${coreEventNames[reason]}。现在通过也不予备案,请核实。` };
}

/**
 * What the reviewer should know of who filed.
 * @param relation of the agent (代办人), where one acts
 * @param otherPhone the phone is none of the person's earlier ones
 * @param beside acceptance numbers of their other open applications for the same
 */
export function filingFindings({
  relation,
  otherPhone,
  beside,
}: {
  relation?: string | undefined;
  otherPhone: boolean;
  beside: string[];
}): CaseFinding[] {
  const found: CaseFinding[] = [];
  if (relation !== undefined) {
    const detail = `由代办人(${relation})办理,请核实代办人身份和授权;参保人以往的手机号已另行告知。`;
    found.push({ reason: 'byAgent', detail });
  }
  if (otherPhone) {
    const detail = '手机号与参保人以往申请、认定或医保系统中的都不同,请核实是否本人申请;以往的手机号已另行告知。';
    found.push({ reason: 'otherPhone', detail });
  }
  if (beside.length > 0) {
    const numbers = beside.slice(0, NAMED_CASES).join('、');
    const detail = `同一参保人另有未办结的同类申请(受理号 ${numbers}),请一并核实由谁提交。`;
    found.push({ reason: 'filedBeside', detail });
  }
  return found;
}

/** From which level of hospital on (二级及以上). */
export function levelName(level: number): string {
  return `${'一二三'[level - 1]}级及以上`;
}

/** What is wrong with an application's materials by this policy, in words. */
export function findings(policy: Policy, application: MaterialsCase, disease?: Disease): Finding[] {
  const rules = materialRulesFor(policy, disease);
  const hospitals = recognisedHospitals(policy, disease) ?? [];
  return missingMaterials(application, rules).map((missing) => ({
    ...missing,
    detail: advice[missing.reason](
      materialName(policy, missing.kind),
      rules,
      hospitals.map(({ name }) => name),
    ),
  }));
}

/** A reviewer's finding: a file of this kind was handed in for another insured person too, in these cases. */
export function sameFileFinding(policy: Policy, kind: MaterialKind, acceptanceNumbers: string[]) {
  const named = acceptanceNumbers.slice(0, NAMED_CASES).join('、');
  const more = acceptanceNumbers.length > NAMED_CASES ? '等' : '';
  const detail = `${materialName(policy, kind)}与受理号 ${named} ${more}的另一参保人提交的文件完全相同,请核实。`;
  return { kind, reason: 'sameFile', detail };
}

/** A reviewer's finding: a file of this kind was handed in with another date of issue at another time. */
export function otherDateFinding(policy: Policy, kind: MaterialKind, dates: string[]) {
  const detail = `${materialName(policy, kind)}的文件另有一次提交时填写的出具日期为 ${dates.join('、')},与本次不同,请核对。`;
  return { kind, reason: 'otherDate', detail };
}
