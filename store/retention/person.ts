import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm';
import { accreditation } from '../accreditations/tables.ts';
import { openPersonal } from '../cases/personal.ts';
import { application, formVersion } from '../cases/tables.ts';
import { file } from '../files/tables.ts';
import type { Store } from '../open.ts';

/** Something of a person's, and whether nothing can happen to it any more. */
export interface Holding {
  id: string;
  closed: boolean;
}

/** The cases of a person, oldest first. */
export function casesOfPerson({ db }: Store, idNumberHash: string): Promise<Holding[]> {
  const { acceptanceNumber: id, closed, submittedAt } = application;
  return db
    .select({ id, closed })
    .from(application)
    .where(eq(application.idNumberHash, idNumberHash))
    .orderBy(submittedAt, id);
}

/** The accreditations of a person, oldest first. */
export function accreditationsOfPerson({ db }: Store, idNumberHash: string): Promise<Holding[]> {
  const { id, closed, createdAt } = accreditation;
  return db
    .select({ id, closed })
    .from(accreditation)
    .where(eq(accreditation.idNumberHash, idNumberHash))
    .orderBy(createdAt, id);
}

const SLICE = 500;

/**
 * The cases of others in which a person is named as the agent (代办人), be it in a form that was corrected since. Agents
 * have no hash to be found by, so all cases are read and opened, some at a time.
 */
export async function casesOfAgent(store: Store, idNumberHash: string): Promise<Holding[]> {
  const isNamed = (form: Parameters<typeof openPersonal>[1]) => {
    const { agent } = openPersonal(store, form);
    return agent !== undefined && store.keyring.hash(agent.idNumber) === idNumberHash;
  };
  const found: Holding[] = [];
  for (let after = ''; ; ) {
    const rows = await store.db
      .select()
      .from(application)
      .where(and(gt(application.acceptanceNumber, after), isNull(application.erasedAt)))
      .orderBy(asc(application.acceptanceNumber))
      .limit(SLICE);
    const numbers = rows.map(({ acceptanceNumber }) => acceptanceNumber);
    const { acceptanceNumber, personal } = formVersion;
    const versions = rows.length
      ? await store.db
          .select({ acceptanceNumber, personal })
          .from(formVersion)
          .where(inArray(acceptanceNumber, numbers))
      : [];
    const namedIn = new Set([...rows, ...versions].filter(isNamed).map((form) => form.acceptanceNumber));
    for (const { acceptanceNumber: id, closed } of rows) if (namedIn.has(id)) found.push({ id, closed });
    if (rows.length < SLICE) return found;
    after = numbers.at(-1) as string;
  }
}

/**
 * Takes what a person has uploaded, through any app, and no case has, out of everybody's reach. Cut off, it finds again
 * what it took.
 * @param taker id in the place of the person's
 * @returns ids of the files
 */
export async function takeLooseFiles({ db }: Store, idNumberHash: string, taker: string): Promise<string[]> {
  const loose = and(inArray(file.uploadedBy, [idNumberHash, taker]), isNull(file.acceptanceNumber));
  const rows = await db.update(file).set({ uploadedBy: taker }).where(loose).returning({ id: file.id });
  return rows.map(({ id }) => id);
}

/** Deletes the rows of files whose contents are gone. */
export async function dropFiles({ db }: Store, ids: string[]): Promise<void> {
  if (ids.length > 0) await db.delete(file).where(inArray(file.id, ids));
}
