import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CoreUnavailable,
  type InsuranceCore,
  RegistrationRefused,
} from '../../../../activities/insurance/adapters/core.ts';
import type { Fault } from '../../../../dev/stand-ins/faults.ts';
import { insuredPeople } from '../../../../dev/stand-ins/insured-people.ts';
import { addDays, shanghaiDate } from '../../../../domain/dates.ts';
import { type Core, registration, startCore, states } from '../../../harness/providers/insurance-core.ts';

const { name, idNumber } = registration.person;
const today = () => shanghaiDate(new Date().toISOString());

let core: Core;
beforeEach(async () => {
  core = await startCore();
});
afterEach(() => core.stop());

const known = (person: { idNumber: string }) => core.adapter().person({ name: '某某', idNumber: person.idNumber });
const personOf = async (person: { idNumber: string }) => (await known(person))?.insured ?? null;
const recorded = (person: { idNumber: string }) => core.adapter().accreditations({ idNumber: person.idNumber });

describe('the adapter', () => {
  const normal = { status: 'normal', arrears: false, insuredType: 'employee', region: '510400' };

  it('tells how everybody is insured', async () => {
    const differing: Partial<Record<keyof typeof insuredPeople, object | null>> = {
      resident: { insuredType: 'resident', tier: '二档' },
      flexible: { insuredType: 'flexible' },
      child: { insuredType: 'resident', tier: '一档' },
      student: { insuredType: 'resident', tier: '一档' },
      arrears: { arrears: true },
      suspended: { status: 'suspended' },
      terminated: { status: 'terminated' },
      deceased: { status: 'deceased' },
      movedAway: { status: 'movedAway' },
      insuredElsewhere: { region: '510100' },
      notInsured: null,
    };
    for (const [state, person] of states) {
      const differs = differing[state as keyof typeof insuredPeople];
      expect([state, await personOf(person)]).toEqual([state, differs === null ? null : { ...normal, ...differs }]);
    }
    expect(await personOf({ idNumber: '510402196001011119' })).toEqual(normal);
  });

  it('tells who it has on record, by which phone, whatever name it is asked for', async () => {
    const { name, idNumber, phone } = insuredPeople.accreditationRunning;
    expect(await known({ idNumber })).toMatchObject({ name, phone });
    expect(await known(insuredPeople.employee)).toMatchObject({ name: insuredPeople.employee.name, phone: null });
  });

  it('tells filings and earlier accreditations, counted from today', async () => {
    const filings = await Promise.all(
      states.map(([, { idNumber }]) => core.adapter().crossRegionFilings({ idNumber })),
    );
    expect(filings.flat().map(({ validUntil }) => validUntil)).toEqual(
      [275, -30].map((days) => addDays(today(), days)),
    );
    const earlier = (await Promise.all(states.map(([, person]) => recorded(person)))).flat();
    expect(earlier.map(({ validUntil }) => validUntil)).toEqual([30, -10, -400].map((days) => addDays(today(), days)));
    expect(earlier[0]).toEqual({
      registrationNumber: 'LS5104000000001',
      diseaseCode: 'M00500',
      insuredType: 'employee',
      institution: '攀枝花市中心医院',
      furtherInstitutions: null,
      validFrom: addDays(today(), -700),
      validUntil: addDays(today(), 30),
    });
  });

  it('registers, replaces and revokes', async () => {
    const { name, idNumber } = insuredPeople.accreditationRunning;
    const own = { ...registration, person: { name, idNumber } };
    const replacing = await core.adapter().register({ ...own, replaces: 'LS5104000000001' });
    const { requestId: _, person: __, diseaseName: ___, hospital, diagnosis, ...registered } = registration;
    expect(await recorded({ idNumber })).toEqual([{ registrationNumber: replacing, ...registered }]);
    for (let i = 0; i < 2; i++) {
      await core.adapter().revoke({ requestId: 'request-2', registrationNumber: replacing, on: '2026-12-01' });
    }
    expect(await recorded({ idNumber })).toEqual([]);
    await core.adapter().revoke({ requestId: 'request-3', registrationNumber: 'never registered', on: '2026-12-01' });
    const foreign = core.adapter().register({ ...registration, requestId: 'request-4', replaces: replacing });
    await expect(foreign).rejects.toThrow(new RegistrationRefused('未查到要变更的备案'));
  });

  it("passes on why a registration is refused, cut to what a reason's length may be", async () => {
    const { name, idNumber } = insuredPeople.registrationRefused;
    const refused = core.adapter().register({ ...registration, person: { name, idNumber } });
    await expect(refused).rejects.toThrow(RegistrationRefused);
    await expect(refused).rejects.toThrow(/^定点医疗机构已停止服务$/);
    const wordy = await core.serve((_, response) => {
      response.writeHead(422).end(JSON.stringify({ code: 'x', message: '𠮷'.repeat(300) }));
    });
    await expect(core.adapter({ baseUrl: wordy }).register(registration)).rejects.toThrow(
      new RegistrationRefused('𠮷'.repeat(200)),
    );
  });
});

