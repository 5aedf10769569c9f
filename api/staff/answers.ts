import { shanghaiDate } from '../../domain/dates.ts';
import type { Handover } from '../../domain/staff/absence.ts';
import { standingAbsences } from '../../store/staff/absences.ts';
import { contactOf, listStaff, type NameOf, namesOf } from '../../store/staff/queries.ts';
import type { AbsenceRow } from '../../store/staff/tables.ts';
import { absenceOptions } from '../../workflows/messages.ts';
import type { ApiContext } from '../context.ts';
import { date } from '../http/answers.ts';
import { z } from '../http/zod.ts';

/** What is said of an absence and of a departure. */
const away = {
  enteredBy: z.string(),
  enteredByName: z.string(),
  workflowId: z.string().openapi({ description: 'Of the workflow that hands the cases over' }),
  handover: z
    .object({
      handedOver: z.number(),
      left: z
        .array(z.object({ acceptanceNumber: z.string(), objection: z.string(), detail: z.string() }))
        .openapi({ description: 'Cases for a supervisor to give to somebody else' }),
    })
    .nullable()
    .openapi({ description: 'Null until the cases were handed over' }),
};

/** Somebody of the staff, with the absence that was entered for them, unless it is over. */
export const staffAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    active: z.boolean().openapi({ description: 'False for somebody who has left' }),
    openCases: z.number().openapi({ description: 'Cases they are in charge of' }),
    absence: z
      .object({
        from: date,
        until: date,
        to: z.string().openapi({ description: 'Who takes over' }),
        toName: z.string(),
        ...away,
      })
      .nullable(),
    departure: z
      .object({
        since: date,
        to: z.string().nullable().openapi({ description: 'Who takes over; null where the cases are given back' }),
        toName: z.string().nullable(),
        ...away,
      })
      .nullable()
      .openapi({ description: 'Of who was retired, or reviews nothing any more' }),
  })
  .openapi('Staff');

export const staffListAnswer = z.object({ items: z.array(staffAnswer) });

/** As the admin sees them, who keeps the list. */
export const memberAnswer = staffAnswer.extend({ email: z.string(), phone: z.string() }).openapi('StaffMember');

type Member = z.infer<typeof staffAnswer>;

/** One of the staff; undefined for somebody who does not work here. */
export async function memberView(context: ApiContext, staffId: string): Promise<Member | undefined> {
  return (await staffView(context)).find(({ id }) => id === staffId);
}

/** One of the staff, with how to reach them. */
export async function contactView(
  context: ApiContext,
  staffId: string,
): Promise<z.infer<typeof memberAnswer> | undefined> {
  const [member, contact] = [await memberView(context, staffId), await contactOf(context.store, staffId)];
  return member && contact && { ...member, ...contact };
}

export async function staffView({ store, now }: ApiContext): Promise<Member[]> {
  const standing = await standingAbsences(store, shanghaiDate(now()));
  const nameOf = await namesOf(
    store,
    standing.flatMap(({ to, enteredBy }) => [to, enteredBy]),
  );
  return (await listStaff(store)).map((member) => {
    const row = standing.find(({ staffId }) => staffId === member.id);
    return {
      ...member,
      absence: row ? absenceView(row, nameOf) : null,
      departure: row ? departureView(row, nameOf) : null,
    };
  });
}

function absenceView(row: AbsenceRow, nameOf: NameOf): Member['absence'] {
  const { from, until, to } = row;
  if (until === null || to === null) return null;
  return { from, until, to, toName: nameOf(to), ...awayView(row, nameOf) };
}

function departureView(row: AbsenceRow, nameOf: NameOf): Member['departure'] {
  const { from: since, until, to } = row;
  if (until !== null) return null;
  return { since, to, toName: to && nameOf(to), ...awayView(row, nameOf) };
}

function awayView({ id, enteredBy, handover }: AbsenceRow, nameOf: NameOf) {
  const { workflowId } = absenceOptions({ absenceId: id });
  return { enteredBy, enteredByName: nameOf(enteredBy), workflowId, handover: handover && handoverView(handover) };
}

function handoverView({ handedOver, left }: Handover) {
  const explained = left.map((leftCase) => ({
    ...leftCase,
    detail: whyLeft[leftCase.objection] ?? '未能移交,请另行指派。',
  }));
  return { handedOver, left: explained };
}

/** Why a case could not be given to who takes over, by the case's objection. */
const whyLeft: Record<string, string> = {
  ownCase: '接替人或登记人提交过该申请或代为补交过材料,须回避,请指派其他人员。',
  tookPart: '接替人参与过申诉前的审核,请指派其他人员。',
  sameEyes: '该病种须双人复核,接替人是初审人,请指派其他人员。',
};
