import { crossesAnother } from '../../../domain/cases/crossing.ts';
import type { Messages } from '../../../domain/cases/messages.ts';
import { belatedKinds, isFirstRequest, judgedBy } from '../../../domain/cases/one-time-notice.ts';
import { shanghaiDate } from '../../../domain/dates.ts';
import { materialName } from '../../../policy/catalogue.ts';
import { readCase } from '../../../store/cases/queries.ts';
import type { ApplicationRow } from '../../../store/cases/tables.ts';
import type { ApiContext } from '../../context.ts';
import { problems } from '../../http/errors.ts';
import { findingsInForce } from '../findings.ts';
import { kindErrors } from '../form-checks.ts';
import { conflict, objected } from './send.ts';

/**
 * Checks a request for materials by 一次性告知: the first request has to name everything that the rules find missing;
 * what it didn't name only a supervisor may ask for later, with a reason. One that replaces another has to name all that
 * is missing, too: it is what the applicant goes by.
 * @throws Problem 409 or 422
 */
export async function checkRequest(
  { store, policies, now }: ApiContext,
  row: ApplicationRow,
  request: Messages['requestMaterials'],
): Promise<void> {
  if (crossesAnother(row.state, request)) throw conflict(row.status);
  const { items, belatedReason, authority } = request;
  const policy = policies.of(row.policyVersion);
  const unknown = kindErrors(policy, 'items', items);
  if (unknown.length > 0) throw problems.invalid(unknown);
  const named = items.map(({ kind }) => kind);
  const nameOf = (kind: (typeof named)[number]) => materialName(policy, kind);
  const state = judgedBy(row.state, shanghaiDate(now()));
  const belated = belatedKinds(state, named);
  if (belated.length > 0 && authority !== 'supervisor') {
    throw objected(
      'belatedRequest',
      belated.map((kind) => ({ field: 'items', code: 'belated', detail: `${nameOf(kind)}:首次告知时没有列出。` })),
    );
  }
  if (belated.length > 0 && belatedReason === undefined) {
    const detail = `${belated.map(nameOf).join('、')}在首次告知时没有列出,请填写现在才要求的理由。`;
    throw problems.invalid([{ field: 'belatedReason', code: 'missing', detail }]);
  }
  if (belated.length === 0 && belatedReason !== undefined) {
    const detail = '所列材料都可以正常要求补充,请去掉“事后要求的理由”。';
    throw problems.invalid([{ field: 'belatedReason', code: 'notBelated', detail }]);
  }
  if (!isFirstRequest(state) && row.status !== 'awaitingMaterials') return;
  const findings = findingsInForce(policies, row, await readCase(store, row.acceptanceNumber));
  const unnamed = findings.filter(({ kind }) => !named.includes(kind));
  if (unnamed.length === 0) return;
  throw problems.invalid(
    unnamed.map(({ kind, detail }) => {
      return { field: 'items', code: 'notNamed', detail: `要一次性告知,请把${nameOf(kind)}一并列出:${detail}` };
    }),
  );
}