type PlannedFault = Omit<Fault, 'times' | 'every'>;

/** Every way to ask the core. */
const questions: Record<keyof InsuranceCore, (adapter: InsuranceCore) => Promise<unknown>> = {
  person: (adapter) => adapter.person({ name, idNumber }),
  crossRegionFilings: (adapter) => adapter.crossRegionFilings({ idNumber }),
  accreditations: (adapter) => adapter.accreditations({ idNumber }),
  register: (adapter) => adapter.register(registration),
  revoke: (adapter) => adapter.revoke({ requestId: 'r', registrationNumber: 'LS5104000000001', on: '2026-12-01' }),
};

async function expectUnavailable(adapter: InsuranceCore, message: string, methods = Object.keys(questions)) {
  for (const method of methods) {
    const error = await questions[method as keyof InsuranceCore](adapter).catch((thrown: unknown) => thrown);
    expect([method, error]).toEqual([method, new CoreUnavailable(message)]);
    expect(error).toBeInstanceOf(CoreUnavailable);
    expect((error as Error).cause).toBeUndefined();
  }
}

describe('while the core is out of order', () => {
  it.each<[string, PlannedFault, string]>([
    ['connections are cut before', { cut: 'before' }, 'no answer'],
    ['connections are cut after', { cut: 'after' }, 'no answer'],
    ['there are too many requests', { status: 429, retryAfter: 1 }, 'HTTP 429'],
    ['it fails', { status: 500 }, 'HTTP 500'],
    ['it is slower than the time-out', { delayMs: 300 }, 'no answer'],
  ])('says so, and asks again as usual: %s', async (_, fault, message) => {
    core.faults.plan({ ...fault, times: 5 });
    await expectUnavailable(core.adapter({ timeoutMs: fault.delayMs ? 100 : 5_000 }), message);
    expect(await personOf({ idNumber })).toMatchObject({ status: 'normal' });
  });

  it.each<[string, PlannedFault]>([
    ['cut off after it was accepted', { cut: 'after' }],
    ['given up while it was under way', { delayMs: 300 }],
  ])('registers nothing twice that was %s', async (_, fault) => {
    core.faults.plan(fault);
    await expectUnavailable(core.adapter({ timeoutMs: fault.delayMs ? 100 : 5_000 }), 'no answer', ['register']);
    expect(await recorded({ idNumber })).toHaveLength(fault.cut ? 1 : 0);
    const registrationNumber = await core.adapter().register(registration);
    await wait(fault.delayMs ?? 0);
    expect(await recorded({ idNumber })).toMatchObject([{ registrationNumber }]);
  });

  it.each<[string, number, string, string]>([
    ['a page', 200, '<html>510402198803152122</html>', 'unexpected answer'],
    ['nothing', 200, '', 'unexpected answer'],
    ['half an answer', 200, '{"status":"normal","items":[{"number"', 'unexpected answer'],
    ['something else', 200, '{"status":"asleep","items":[{}],"registrationNumber":7}', 'unexpected answer'],
    [
      'dates that are none',
      200,
      '{"items":[{"number":"1","validFrom":"2026-02-30","validUntil":null}]}',
      'unexpected answer',
    ],
    ["a gateway's 404", 404, '{"code":"noRoute","message":"no such route"}', 'HTTP 404'],
    ['403', 403, '{}', 'HTTP 403'],
    ['503', 503, '', 'HTTP 503'],
    ['the way to elsewhere', 307, '', 'HTTP 307'],
  ])('takes no nonsense: %s', async (_, status, body, message) => {
    const baseUrl = await core.serve((_, response) => {
      response.writeHead(status, { location: `${core.url()}/v1/insured-persons/query` }).end(body);
    });
    const questioned = Object.keys(questions).filter((method) => method !== 'revoke');
    await expectUnavailable(core.adapter({ baseUrl }), message, questioned);
    await expectUnavailable(core.adapter({ baseUrl }), `HTTP ${status}`, ['revoke']);
  });

  it('takes no refusal without a reason, no answer that breaks off, no wrong token and nobody there', async () => {
    const reasonless = await core.serve((_, response) => void response.writeHead(422).end('{}'));
    await expectUnavailable(core.adapter({ baseUrl: reasonless }), 'unexpected answer', ['register']);
    const breaking = await core.serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"status"');
      setTimeout(() => response.destroy(), 20);
    });
    await expectUnavailable(core.adapter({ baseUrl: breaking }), 'no answer');
    await expectUnavailable(core.adapter({ token: 'wrong' }), 'HTTP 401');
    await expectUnavailable(core.adapter({ baseUrl: 'http://127.0.0.1:1' }), 'no answer');
  });
});
