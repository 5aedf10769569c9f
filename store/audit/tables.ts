import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AuditAction, AuditKind, AuditPart, AuditReason } from '../../domain/audit.ts';
import type { Role } from '../../domain/vocabulary.ts';
import { instant } from '../columns.ts';
import { sealed } from '../encryption/columns.ts';

/**
 * A chain of the audit (审计): what one process has written. Each process has its own, so that none waits for another.
 */
export const auditChain = pgTable('audit_chain', {
  id: text('id').primaryKey(),
  /** Counts the chains, from 1 without gaps, so that a whole one isn't lost unnoticed. */
  number: integer('number').notNull().unique(),
  /** Position and MAC of its last entry, and the MAC of these: so that none is lost from its end. */
  last: bigint('last', { mode: 'number' }).notNull(),
  mac: text('mac').notNull(),
  headMac: text('head_mac').notNull(),
});
export type AuditChainRow = typeof auditChain.$inferSelect;

/**
 * An entry of the audit: who has read or changed what about whom. Only ever added (`append-only.ts`). It names people by
 * keyed hashes, so it can stay when a person is erased.
 */
export const auditEntry = pgTable(
  'audit_entry',
  {
    chain: text('chain')
      .notNull()
      .references(() => auditChain.id),
    /** In its chain, from 1 without gaps. */
    position: bigint('position', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    /** Token subject; the command, for an operator's. */
    by: text('by').notNull(),
    /** As what they asked. */
    role: text('role').$type<Role | 'system'>().notNull(),
    action: text('action').$type<AuditAction>().notNull(),
    /** What was read or changed: the kind of thing, and which part of it. */
    kind: text('kind').$type<AuditKind>().notNull(),
    part: text('part').$type<AuditPart>().notNull(),
    /** Ids of the things: acceptance numbers, ids of accreditations, files, notices. */
    objects: text('objects').array().notNull(),
    /** Keyed hashes of the ID numbers of whom they are about. */
    people: text('people').array().notNull(),
    why: text('why').$type<AuditReason>().notNull(),
    /** Keyed hash of `circumstances` before they were encrypted. */
    circumstancesHash: text('circumstances_hash').notNull(),
    /** Encrypted JSON: from where, and the reason in words. Null once a person who is in it was erased. */
    circumstances: sealed('audit_entry.circumstances'),
    /** MAC of the entry before it in its chain; empty for the first. */
    previous: text('previous').notNull(),
    mac: text('mac').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chain, table.position] }),
    index('audit_at').on(table.at, table.chain, table.position),
    index('audit_by').on(table.by, table.at),
    index('audit_objects').using('gin', table.objects),
    index('audit_people').using('gin', table.people),
  ],
);
export type AuditEntryRow = typeof auditEntry.$inferSelect;

/**
 * Makes the audit append-only, also for who may do anything else to the database: nothing is deleted or changed but
 * `circumstances`, which are encrypted anew under another key, or erased with a person. The migrations are generated
 * from the tables, so this is run after them, each time.
 */
export const appendOnly = sql`
create or replace function audit_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - 'circumstances' = to_jsonb(old) - 'circumstances' then return new; end if;
  end if;
  raise exception 'the audit is append-only' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger audit_entry_append_only before update or delete on audit_entry
  for each row execute function audit_is_append_only();
create or replace trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function audit_is_append_only();
create or replace trigger audit_chain_no_delete before delete on audit_chain
  for each row execute function audit_is_append_only();
create or replace trigger audit_chain_no_truncate before truncate on audit_chain
  for each statement execute function audit_is_append_only();
`;
