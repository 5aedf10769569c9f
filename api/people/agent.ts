import { type AgentProblem, agentProblems } from '../../domain/people/person.ts';
import type { Policy } from '../../policy/schema.ts';
import type { FieldError } from '../http/errors.ts';

type Applicant = Parameters<typeof agentProblems>[0];
type Agent = Parameters<typeof agentProblems>[1];

const agentDetails: Record<AgentProblem, (policy: Policy) => FieldError> = {
  guardianMissing: ({ guardianUnder }) => ({
    field: 'agent',
    code: 'guardianMissing',
    detail: `未满 ${guardianUnder} 周岁的人员和学生应由监护人代为申请,请填写监护人信息。`,
  }),
  agentUnderAge: ({ guardianUnder }) => ({
    field: 'agent.idNumber',
    code: 'agentUnderAge',
    detail: `代办人应年满 ${guardianUnder} 周岁,请更换代办人。`,
  }),
  agentIsApplicant: () => ({
    field: 'agent.idNumber',
    code: 'agentIsApplicant',
    detail: '代办人不能是申请人本人;本人办理的,不用填写代办人。',
  }),
};

/** Errors where this agent may not apply for this applicant. @param on Shanghai date of the submission */
export function agentErrors(
  policy: Policy,
  { applicant, agent }: { applicant: Applicant; agent?: Agent },
  on: string,
): FieldError[] {
  return agentProblems(applicant, agent, policy, on).map((problem) => agentDetails[problem](policy));
}
