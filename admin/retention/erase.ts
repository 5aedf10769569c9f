import type { Keeping } from '../../activities/housekeeping/keeping.ts';
import { goOnErasing } from '../../activities/retention/erase.ts';
import { shanghaiMinute } from '../../domain/dates.ts';
import { beginErasure, StillOpen } from '../../store/retention/erasures.ts';
import { type Act, holdsOn, UnderHold } from '../../store/retention/holds.ts';

type Outcome = { done: boolean; text: string };

/**
 * Erases a person, or finishes what was begun.
 * @returns what was done, or what has to be done first, in words
 */
export async function erase(
  keeping: Pick<Keeping, 'client' | 'store' | 'now'>,
  idNumber: string,
  act: Act,
): Promise<Outcome> {
  const { store } = keeping;
  const hash = store.keyring.hash(idNumber);
  try {
    const begun = await beginErasure(store, hash, act);
    const { erasure, held } = await goOnErasing(keeping, begun);
    const { id, cases, accreditations, files } = erasure;
    const counts = `已删除申请 ${cases} 件、认定 ${accreditations} 项、文件 ${files} 个的个人信息;记录编号 ${id}。`;
    if (held) return { done: false, text: `${counts}其余的在删除中被设为法律保留,没有删除。` };
    return { done: true, text: cases + accreditations + files === 0 ? `${counts}没有查到该人的其他信息。` : counts };
  } catch (error) {
    if (error instanceof UnderHold) return { done: false, text: await heldInWords(keeping, hash) };
    if (error instanceof StillOpen) return { done: false, text: openInWords(error) };
    throw error;
  }
}

async function heldInWords({ store }: Pick<Keeping, 'store'>, hash: string): Promise<string> {
  const holds = await holdsOn(store, hash);
  const lines = holds.map(({ acceptanceNumber, reason, setBy, setAt }) => {
    return `${acceptanceNumber ?? '该人'}:${reason}(${setBy},${shanghaiMinute(setAt)})`;
  });
  return ['处于法律保留,没有删除。解除(lift-hold)后重新执行。', ...lines].join('\n');
}

function openInWords({ cases, asAgent, accreditations }: StillOpen): string {
  const lines = [
    ['还有在办的申请', cases, '请先由申请人撤回,或等办结'],
    ['还有由其代办的在办申请', asAgent, '请等办结,或由申请人撤回'],
    ['还有未终止的认定', accreditations, '删除后无法享受待遇;本人放弃的,请先由主管撤销并注明,或等认定终止'],
  ] as const;
  const said = lines
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids, todo]) => `${what} ${ids.join('、')}:${todo}。`);
  return ['没有删除:', ...said, '然后重新执行。'].join('\n');
}
