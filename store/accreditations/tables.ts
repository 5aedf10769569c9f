import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AccreditationState } from '../../domain/accreditations/state.ts';
import type { AccreditationEntryDetail, AccreditationEntryKind } from '../../domain/accreditations/timeline.ts';
import type { AccreditationStatus, InsuredType, Via } from '../../domain/vocabulary.ts';
import { day, instant } from '../columns.ts';
import { encrypted, sealed } from '../encryption/columns.ts';

/**
 * Where an accreditation comes from: an application here, the insurance core's records (5301), or a list that was
 * imported.
 */
export type AccreditationSource = 'application' | 'core' | 'import';

/**
 * One accreditation (认定): who was granted what, and the read model that its workflow writes. Its id is also the
 * workflow id.
 */
export const accreditation = pgTable(
  'accreditation',
  {
    id: text('id').primaryKey(),
    createdAt: instant('created_at').notNull(),
    source: text('source').$type<AccreditationSource>().notNull(),
    /** What it was granted for, once: an acceptance number, or the number that it had in an earlier system. */
    sourceKey: text('source_key').notNull().unique(),
    /** Name, ID number, phone. */
    personal: sealed('accreditation.personal').notNull(),
    idNumberHash: text('id_number_hash').notNull(),
    diseaseCode: text('disease_code').notNull(),
    insuredType: text('insured_type').$type<InsuredType>().notNull(),
    tier: encrypted<string>('accreditation.tier'),
    /** Designated institution (定点医疗机构). */
    institution: encrypted<string>('accreditation.institution'),
    /** Those beside it, where the disease allows several; null where it doesn't. */
    furtherInstitutions: encrypted<string[]>('accreditation.further_institutions'),
    /** Of the policy under which it was granted, or last renewed. */
    policyVersion: text('policy_version').notNull(),
    /** The insurance core's number for it. */
    registrationNumber: text('registration_number'),
    /**
     * From when on what the core tells of the person touches it: the day on which it was filed for, or last renewed
     * for; of what an earlier system granted, the first day of its period.
     */
    begunOn: day('begun_on').notNull(),
    validFrom: day('valid_from').notNull(),
    validUntil: day('valid_until'),
    status: text('status').$type<AccreditationStatus>().notNull(),
    state: jsonb('state').$type<AccreditationState>().notNull(),
    /** Sequence of the last change recorded; 0 while the workflow hasn't recorded anything. */
    sequence: integer('sequence').notNull().default(0),
    closed: boolean('closed').notNull().default(false),
    /** Instant from which on nothing in it tells of a person any more (`store/retention/erase-accreditation.ts`). */
    erasedAt: instant('erased_at'),
  },
  (table) => [
    index('accreditation_person').on(table.idNumberHash, table.diseaseCode),
    index('accreditation_list').on(table.createdAt, table.id),
    index('accreditation_status').on(table.status, table.createdAt, table.id),
    index('accreditation_registration').on(table.registrationNumber),
    index('accreditation_open').on(table.id).where(sql`not ${table.closed}`),
  ],
);
export type AccreditationRow = typeof accreditation.$inferSelect;

/** What happened to an accreditation, in order. */
export const accreditationEntry = pgTable(
  'accreditation_entry',
  {
    accreditationId: text('accreditation_id')
      .notNull()
      .references(() => accreditation.id),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    kind: text('kind').$type<AccreditationEntryKind>().notNull(),
    by: text('by').notNull(),
    via: text('via').$type<Via>().notNull(),
    status: text('status').$type<AccreditationStatus>().notNull(),
    detail: encrypted<AccreditationEntryDetail>('accreditation_entry.detail').notNull(),
    /** Id of the Update that caused it. */
    requestId: text('request_id'),
  },
  (table) => [
    primaryKey({ columns: [table.accreditationId, table.sequence] }),
    index('accreditation_entry_request').on(table.requestId),
  ],
);
