import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { sql } from 'drizzle-orm';
import { createPayloadCodec } from '../../../store/encryption/codec.ts';
import type { Store } from '../../../store/open.ts';
import { testKeyring } from '../keyring.ts';
import { newIdNumber, newPhone } from '../people.ts';
import { until } from '../until.ts';
import type { Caller } from './caller.ts';
import type { Http } from './open.ts';

/** Somebody whose name, ID number and phone nobody else has. */
export const uniquePerson = () => ({ name: '欧阳寻觅', idNumber: newIdNumber(), phone: newPhone() });

export const signedBy = ({ name }: { name: string }) => ({ name, signedAt: new Date().toISOString() });

/** Closed cases of every kind that a person leaves, and an accreditation that was revoked. */
export async function leaveTraces(http: Http, owner: Caller, applicant: ReturnType<typeof uniquePerson>) {
  const [reviewer, supervisor] = [http.as('reviewer'), http.as('supervisor')];
  const signature = signedBy(applicant);
  const files = (diseaseCode: string) => http.openCase(owner, { applicant, signature, diseaseCode });
  const about = `${applicant.name}(${applicant.idNumber},${applicant.phone})`;
  const [granted, withdrawn] = [await files('M01600'), await files('M03900')];
  const items = [{ kind: 'medicalRecord', problem: `${about}的病历看不清` }];
  await succeeds(reviewer.tell(withdrawn, 'request-materials', { items, note: about }));
  await succeeds(reviewer.tell(withdrawn, 'notes', { text: `${about}来电` }), 201);
  await succeeds(owner.tell(withdrawn, 'withdraw', { reason: `${about}不办了` }));
  await succeeds(reviewer.tell(granted, 'approve', { note: `${about}材料齐全` }));
  const row = async () => (await owner.get('/v1/accreditations')).body.items[0];
  await until('it is granted', async () => (await row()) !== undefined);
  const accreditationId = (await row())?.accreditationId as string;
  await succeeds(supervisor.post(`/v1/accreditations/${accreditationId}/revoke`, { reason: `${about}自愿放弃` }));
  await untilClosed(http.store, applicant.idNumber);
  for (const id of [granted, withdrawn, accreditationId]) await untilShownClosed(http.env.client, id);
  return { cases: [granted, withdrawn], accreditationId };
}

async function untilClosed(store: Store, idNumber: string): Promise<void> {
  const hash = store.keyring.hash(idNumber);
  await until('nothing is open', async () => {
    const { rows } = await store.db.execute(sql`
      select 1 from application where id_number_hash = ${hash} and not closed
      union all select 1 from accreditation where id_number_hash = ${hash} and not closed`);
    return rows.length === 0;
  });
}

/**
 * Waits until Temporal lists a workflow as one that has ended, as it does of anything that isn't being closed just now:
 * until then it puts off deleting it, by up to half a minute.
 */
export async function untilShownClosed({ workflow }: Client, id: string): Promise<void> {
  const closed = `WorkflowId = '${id}' and ExecutionStatus = 'Completed'`;
  await until('it is listed as closed', async () => (await workflow.count(closed)).count > 0);
}

async function succeeds(sent: ReturnType<Caller['tell']>, wanted = 200): Promise<void> {
  const { status, text } = await sent;
  if (status !== wanted) throw new Error(`Answered ${status} ${text}`);
}

/**
 * Every row of every table, as text: what a dump of the database would show.
 * @param without a table that is left out
 */
export async function dumpOf({ db }: Store, without?: string): Promise<string> {
  const { rows: tables } = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const texts: string[] = [];
  for (const { name } of tables.filter((table) => table.name !== without)) {
    const { rows } = await db.execute<{ row: string }>(sql`select t::text as row from ${sql.identifier(name)} t`);
    texts.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return texts.join('\n');
}

/** All that Temporal holds of all workflows of a namespace, histories included, and decrypted as well. */
export async function historiesOf({ env }: Http): Promise<string> {
  const codec = createPayloadCodec(testKeyring);
  const texts: string[] = [];
  for await (const { workflowId, runId, raw } of env.client.workflow.list()) {
    const { events } = await env.client.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.push(workflowId, JSON.stringify(raw), await legible(events, codec));
  }
  return texts.join('\n');
}

/** JSON of a history, with every payload as the text that it holds. */
async function legible(history: unknown, codec: ReturnType<typeof createPayloadCodec>): Promise<string> {
  const texts: string[] = [];
  const walk = async (value: unknown): Promise<void> => {
    if (value === null || typeof value !== 'object') return void texts.push(String(value));
    if ('data' in value && value.data instanceof Uint8Array) {
      const [open] = await codec.decode([value as never]);
      return void texts.push(Buffer.from(open?.data ?? []).toString());
    }
    for (const [name, part] of Object.entries(value)) {
      texts.push(name);
      await walk(part);
    }
  };
  await walk(history);
  return texts.join('\n');
}

export const hasContent = ({ filesDir }: Store, fileId: string) => existsSync(join(filesDir, fileId));
