import type { Request } from 'express';
import type { AuditAction, AuditKind, AuditPart, AuditReason, AuditRecord } from '../../domain/audit.ts';
import type { DocumentSeen } from '../../domain/cases/attendance.ts';
import { reviewers } from '../../domain/staff/roles.ts';
import type { Role } from '../../domain/vocabulary.ts';
import type { ApiContext } from '../context.ts';
import type { User } from './auth.ts';
import { problems } from './errors.ts';

/** What the audit (审计) records of a route's requests. Every route says it; null where it tells nothing of anybody. */
export interface Audited {
  action: AuditAction;
  kind: AuditKind;
  part: AuditPart;
}

/** Of what and of whom a request reads or changes something. */
export interface About {
  /** Ids of the things. */
  objects: string[];
  /** Keyed hashes of ID numbers. */
  people: string[];
  /** It is the user's own. */
  own?: boolean;
  /** Who is in charge of the case; null for nobody, undefined where it isn't one case. */
  assignee?: string | null;
  /** Why a person was looked up. */
  reason?: string;
  /** By which document a clerk saw for whom they act. */
  documentSeen?: DocumentSeen | undefined;
}

/**
 * Records a request.
 * @param who roles that the route is for
 * @throws Problem 503 where it can't be recorded: then nothing is shown or done
 */
export async function record(
  { audit, now }: Pick<ApiContext, 'audit' | 'now'>,
  { action, kind, part }: Audited,
  { request, user, who }: { request: Request; user: User; who: readonly Role[] },
  about: About,
): Promise<void> {
  const { objects, people, reason, documentSeen } = about;
  const entry: AuditRecord = {
    at: now(),
    by: user.subject,
    role: roleOf(user, who, about),
    ...{ action, kind, part },
    objects: [...new Set(objects)],
    people: [...new Set(people)],
    why: whyOf(user, about),
    circumstances: {
      address: request.ip ?? null,
      ...(reason === undefined ? {} : { reason }),
      ...(documentSeen === undefined ? {} : { documentSeen }),
    },
  };
  await audit.append(entry).catch((error) => {
    throw problems.unavailable(error);
  });
}

/** As what somebody asks who has several roles: for their own as an applicant, else as the office's. */
function roleOf({ roles }: User, who: readonly Role[], { own = false }: About): Role {
  const able = who.filter((role) => roles.includes(role));
  const fitting = able.find((role) => (role === 'applicant') === own);
  return fitting ?? (able[0] as Role);
}

function whyOf({ subject, roles }: User, { own, assignee, reason }: About): AuditReason {
  if (own) return 'own';
  if (reason !== undefined) return 'lookUp';
  if (assignee === subject) return 'inCharge';
  return assignee === null && roles.some((role) => reviewers.includes(role)) ? 'unassigned' : 'duty';
}
