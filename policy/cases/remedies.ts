import type { AccreditationStatus, Status } from '../../domain/vocabulary.ts';
import type { Policy } from '../schema.ts';
import { chineseDate, fill } from '../texts.ts';

/** A way that remains against a decision (救济途径), in words. */
export interface Remedy {
  way: keyof Policy['remedies'];
  name: string;
  detail: string;
}

/** Last days (Shanghai) for a resubmission and for an appeal, and the day on which somebody asks. */
interface Windows {
  windowEndsOn: string | null;
  appealUntil: string | null;
  today: string;
}

/**
 * The ways that remain after a refusal (不予受理), a rejection (不予认定) or a revocation (撤销), nearest first: those within the
 * case itself, 意见反馈 and the hotline (the guide's), 行政复议, 行政诉讼. Empty where nothing of the kind was decided. A case that
 * takes neither a resubmission nor an appeal doesn't stand in the way of a new application.
 * @param windows of a case; an accreditation has none
 */
export function remediesOf(policy: Policy, status: Status | AccreditationStatus, windows?: Windows): Remedy[] {
  if (status !== 'refused' && status !== 'rejected' && status !== 'revoked') return [];
  const open = (until: string | null = null) => (windows && until && until >= windows.today ? until : null);
  const [windowEndsOn, appealUntil] = [open(windows?.windowEndsOn), open(windows?.appealUntil)];
  const ways: Remedy['way'][] = [
    ...(windowEndsOn ? (['resubmit'] as const) : []),
    ...(appealUntil ? (['appeal'] as const) : []),
    ...(windowEndsOn || appealUntil || status === 'revoked' ? [] : (['refile'] as const)),
    'feedback',
    'hotline',
    'reconsideration',
    'litigation',
  ];
  const values = {
    hotline: policy.city.hotline,
    windowEndsOn: chineseDate(windowEndsOn),
    appealUntil: chineseDate(appealUntil),
  };
  return ways.map((way) => {
    const { name, detail, ...terms } = policy.remedies[way];
    return { way, name, detail: fill(detail, { ...values, ...terms }) };
  });
}
