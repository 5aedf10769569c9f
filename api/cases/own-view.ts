import { shanghaiDate } from '../../domain/dates.ts';
import { maskedIdNumber } from '../../domain/people/documents.ts';
import { maskedPhone } from '../../domain/people/person.ts';
import { askedOf } from '../../policy/cases/asked.ts';
import { policyInForce } from '../../policy/versions.ts';
import { openPersonal } from '../../store/cases/personal.ts';
import type { ReadCase } from '../../store/cases/queries.ts';
import type { ApplicationRow } from '../../store/cases/tables.ts';
import type { Person } from '../../store/people/personal.ts';
import type { ApiContext } from '../context.ts';
import { date } from '../http/answers.ts';
import type { User } from '../http/auth.ts';
import { z } from '../http/zod.ts';
import { decisionAnswer, decisionView } from './decision.ts';
import { materialsView } from './materials.ts';
import { isTold } from './told.ts';

const kind = z.string();
const way = z.object({ way: z.string(), name: z.string(), detail: z.string() });

/** What only the people of a case see of it, beside its form and their papers. */
export const ownAnswer = z.object({
  askedOfMe: z
    .object({
      what: z.enum(['materials', 'verification', 'resubmission']),
      detail: z.string().openapi({ description: 'What to do, where and until when, in words' }),
      until: date.nullable().openapi({ description: 'Last day; after a rejection of a resubmission' }),
      appealUntil: date.nullable(),
      materials: z
        .array(z.object({ kind, name: z.string(), problem: z.string() }))
        .openapi({ description: 'To be handed in, and what is wrong with what was' }),
      ways: z.array(way).openapi({ description: 'After a rejection: what can be done within the case' }),
    })
    .nullable()
    .openapi({ description: 'What is asked of the applicant now; null where nothing is' }),
  decision: decisionAnswer.nullable().openapi({
    description: '认定决定书, once it is approved; an agent has no part in it',
  }),
});

/**
 * What a case's applicant, or the agent who filed it, sees of it beside its progress: the form in force as it was
 * understood, the papers, what is asked of them, and the decision. Numbers by which somebody could be wronged are
 * masked: a phone that was left signed in shows nothing that its owner needs.
 */
export async function ownView(context: ApiContext, row: ApplicationRow, read: ReadCase, user: User) {
  const { store, policies, now } = context;
  const { materials, catalogue } = policies.of(row.policyVersion);
  const policy = { ...policyInForce(context), materials, catalogue };
  const { applicant, agent, signature } = openPersonal(store, row);
  const isToldAll = isTold(context, row, user);
  const isTheirs = user.subject === row.idNumberHash || user.subject === row.agentHash;
  const request = read.entries.findLast(({ kind }) => kind === 'materialsRequested' || kind === 'requestReplaced');
  const { name, signedAt } = signature;
  return {
    applicant: masked(applicant),
    // Somebody else may have taken the agent's place since.
    ...(agent && isTheirs ? { agent: { ...masked(agent), relation: agent.relation } } : {}),
    signature: { name, signedAt },
    form: row.form,
    materials: papersFor(read, isToldAll ? undefined : user.subject),
    askedOfMe: askedOf(policy, row, request?.detail.items ?? [], shanghaiDate(now())),
    decision: isToldAll ? await decisionView(store, row) : null,
  };
}

/**
 * The papers in force, each with when it came: what was replaced is the office's to compare.
 * @param agent who has no part in what others uploaded, such as the applicant after them
 */
function papersFor(read: ReadCase, agent: string | undefined) {
  const files = read.files.filter(({ uploadedBy }) => agent === undefined || uploadedBy === agent);
  return materialsView({ ...read, files })
    .materialVersions.filter(({ replacedAt }) => replacedAt === null)
    .filter((paper) => agent === undefined || paper.files.length > 0)
    .map(({ replacedAt: _, ...paper }) => paper);
}

function masked({ name, idNumber, phone }: Person) {
  return { name, idNumber: maskedIdNumber(idNumber), phone: maskedPhone(phone) };
}
