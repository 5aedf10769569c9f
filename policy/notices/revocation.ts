import { type AccreditationChange, revokedOn } from '../../domain/accreditations/timeline.ts';
import type { NoticeDraft } from '../../domain/notices.ts';
import { remediesOf } from '../cases/remedies.ts';
import { diseaseOf } from '../catalogue.ts';
import type { Policy } from '../schema.ts';
import { chineseDate, fill, hoursOf } from '../texts.ts';
import { listed, noticeDraft } from './case.ts';

/** A revocation (撤销), and the accreditation that it happened to. */
export interface Revocation {
  accreditationId: string;
  name: string;
  idNumber: string;
  diseaseCode: string;
  change: AccreditationChange;
}

/** Words the decision (撤销认定决定书) by the policy; it takes effect on the day that the insurance core is told too. */
export function revocationNotice(policy: Policy, revocation: Revocation): NoticeDraft {
  const { accreditationId, name, idNumber, diseaseCode, change } = revocation;
  const { at, detail } = change.entry;
  const values = {
    accreditationId,
    disease: diseaseOf(policy, diseaseCode)?.name ?? diseaseCode,
    reason: detail.reason,
    revokedOn: chineseDate(revokedOn(change.entry)),
    hotline: policy.city.hotline,
    place: policy.window.place,
    hours: hoursOf(policy),
  };
  const remedies = listed(remediesOf(policy, change.state.status));
  const sections = policy.notices.revocation.sections.map(({ text, items }) => {
    return { text: fill(text, values), ...(items ? { items: remedies } : {}) };
  });
  return noticeDraft(policy, 'revocation', { name, idNumber, sections, at });
}
