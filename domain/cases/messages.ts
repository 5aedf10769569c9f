import {
  type Check,
  date,
  flag,
  instant,
  isSender,
  listOf,
  oneOf,
  optional,
  type Shape,
  shape,
  text,
  wrongFields,
} from '../checks.ts';
import { identityDocuments, type MaterialKind, materialKinds } from '../vocabulary.ts';
import type { DocumentSeen } from './attendance.ts';
import type { Material } from './materials.ts';

/** One material that the reviewer asks for, and what is wrong with what was handed in. */
export interface RequestedItem {
  kind: MaterialKind;
  problem: string;
}

/**
 * The messages that a case understands, by name: payloads as they travel, as an Update and as a Signal.
 * `by` is the opaque id of the sender, never a name; by a signal it is what the sender claims.
 */
export interface Messages {
  approve: { by: string; validFrom?: string; validUntil?: string; note?: string };
  /** `grounds`: codes of the policy's list of reasons, which `reason` explains. */
  reject: { by: string; reason: string; grounds?: string[] };
  /**
   * `belatedReason`: why the reviewer asks only now for something that was missing at the first request already. That
   * takes a supervisor's authority.
   */
  requestMaterials: {
    by: string;
    items: RequestedItem[];
    note?: string;
    belatedReason?: string;
    authority?: 'supervisor';
  };
  /** 线下核验: the applicant comes to the window with the originals, and a clerk records the outcome. */
  requestVerification: { by: string; note?: string };
  recordVerification: { by: string; passed: boolean; note?: string };
  /**
   * `form`: id of a corrected form, which the store keeps; with one, the materials may stay as they are.
   * `documentSeen`: a clerk hands in for who is at the window. `ticketTakenAt`: instant at which they took a ticket
   * there (取号), where it isn't open any more.
   */
  resubmit: { by: string; materials: Material[]; form?: string; documentSeen?: DocumentSeen; ticketTakenAt?: string };
  /** 申诉, after a rejection: reviewed by somebody who took no part before. */
  appeal: { by: string; reason: string; ticketTakenAt?: string };
  withdraw: { by: string; reason?: string; documentSeen?: DocumentSeen };
  /**
   * Gives a case to a reviewer: one that nobody has, or the sender's own; with a supervisor's authority any case. Only
   * an Update can bring that: the api and our own worker send those, and whoever else may reach Temporal's frontend
   * is trusted as much.
   */
  assign: { by: string; to: string; authority?: 'supervisor' };
  /** The case holds up no other application any more; only by a supervisor. */
  releaseClaims: { by: string; reason: string; authority?: 'supervisor' };
  /** A new calendar is in force: the case asks for its dates again. */
  calendarChanged: { version: number };
}
export type MessageName = keyof Messages;
export type Message = { [Name in MessageName]: { name: Name; payload: Messages[Name] } }[MessageName];

const kind: Check = oneOf(materialKinds);
const materials: Check = listOf(
  shape({ kind, fileIds: listOf(text), issuedOn: optional(date), originalSeen: optional(flag) }),
);
const documentSeen: Check = optional(shape({ document: oneOf(identityDocuments), of: oneOf(['applicant', 'agent']) }));
const supervisor: Check = optional(oneOf(['supervisor']));

const fieldsOf: Record<MessageName, Shape> = {
  approve: { by: isSender, validFrom: optional(date), validUntil: optional(date), note: optional(text) },
  reject: { by: isSender, reason: text, grounds: optional(listOf(isSender)) },
  requestMaterials: {
    by: isSender,
    items: listOf(shape({ kind, problem: text })),
    note: optional(text),
    belatedReason: optional(text),
    authority: supervisor,
  },
  requestVerification: { by: isSender, note: optional(text) },
  recordVerification: { by: isSender, passed: flag, note: optional(text) },
  resubmit: {
    by: isSender,
    materials: (value, { form }) => materials(value) || (form !== undefined && Array.isArray(value) && !value.length),
    form: optional(isSender),
    documentSeen,
    ticketTakenAt: optional(instant),
  },
  appeal: { by: isSender, reason: text, ticketTakenAt: optional(instant) },
  withdraw: { by: isSender, reason: optional(text), documentSeen },
  assign: { by: isSender, to: isSender, authority: supervisor },
  releaseClaims: { by: isSender, reason: text, authority: supervisor },
  calendarChanged: { version: Number.isInteger },
};

/** All messages, by name. */
export const messageNames = Object.keys(fieldsOf) as MessageName[];

/**
 * The fields of a payload that are missing or malformed; empty when it can be handled. Messages also arrive from
 * Temporal Web and the CLI, where no HTTP schema has looked at them, so the case itself must be able to tell.
 */
export function malformedFields(name: MessageName, payload: unknown): string[] {
  return wrongFields(fieldsOf[name], payload);
}
