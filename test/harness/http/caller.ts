import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Channel } from '../../../domain/vocabulary.ts';
import { testKeyring } from '../keyring.ts';
import type { liNa } from '../people.ts';
import { completeBody, type MaterialBody, newPhoto } from './documents.ts';
import { assertDeclared } from './refusals.ts';

/** What the routes answer, as far as the tests read it. */
export interface Body {
  acceptanceNumber: string;
  status: string | number;
  code: string;
  detail: string;
  errors: { field: string; code: string; detail: string }[];
  items: Body[];
  nextCursor: string | null;
  fileId: string;
  dueOn: string | null;
  timeline: { kind: string; by?: string; byName?: string; toName?: string; detail: Record<string, unknown> }[];
  [field: string]: unknown;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

type Filing = ReturnType<typeof completeBody> & { agent?: Agent };

/** Who files for somebody else, as a form names them. */
type Agent = typeof liNa & { relation: string };

/** The catalogue's diseases, and what some ask for in addition. */
const diseases = [['M01600'], ['M03900'], ['M07800'], ['M00500'], ['M07803', 'photo'], ['M08300', 'photo']] as const;

/** Who an applicant is, and through which app they come. */
export interface Applying {
  person: typeof liNa;
  channel: Channel;
}

/** Somebody who uses the api, with their token. */
export class Caller {
  /** Of the token. */
  readonly subject: string;
  /** An applicant files for themselves; undefined for staff, who file for whoever is at the window. */
  readonly applying: Applying | undefined;
  readonly #origin: string;
  readonly #token: Promise<string | undefined>;
  #filings = 0;

  constructor(origin: string, subject: string, token: Promise<string | undefined>, applying?: Applying) {
    this.#origin = origin;
    this.subject = subject;
    this.#token = token;
    this.applying = applying;
  }

  /** What the api knows them by: an applicant by the hash of their ID number. */
  get id(): string {
    return this.applying ? testKeyring.hash(this.applying.person.idNumber) : this.subject;
  }

  /** Who an applicant is, as a form names them. */
  get person(): typeof liNa {
    if (!this.applying) throw new Error(`${this.subject} is no applicant`);
    return this.applying.person;
  }

  get(path: string): Promise<Reply> {
    return this.send(path, { method: 'GET' });
  }

  /** @param key the Idempotency-Key, if any */
  post(path: string, body: unknown = {}, key?: string): Promise<Reply> {
    return this.#sendJson('POST', path, body, key ? { 'idempotency-key': key } : {});
  }

  put(path: string, body: unknown = {}): Promise<Reply> {
    return this.#sendJson('PUT', path, body);
  }

  delete(path: string): Promise<Reply> {
    return this.send(path, { method: 'DELETE' });
  }

  #sendJson(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send(path, { method, headers: { 'content-type': 'application/json', ...headers }, body: text });
  }

  async send(path: string, init: RequestInit): Promise<Reply> {
    const token = await this.#token;
    const headers = new Headers(init.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(this.#origin + path, { ...init, headers });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    const body = json && text !== '' ? JSON.parse(text) : {};
    const reply = { status: response.status, headers: response.headers, text, body };
    assertDeclared(this.#origin, init.method ?? 'GET', path, reply);
    return reply;
  }

  /** Uploads files, all in the field of this name. */
  upload(contents: Buffer[], name = 'scan.pdf', type = 'application/pdf', field = 'file'): Promise<Reply> {
    const form = new FormData();
    for (const content of contents) form.append(field, new Blob([new Uint8Array(content)], { type }), name);
    return this.send('/v1/files', { method: 'POST', body: form });
  }

  /** @param content a scan, unless a new picture does @returns the file's id */
  async uploaded(content?: Buffer): Promise<string> {
    const reply = await (content ? this.upload([content]) : this.upload([newPhoto()], 'photo.png', 'image/png'));
    if (reply.status !== 201) throw new Error(`The upload was answered ${reply.status} ${reply.text}`);
    return reply.body.fileId;
  }

  /** A filing that lacks nothing, with a new file of the caller's: an applicant's own, at the window a new person's. */
  async completeFiling(changes: Partial<Filing> = {}): Promise<Filing> {
    const { person, channel } = this.applying ?? {};
    const body = completeBody(await this.uploaded(), person, channel);
    if (!this.applying || changes.diseaseCode || changes.type) return { ...body, ...changes };
    // A person has one open application for a disease: the next one is for another.
    const [diseaseCode, photo] = diseases[this.#filings++ % diseases.length] as (typeof diseases)[number];
    const [first] = body.materials as [MaterialBody];
    const materials = photo ? [...body.materials, { kind: photo, fileIds: first.fileIds }] : body.materials;
    return { ...body, diseaseCode, materials, ...changes };
  }

  /** @returns the acceptance number of a new case of the caller's */
  async files(changes: Partial<Filing> = {}): Promise<string> {
    const reply = await this.post('/v1/applications', await this.completeFiling(changes), randomUUID());
    if (reply.status !== 201) throw new Error(`The filing was answered ${reply.status} ${reply.text}`);
    return reply.body.acceptanceNumber;
  }

  /** Sends a message to a case, under a key of its own. */
  tell(acceptanceNumber: string, message: string, body: unknown = {}, key: string = randomUUID()): Promise<Reply> {
    return this.post(`/v1/applications/${acceptanceNumber}/${message}`, body, key);
  }

  progress(acceptanceNumber: string): Promise<Reply> {
    return this.get(`/v1/applications/${acceptanceNumber}`);
  }
}

/** What happened, but for the registration that follows an approval sooner or later. */
export function kindsOf({ body }: Reply): string[] {
  return body.timeline.map(({ kind }) => kind).filter((kind) => kind !== 'registered');
}

/** The fields that a 422 complains about, with the codes, in order of the alphabet. */
export function complaints({ body }: Reply): string[] {
  return body.errors.map(({ field, code }) => `${field} ${code}`).sort();
}

/** Expects an answer that is only about now. */
export function tellsToRetry({ status, body, headers }: Reply): void {
  expect([status, body.code]).toEqual([503, 'unavailable']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}
