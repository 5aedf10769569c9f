import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createInsuranceHttp } from '../../../activities/insurance/adapters/http.ts';
import { createFaults } from '../../../dev/stand-ins/faults.ts';
import { insuranceRouter } from '../../../dev/stand-ins/insurance.ts';
import { insuredPeople } from '../../../dev/stand-ins/insured-people.ts';
import { openServers } from '../servers.ts';

const { name, idNumber } = insuredPeople.employee;

/** An accreditation of 李娜's to put on record. */
export const registration = {
  requestId: 'request-1',
  person: { name, idNumber },
  diseaseCode: 'M01600',
  diseaseName: '糖尿病',
  insuredType: 'employee' as const,
  hospital: { code: 'H51040001', name: '攀枝花市中心医院' },
  diagnosis: { doctor: { name: '王伟', code: 'D510400000001' }, diagnosedOn: '2026-11-20' },
  institution: '攀枝花市中心医院',
  furtherInstitutions: null,
  validFrom: '2026-11-23',
  validUntil: null,
};

/** Every demo person, with the state. */
export const states = Object.entries(insuredPeople);

export type Core = Awaited<ReturnType<typeof startCore>>;

/**
 * Starts the stand-in for the insurance core on 127.0.0.1, below a path as the embedded stack has it, and other servers
 * as asked.
 * @param region of the city, unless it is 攀枝花
 */
export async function startCore(region?: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'mente-insurance-'));
  const faults = createFaults();
  const { serve, close } = openServers();
  const standIn = async () => {
    const router = insuranceRouter({ insuranceToken: 'token', ...(region ? { region } : {}) }, faults, dataDir);
    return `${await serve(express().use('/insurance', router))}/insurance`;
  };
  let url = await standIn();
  return {
    file: join(dataDir, 'insurance.jsonl'),
    faults,
    url: () => url,
    /** @returns the origin of a server that answers like this */
    serve,
    /** The next requests go to another instance, which only has the file. */
    async restart() {
      url = await standIn();
    },
    adapter: ({ baseUrl = url, token = 'token', timeoutMs = 5_000 } = {}) =>
      createInsuranceHttp({ baseUrl, token, timeoutMs }),
    async stop() {
      await close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
