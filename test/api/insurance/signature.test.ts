import { afterEach, expect, it } from '@jest/globals';
import { holderOf, signedByCore, type Telling, tellAsCore } from '../../harness/http/core-events.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';

const today = dayFromNow(0);

await describeApi('what the insurance core tells is signed with a time', (http) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const api of open.splice(0)) await api.close();
  });
  /** Another api, whose clock shows this instant. */
  const apiAt = async (instant: number) => {
    const api = await http.at(new Date(instant).toISOString());
    open.push(api);
    return api;
  };
  const told = async (event: object, telling?: Telling) => (await tellAsCore(http, event, telling)).status;

  it('that is five minutes from now at most, either way', async () => {
    const person = await holderOf(http, today);
    const now = Date.now();
    const api = await apiAt(now - (now % 1_000));
    const signed = async (seconds: number) => {
      const event = person.event({ on: dayFromNow(-1) });
      const { status, body } = await tellAsCore(http, event, { url: api.url, signedAt: now + seconds * 1_000 });
      return [seconds, status, body.code];
    };
    const refused = (seconds: number) => [seconds, 401, 'unauthenticated'];
    const answers = await Promise.all([-86_400, -301, -300, 0, 300, 301, 86_400].map(signed));
    const taken = (seconds: number) => [seconds, 204, undefined];
    expect(answers).toEqual([
      ...[refused(-86_400), refused(-301), taken(-300), taken(0), taken(300), refused(301), refused(86_400)],
    ]);
    expect(await person.statuses()).toEqual(['active']);
  });

  it('and is refused when the same bytes come again later, whatever became of it', async () => {
    const person = await holderOf(http, today);
    const [event, signedAt] = [person.event(), Date.now()];
    const later = await apiAt(signedAt + 6 * 60_000);
    const replay = () => tellAsCore(http, event, { url: later.url, signedAt });
    expect((await replay()).status).toBe(401);
    expect(await person.statuses()).toEqual(['active']);
    expect(await told(event, { signedAt })).toBe(204);
    const { status, body } = await replay();
    expect([status, body.detail]).toEqual([
      401,
      '签名时间与本系统相差超过五分钟,请校准时钟,并以当前时间重新签名后发送。',
    ]);
    expect(await told(event, { signedAt: Date.now() + 1_000 })).toBe(204);
    expect(await person.revocations()).toEqual(['movedAway']);
  });

  it('which the signature covers', async () => {
    const person = await holderOf(http, today);
    const event = person.event();
    const { 'x-signature': signature } = signedByCore(http.hookSecret, JSON.stringify(event), Date.now() - 400_000);
    const other = { 'x-signature': signature as string };
    const withTime = (timestamp: string) => ({ headers: { 'x-timestamp': timestamp } });
    for (const telling of [
      { headers: other },
      { secret: 'another secret' },
      { headers: { 'x-signature': '' } },
      ...['', 'now', '1e9', '-1', ' 1', '99999999999999999999', `${Date.now()}`].map(withTime),
    ]) {
      expect([telling, await told(event, telling)]).toEqual([telling, 401]);
    }
    const unsigned = await http.withToken().post('/v1/hooks/insurance-core', event);
    expect(unsigned.status).toBe(401);
    expect(await person.statuses()).toEqual(['active']);
  });
});
