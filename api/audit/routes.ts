import type { AuditPart } from '../../domain/audit.ts';
import { auditEntries } from '../../store/audit/queries.ts';
import type { AuditEntryRow } from '../../store/audit/tables.ts';
import { findApplication } from '../../store/cases/queries.ts';
import { type NameOf, namesOf } from '../../store/staff/queries.ts';
import type { ApiContext } from '../context.ts';
import { onCase, only } from '../http/access.ts';
import { problems } from '../http/errors.ts';
import { cursors, decodeCursor, listQuery, page } from '../http/paging.ts';
import { route } from '../http/route.ts';
import type { z } from '../http/zod.ts';
import { auditAnswer, auditItem, trailAnswer, trailItem } from './answers.ts';
import { auditQuery, auditSearchSchema } from './requests.ts';

const ends = ({ at, chain, position }: AuditEntryRow) => [at, chain, String(position)];

/** Who has read and changed what: for the supervisor, and of their own case for the applicant. */
export function auditRoutes({ store }: ApiContext) {
  /** A page of the entries about these. */
  async function entries<Item>(
    about: { object?: string; person?: string; by?: string; without?: AuditPart },
    { cursor, limit }: z.infer<typeof listQuery>,
    show: (row: AuditEntryRow, nameOf: NameOf) => Item,
  ) {
    const ended = decodeCursor(cursor, cursors.audit);
    const after = ended && { at: ended[0], chain: ended[1], position: Number(ended[2]) };
    const rows = await auditEntries(store, { ...about, after, limit });
    const nameOf = await namesOf(
      store,
      rows.map(({ by }) => by),
    );
    return page(rows, limit, ends, (row) => show(row, nameOf));
  }
  const forSupervisor = (row: AuditEntryRow, nameOf: NameOf) => auditItem(store, row, nameOf);
  return [
    route({
      method: 'get',
      path: '/v1/audit',
      operationId: 'readAudit',
      summary: '审计:谁在何时因何查看、办理了什么,按申请、申请人或工作人员查',
      access: only('supervisor'),
      audit: { action: 'read', kind: 'audit', part: 'trail' },
      refusals: ['not-found'],
      query: auditQuery,
      answers: { 200: { description: 'Newest first', schema: auditAnswer } },
      async handle({ query: { case: object, personOf, by, ...at } }) {
        const row = personOf === undefined ? undefined : await findApplication(store, personOf);
        if (personOf !== undefined && !row) throw problems.notFound();
        const person = row?.idNumberHash;
        const body = await entries({ object, person, by }, at, forSupervisor);
        const about = { objects: [object ?? [], personOf ?? [], by ?? []].flat(), people: [person ?? []].flat() };
        return { status: 200, body, about };
      },
    }),
    route({
      method: 'post',
      path: '/v1/audit/search',
      operationId: 'searchAudit',
      summary: '审计:按身份证号查',
      access: only('supervisor'),
      audit: { action: 'read', kind: 'audit', part: 'trail' },
      body: auditSearchSchema,
      example: { idNumber: '510402198803152122', reason: '核对查询记录' },
      answers: { 200: { description: 'Newest first', schema: auditAnswer } },
      async handle({ body: { idNumber, reason, ...at } }) {
        const person = store.keyring.hash(idNumber);
        const body = await entries({ person }, at, forSupervisor);
        return { status: 200, body, about: { objects: [], people: [person], reason } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/applications/{acceptanceNumber}/audit',
      operationId: 'readApplicationAudit',
      summary: '谁查看、办理过这件申请',
      access: onCase('see'),
      audit: { action: 'read', kind: 'application', part: 'trail' },
      query: listQuery,
      answers: { 200: { description: 'Newest first, in words', schema: trailAnswer } },
      handle: async ({ found: { acceptanceNumber: object }, query, user }) => ({
        status: 200,
        // That the office notes something for itself isn't the applicant's to know.
        body: await entries({ object, without: 'note' }, query, (row) => trailItem(store, row, user.subject)),
      }),
    }),
  ];
}
