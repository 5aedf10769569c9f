import {
  type Check,
  date,
  flag,
  instant,
  isSender,
  listOf,
  oneOf,
  optional,
  orNull,
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
   * While a request is awaited, another one replaces its items; the window stays.
   * `belatedReason`: why the reviewer asks only now for something that was missing at the first request already. That
   * takes a supervisor's authority.
   * `replaces`: number of the request that the sender has seen awaited, 0 for none (`requests` of the state). Where that
   * isn't so any more, the message has crossed another one and doesn't fit. The api fills in what the case shows when a
   * request arrives there; where it is missing, as it may be in a signal, whatever is awaited is replaced.
   */
  requestMaterials: {
    by: string;
    items: RequestedItem[];
    note?: string;
    belatedReason?: string;
    replaces?: number;
    authority?: 'supervisor';
  };
  /** 线下核验: the applicant comes to the window with the originals, and a clerk records the outcome. */
  requestVerification: { by: string; note?: string };
  recordVerification: { by: string; passed: boolean; note?: string; ticketTakenAt?: string };
  /**
   * `form`: id of a corrected form, which the store keeps; with one, the materials may stay as they are.
   * `answers`: number of the request that the materials were checked by (`requests` of the state). Where it was replaced
   * since, they have to contain all that is asked for now.
   * `documentSeen`: a clerk hands in for who is at the window. `ticketTakenAt`: instant at which they took a ticket
   * there (取号), where it isn't open any more.
   */
  resubmit: {
    by: string;
    materials: Material[];
    form?: string;
    answers?: number;
    documentSeen?: DocumentSeen;
    ticketTakenAt?: string;
  };
  /** 申诉, after a rejection: reviewed by somebody who took no part before. `materials`: what it is to be proven by. */
  appeal: { by: string; reason: string; materials?: Material[]; ticketTakenAt?: string };
  withdraw: { by: string; reason?: string; documentSeen?: DocumentSeen };
  /**
   * Gives a case to a reviewer: one that nobody has, or the sender's own; with a supervisor's authority any case. Only
   * an Update can bring that: the api and our own worker send those, and whoever else may reach Temporal's frontend
   * is trusted as much. To null: nobody has it any more (退回待领).
   */
  assign: { by: string; to: string | null; authority?: 'supervisor' };
  /** The case holds up no other application any more; only by a supervisor. */
  releaseClaims: { by: string; reason: string; authority?: 'supervisor' };
  /** A new calendar is in force: the case asks for its dates again. */
  calendarChanged: { version: number };
}
export type MessageName = keyof Messages;
export type Message = { [Name in MessageName]: { name: Name; payload: Messages[Name] } }[MessageName];

const materialsOf = (kind: Check): Check =>
  listOf(shape({ kind, fileIds: listOf(text), issuedOn: optional(date), originalSeen: optional(flag) }));
const documentSeen: Check = optional(shape({ document: oneOf(identityDocuments), of: oneOf(['applicant', 'agent']) }));
const supervisor: Check = optional(oneOf(['supervisor']));
const requestNumber: Check = optional((value) => Number.isInteger(value) && (value as number) >= 0);

/** @param kind of material that there is */
const fieldsOf = (kind: Check): Record<MessageName, Shape> => ({
  approve: { by: isSender, validFrom: optional(date), validUntil: optional(date), note: optional(text) },
  reject: { by: isSender, reason: text, grounds: optional(listOf(isSender)) },
  requestMaterials: {
    by: isSender,
    items: listOf(shape({ kind, problem: text })),
    note: optional(text),
    belatedReason: optional(text),
    replaces: requestNumber,
    authority: supervisor,
  },
  requestVerification: { by: isSender, note: optional(text) },
  recordVerification: { by: isSender, passed: flag, note: optional(text), ticketTakenAt: optional(instant) },
  resubmit: {
    by: isSender,
    materials: (value, { form }) =>
      materialsOf(kind)(value) || (form !== undefined && Array.isArray(value) && !value.length),
    form: optional(isSender),
    answers: requestNumber,
    documentSeen,
    ticketTakenAt: optional(instant),
  },
  appeal: { by: isSender, reason: text, materials: optional(materialsOf(kind)), ticketTakenAt: optional(instant) },
  withdraw: { by: isSender, reason: optional(text), documentSeen },
  assign: { by: isSender, to: orNull(isSender), authority: supervisor },
  releaseClaims: { by: isSender, reason: text, authority: supervisor },
  calendarChanged: { version: Number.isInteger },
});

/** All messages, by name. */
export const messageNames = Object.keys(fieldsOf(text)) as MessageName[];

/**
 * The fields of a payload that are missing or malformed; empty when it can be handled. Messages also arrive from
 * Temporal Web and the CLI, where no HTTP schema has looked at them, so the case itself must be able to tell.
 * @param ownKinds kinds of material that the case's policy adds to the guide's
 */
export function malformedFields(name: MessageName, payload: unknown, ownKinds: MaterialKind[] = []): string[] {
  return wrongFields(fieldsOf(oneOf([...materialKinds, ...ownKinds]))[name], payload);
}
