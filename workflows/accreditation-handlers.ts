import { ApplicationFailure, CancellationScope, condition, currentUpdateInfo, setHandler } from '@temporalio/workflow';
import {
  type AccreditationMessage,
  type AccreditationMessageName,
  accreditationAfter,
} from '../domain/accreditation.ts';
import { accreditationMessageNames, malformedAccreditationFields } from '../domain/accreditation-messages.ts';
import type { AccreditationEntryDetail, AccreditationEntryKind } from '../domain/accreditation-timeline.ts';
import { isSender } from '../domain/checks.ts';
import { shanghaiDate } from '../domain/dates.ts';
import { type Accreditation, addAccreditationChange, applyAccreditationEvent } from './accreditation-case.ts';
import { type AccreditationProgress, accreditationMessages, accreditationProgress } from './messages.ts';

/** As `registerHandlers` for a case: every message as Update and as Signal, before the first await. */
export function registerAccreditationHandlers(one: Accreditation): void {
  setHandler(accreditationProgress, () => progressOf(one));
  for (const name of accreditationMessageNames) {
    setHandler(
      accreditationMessages[name].update,
      async (payload: unknown) => {
        assertFits(one, name, payload);
        const sequence = apply(one, { name, payload } as AccreditationMessage, 'api', currentUpdateInfo()?.id);
        await CancellationScope.nonCancellable(() => condition(() => one.recorded >= sequence));
        return progressOf(one);
      },
      { validator: (payload: unknown) => assertFits(one, name, payload) },
    );
    setHandler(accreditationMessages[name].signal, (payload: unknown) => noteOrApply(one, name, payload));
  }
}

function progressOf({ id, state }: Accreditation): AccreditationProgress {
  const { status, validFrom, validUntil, renewal } = state;
  return { accreditationId: id, status, validFrom, validUntil, renewal: renewal?.acceptanceNumber ?? null };
}

/** @throws ApplicationFailure of type `MalformedMessage` or `Conflict`; a plain Error would stall the workflow */
function assertFits(one: Accreditation, name: AccreditationMessageName, payload: unknown): void {
  const fields = malformedAccreditationFields(name, payload);
  if (fields.length > 0) throw refusal('MalformedMessage', name, { fields });
  if (!fits(one, { name, payload } as AccreditationMessage))
    throw refusal('Conflict', name, { status: one.state.status });
}

function fits(one: Accreditation, message: AccreditationMessage): boolean {
  return accreditationAfter(one.state, message, shanghaiDate(new Date().toISOString())) !== null;
}

function refusal(type: string, message: string, why: { status?: string; fields?: string[] }) {
  const words = why.fields ? `malformed: ${why.fields.join(', ')}` : `not possible in status ${why.status}`;
  const details = [{ message, ...why }];
  return ApplicationFailure.create({ type, message: `${message}: ${words}`, details, nonRetryable: true });
}

/** A signal's sender is only claimed, which is not enough to revoke; what doesn't fit is noted and changes nothing. */
function noteOrApply(one: Accreditation, name: AccreditationMessageName, payload: unknown): void {
  const fields = malformedAccreditationFields(name, payload);
  const message = { name, payload } as AccreditationMessage;
  if (fields.length === 0 && name !== 'revoke' && fits(one, message)) {
    apply(one, message, 'signal');
    return;
  }
  one.messagesReceived += 1;
  const by = (payload as { by?: unknown } | null)?.by;
  const detail = { message: name, ...(fields.length > 0 ? { fields } : {}) };
  const entry = {
    kind: 'messageIgnored',
    by: isSender(by) ? (by as string) : 'unknown',
    via: 'signal',
    detail,
  } as const;
  addAccreditationChange(one, one.state, entry);
}

const kinds: Record<AccreditationMessageName, AccreditationEntryKind> = {
  renewalFiled: 'renewalFiled',
  renewalEnded: 'renewalEnded',
  renewed: 'renewed',
  institutionChanged: 'institutionChanged',
  revoke: 'revoked',
};

/** Applies a message that fits. */
function apply(one: Accreditation, message: AccreditationMessage, via: 'api' | 'signal', requestId?: string): number {
  one.messagesReceived += 1;
  const { by = 'system', ...detail }: { by?: string } & AccreditationEntryDetail = message.payload;
  const entry = { kind: kinds[message.name], by, via, detail, ...(requestId ? { requestId } : {}) };
  return applyAccreditationEvent(one, message, entry) as number;
}
