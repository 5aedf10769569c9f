import type { AccreditationRow } from '../accreditations/tables.ts';
import type { ApplicationRow } from '../cases/tables.ts';
import type { NoticeRow } from '../notices/tables.ts';
import type { AttemptRow, MessageRow } from '../notifications/tables.ts';
import type { Store } from '../open.ts';
import type { NoticeContent, Person, PersonalData, SealedAttempt, SealedMessage } from '../types.ts';

/** Encrypts the personal part of an application, bound to its acceptance number. */
export function sealPersonal(store: Store, acceptanceNumber: string, personal: PersonalData): string {
  return seal(store, acceptanceNumber, personal);
}

export function openPersonal(store: Store, row: Pick<ApplicationRow, 'acceptanceNumber' | 'personal'>): PersonalData {
  return open(store, row.acceptanceNumber, row.personal) as PersonalData;
}

/** Encrypts who was accredited, bound to the accreditation's id. */
export function sealPerson(store: Store, id: string, person: Person): string {
  return seal(store, id, person);
}

export function openPerson(store: Store, row: Pick<AccreditationRow, 'id' | 'personal'>): Person {
  return open(store, row.id, row.personal) as Person;
}

/** Encrypts what a notice says, bound to the notice's id. */
export function sealNotice(store: Store, id: string, content: NoticeContent): string {
  return seal(store, id, content);
}

export function openNotice(store: Store, row: Pick<NoticeRow, 'id' | 'content'>): NoticeContent {
  return open(store, row.id, row.content) as NoticeContent;
}

/** Encrypts what only the provider gets to read of a message, bound to the message's id. */
export function sealMessage(store: Store, id: string, sealed: SealedMessage): string {
  return seal(store, id, sealed);
}

/** @returns null where all of the message may be read */
export function openMessage(store: Store, { id, sealed }: Pick<MessageRow, 'id' | 'sealed'>): SealedMessage | null {
  return sealed === null ? null : (open(store, id, sealed) as SealedMessage);
}

type AttemptId = Pick<AttemptRow, 'messageId' | 'number'>;

/** Encrypts what a provider is given, bound to the attempt. */
export function sealAttempt(store: Store, which: AttemptId, { address, body }: SealedAttempt): string {
  return seal(store, attemptContext(which), { address, body });
}

/** What a provider was given. */
export function openAttempt(store: Store, row: AttemptId & Pick<AttemptRow, 'sealed'>): SealedAttempt {
  return open(store, attemptContext(row), row.sealed) as SealedAttempt;
}

function attemptContext({ messageId, number }: AttemptId): string {
  return `${messageId} ${number}`;
}

/** Encrypts a phone. @param context what it belongs to */
export function sealPhone(store: Store, context: string, phone: string): string {
  return seal(store, context, { phone });
}

export function openPhone(store: Store, context: string, sealed: string): string {
  return (open(store, context, sealed) as { phone: string }).phone;
}

function seal({ keyring }: Store, context: string, value: object): string {
  return keyring.encrypt(Buffer.from(JSON.stringify(value)), context).toString('base64');
}

function open({ keyring }: Store, context: string, sealed: string): unknown {
  return JSON.parse(keyring.decrypt(Buffer.from(sealed, 'base64'), context).toString());
}
