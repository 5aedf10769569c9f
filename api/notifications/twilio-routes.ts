import express from 'express';
import { twilioHookPath, twilioHookUrl } from '../../config/env.ts';
import { recordReceipt } from '../../store/notifications/receipts.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../http/errors.ts';
import { route } from '../http/route.ts';
import { isFromTwilio, receiptOf } from './twilio-receipt.ts';

/** `POST /v1/hooks/twilio/status`: Twilio tells what became of a 短信. What has failed is taken up by housekeeping. */
export function twilioHookRoutes({ store, now, twilioAuthToken, publicUrl }: ApiContext) {
  return [
    route({
      method: 'post',
      path: twilioHookPath,
      summary: 'Twilio 短信回执',
      roles: [],
      before: express.urlencoded({ extended: false, limit: '16kb' }),
      answers: {
        204: { description: 'Heard; late and repeated ones change nothing. Form data, signed in X-Twilio-Signature' },
      },
      async handle({ request, response }) {
        const parameters: Record<string, unknown> = request.body ?? {};
        const callback = { signature: request.get('x-twilio-signature'), parameters };
        const signed =
          twilioAuthToken && publicUrl && isFromTwilio(callback, twilioHookUrl(publicUrl), twilioAuthToken);
        if (!signed)
          throw new Problem(403, 'wrong-signature', '回执的签名不符,请核对 PUBLIC_URL 和 TWILIO_AUTH_TOKEN。');
        const receipt = receiptOf(parameters);
        const { providerId = '' } = receipt ?? {};
        if (receipt) await recordReceipt(store, { provider: 'twilio', providerId }, receipt, now());
        response.status(204).end();
        return undefined;
      },
    }),
  ];
}
