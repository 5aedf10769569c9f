import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import getPort from 'get-port';
import { coreEvent } from '../../../store/insurance/tables.ts';
import { dataKey, hashKey } from '../../harness/database/store.ts';
import { holderOf, tellAsCore } from '../../harness/http/core-events.ts';
import { describeApi } from '../../harness/http/describe-api.ts';
import { dayFromNow } from '../../harness/http/documents.ts';
import { tokenIssuer } from '../../harness/http/tokens.ts';
import { keepHouse } from '../../harness/office/housekeeping.ts';
import { realProgram } from '../../harness/programs/real-program.ts';
import { until } from '../../harness/until.ts';

/** Takes connections, and never says a word. */
async function silentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

await describeApi('what the insurance core tells an api that is killed', (http) => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  /** The api's program, for which Temporal doesn't answer. */
  async function deafApi() {
    const temporal = await silentServer();
    const port = String(await getPort({ host: '127.0.0.1' }));
    const api = realProgram('api/main.ts', {
      DATABASE_URL: http.cables.api.url,
      TEMPORAL_ADDRESS: temporal.address,
      DATA_KEYS: dataKey('k1', 7),
      DATA_HASH_KEY: hashKey,
      FILES_DIR: http.store.filesDir,
      EMBEDDED_TOKEN_KEY: (await tokenIssuer()).publicKey,
      INSURANCE_HOOK_SECRET: http.hookSecret,
      PUBLIC_URL: http.publicUrl,
      HOST: '127.0.0.1',
      PORT: port,
    });
    ends.push(api.kill, temporal.close);
    await api.start();
    return { url: `http://127.0.0.1:${port}`, kill: api.kill };
  }

  it('between writing it down and doing it, is done by housekeeping', async () => {
    const person = await holderOf(http, dayFromNow(-10), dayFromNow(0));
    const event = person.event({ on: dayFromNow(-1) });
    const api = await deafApi();
    const answer = tellAsCore(http, event, { url: api.url }).catch(() => 'none');
    const ofEvent = eq(coreEvent.eventId, event.eventId);
    const row = async () => (await http.store.db.select().from(coreEvent).where(ofEvent))[0];
    await until('it is written down', async () => (await row()) !== undefined);
    await api.kill();
    expect(await answer).toBe('none');
    expect([await person.statuses(), (await row())?.settledAt]).toEqual([['active', 'active'], null]);

    await keepHouse(http.env.client);
    expect(await person.statuses()).toEqual(['active', 'active']);
    // Half a minute has passed: nobody is at it any more.
    const receivedAt = new Date(Date.now() - 60_000).toISOString();
    await http.store.db.update(coreEvent).set({ receivedAt }).where(ofEvent);
    await keepHouse(http.env.client);
    expect(await person.statuses()).toEqual(['revoked', 'active']);
    expect((await row())?.settledAt).toEqual(expect.any(String));
    expect((await tellAsCore(http, event)).status).toBe(204);
    expect(await person.revocations()).toEqual(['movedAway']);
  });
});
