import { type PersonField, personFields, type Typed, typedOtherwise } from '../../domain/people/typed.ts';

type Somebody = Record<PersonField, string> & { typed?: Typed<PersonField> };
interface PeopleOfForm {
  applicant?: Somebody | undefined;
  agent?: Somebody | undefined;
  signature: { name: string; typed?: Typed<'name'> };
}

/**
 * A form with what was typed of its people, where it was understood otherwise.
 * @param form as it was understood
 * @param body as it came in, which the form's schema has taken
 */
export function withTyped<Form extends PeopleOfForm>(form: Form, body: unknown): Form {
  const { applicant, agent, signature } = form;
  const given = body as Record<keyof PeopleOfForm, unknown>;
  const typed: PeopleOfForm = {
    ...(applicant ? { applicant: { ...applicant, ...typedOtherwise(applicant, given.applicant, personFields) } } : {}),
    ...(agent ? { agent: { ...agent, ...typedOtherwise(agent, given.agent, personFields) } } : {}),
    signature: { ...signature, ...typedOtherwise(signature, given.signature, ['name']) },
  };
  return { ...form, ...typed };
}
