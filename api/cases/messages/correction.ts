import type { z } from 'zod';
import type { Message } from '../../../domain/cases/messages.ts';
import { withPhone } from '../../../domain/people/typed.ts';
import { openPersonal, type PersonalData } from '../../../store/cases/personal.ts';
import type { ApplicationForm, ApplicationRow } from '../../../store/cases/tables.ts';
import type { Store } from '../../../store/open.ts';
import type { correctionSchema } from './requests.ts';

/** A form as it is after a resubmission has corrected it. */
export interface CorrectedForm {
  personal: PersonalData;
  form: ApplicationForm;
}

/** A message, and the corrected form that is stored with it. */
export interface Sending {
  message: Message;
  corrected: CorrectedForm | undefined;
}

/**
 * A case's form with the applicant's corrections (改表), signed anew. Who applies, for which disease, and what the
 * insurance core was asked about can't be corrected: another person or disease is another application.
 */
export function correctedForm(
  store: Store,
  row: ApplicationRow,
  { phone, agent, signature, ...changes }: z.infer<typeof correctionSchema>,
): CorrectedForm {
  const { applicant, ...rest } = openPersonal(store, row);
  return {
    personal: {
      ...rest,
      applicant: phone === undefined ? applicant : withPhone(applicant, phone),
      ...(agent ? { agent } : {}),
      signature,
    },
    form: { ...row.form, ...changes },
  };
}
