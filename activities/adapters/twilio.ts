import twilio from 'twilio';
import type { MessageProvider } from './provider.ts';
import { MessageRefused, ProviderUnavailable } from './provider.ts';

/** Shorter than the worker's grace period, so that a message under way at shutdown is finished and recorded. */
const TIMEOUT_MS = 10_000;

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0];

/** The library's own HTTP client, which can be pointed at a stand-in and keeps the provider's Retry-After. */
class TwilioHttp extends twilio.RequestClient {
  readonly #origin: string | undefined;

  constructor(origin: string | undefined) {
    super({ timeout: TIMEOUT_MS });
    this.#origin = origin;
  }

  override async request<Body>(options: RequestOptions) {
    const { pathname, search } = new URL(options.uri);
    const uri = this.#origin ? new URL(pathname + search, this.#origin).href : options.uri;
    const response = await super.request<Body>({ ...options, uri } as never);
    if (response.statusCode === 429 || response.statusCode >= 500) {
      const retryAfter = Number((response.headers as Record<string, string> | undefined)?.['retry-after']);
      throw new ProviderUnavailable(`HTTP ${response.statusCode}`, {
        retryAfterMs: retryAfter > 0 ? retryAfter * 1000 : undefined,
        uncertain: response.statusCode !== 429,
      });
    }
    return response;
  }
}

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string;
  /** Origin of a server that stands in for Twilio's; undefined for Twilio itself. */
  baseUrl?: string | undefined;
}

/** 短信 through Twilio's Messages resource. */
export function createTwilio({ accountSid, authToken, from, baseUrl }: TwilioSettings): MessageProvider {
  const client = twilio(accountSid, authToken, { httpClient: new TwilioHttp(baseUrl) });
  return {
    async send({ address, body }) {
      try {
        const { sid } = await client.messages.create({ to: address, from, body });
        return sid;
      } catch (error) {
        throw meaning(error);
      }
    },
  };
}

/** Twilio's codes for a sender (our number) that is missing, isn't ours or can't send. */
const senderErrors = [21603, 21606, 21659, 21660];

/** Wrong credentials and a wrong sender are the operator's to mend, not the message's fault; any other 4xx is an answer about the message. */
function meaning(error: unknown): Error {
  if (error instanceof ProviderUnavailable) return error;
  if (error instanceof twilio.RestException) {
    const reason = `Twilio ${error.code ?? error.status}`;
    const ours = [401, 403, 408].includes(error.status) || senderErrors.includes(error.code ?? 0);
    const permanent = error.status >= 400 && error.status < 500 && !ours;
    return permanent ? new MessageRefused(reason) : new ProviderUnavailable(reason);
  }
  return new ProviderUnavailable((error as { code?: string }).code ?? 'no answer');
}
