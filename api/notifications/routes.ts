import express from 'express';
import { twilioHookPath, twilioHookUrl } from '../../config/env.ts';
import { rolesFor } from '../../domain/cases/access.ts';
import { type OpenCall, openCalls, recordCall } from '../../store/notifications/calls.ts';
import { inbox } from '../../store/notifications/queries.ts';
import { countUnread, markRead } from '../../store/notifications/read-marks.ts';
import { recordReceipt } from '../../store/notifications/receipts.ts';
import { inboxFor } from '../cases/told.ts';
import type { ApiContext } from '../context.ts';
import { onCall, onInbox, only, signed } from '../http/access.ts';
import { Problem, problems } from '../http/errors.ts';
import { recallRequest } from '../http/idempotency.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { callItem, callsAnswer, type InboxItem, inboxAnswer, readMarkAnswer } from './answers.ts';
import { callRecordSchema } from './requests.ts';
import { isFromTwilio, receiptOf } from './twilio-receipt.ts';

/** The APP inbox, calls to people whom no 短信 reaches, and Twilio's receipts. */
export function notificationRoutes(context: ApiContext) {
  return [...callRoutes(context), ...inboxRoutes(context), ...twilioHookRoutes(context)];
}

/** Calls (电话告知) to people whom no 短信 reaches. */
function callRoutes({ store, now }: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/calls',
      summary: '待打电话:短信没有送到的申请人',
      access: only(...rolesFor.call),
      audit: { action: 'read', kind: 'call', part: 'calls' },
      query: listQuery,
      answers: { 200: { description: 'Those that wait longest first', schema: callsAnswer } },
      async handle({ query: { cursor, limit }, user }) {
        const ended = decodeCursor(cursor, cursors.calls);
        const calls = await openCalls(store, { after: ended && { since: ended[0], id: ended[1] }, limit });
        const ends = ({ since, id }: OpenCall) => [since, id];
        return { status: 200, body: page(calls, limit, ends, (call) => callItem(user, call)), about: aboutWhat(calls) };
      },
    }),
    route({
      method: 'post',
      path: '/v1/calls/{id}/record',
      summary: '登记电话告知结果',
      refusals: '409 call-done',
      access: onCall,
      audit: { action: 'change', kind: 'call', part: 'call' },
      body: callRecordSchema,
      example: { outcome: 'reached' },
      idempotent: true,
      answers: { 204: { description: 'Taken down; a call that reached nobody stays to be made' } },
      async handle({ request, params, body, user }) {
        const id = params.id as string;
        const { keyed, remembered } = await recallRequest(store, request, user.subject);
        const record = { ...body, by: user.subject, at: now(), request: keyed };
        const outcome = remembered ? 'recorded' : await recordCall(store, id, record);
        if (!outcome) throw problems.notFound();
        if (outcome === 'done')
          throw new Problem(409, 'call-done', '这个电话已经办结,或者不用再打,请刷新“待打电话”列表。');
        return { status: 204 };
      },
    }),
  ];
}

/** The applicant's APP notifications, and which of them they have read. */
function inboxRoutes(context: ApiContext) {
  return [
    route({
      method: 'get',
      path: '/v1/inbox',
      summary: 'APP 消息,最新的在前',
      access: only('applicant'),
      audit: { action: 'read', kind: 'inbox', part: 'notifications' },
      query: listQuery,
      answers: { 200: { description: 'Newest first', schema: inboxAnswer } },
      async handle({ user, query: { cursor, limit } }) {
        const ended = decodeCursor(cursor, cursors.inbox);
        const after = ended && { createdAt: ended[0], id: ended[1] };
        const rows = await inbox(context.store, { person: user.subject, after, limit });
        const items = await inboxFor(context, user, rows);
        const ends = ({ createdAt, id }: InboxItem) => [createdAt, id];
        return {
          status: 200,
          body: { ...page(items, limit, ends, (item) => item), unread: await countUnread(context.store, user.subject) },
          about: { ...aboutWhat(rows), own: true },
        };
      },
    }),
    route({
      method: 'post',
      path: '/v1/inbox/{messageId}/read',
      summary: 'APP 消息标为已读',
      access: onInbox,
      audit: { action: 'change', kind: 'inbox', part: 'readMark' },
      answers: { 200: { description: 'Read; again, nothing changes', schema: readMarkAnswer } },
      async handle({ found: { id, person } }) {
        const readAt = await markRead(context.store, person, id, context.now());
        return { status: 200, body: { id, readAt, unread: await countUnread(context.store, person) } };
      },
    }),
  ];
}

/** `POST /v1/hooks/twilio/status`: Twilio's receipts for 短信. Housekeeping follows up those that failed. */
function twilioHookRoutes({ store, now, twilioAuthToken, publicUrl }: ApiContext) {
  return [
    route({
      method: 'post',
      path: twilioHookPath,
      summary: 'Twilio 短信回执',
      access: signed,
      audit: null,
      before: express.urlencoded({ extended: false, limit: '16kb' }),
      answers: {
        204: { description: 'Heard; late and repeated ones change nothing. Form data, signed in X-Twilio-Signature' },
      },
      async handle({ request }) {
        const parameters: Record<string, unknown> = request.body ?? {};
        const callback = { signature: request.get('x-twilio-signature'), parameters };
        const signed =
          twilioAuthToken && publicUrl && isFromTwilio(callback, twilioHookUrl(publicUrl), twilioAuthToken);
        if (!signed)
          throw new Problem(403, 'wrong-signature', '回执的签名不符,请核对 PUBLIC_URL 和 TWILIO_AUTH_TOKEN。');
        const receipt = receiptOf(parameters);
        const { providerId = '' } = receipt ?? {};
        if (receipt) await recordReceipt(store, { provider: 'twilio', providerId }, receipt, now());
        return { status: 204 };
      },
    }),
  ];
}

/** What calls or notifications are about, for the audit. */
function aboutWhat(items: { acceptanceNumber: string | null; accreditationId: string | null }[]) {
  const objects = items.flatMap(({ acceptanceNumber, accreditationId }) => acceptanceNumber ?? accreditationId ?? []);
  return { objects, people: [] };
}
