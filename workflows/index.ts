/** The workflows that a worker runs. */
export { absence } from './absence.ts';
export { accreditation } from './accreditation.ts';
export { application } from './application.ts';
export { calendarChange } from './calendar-change.ts';
export { delivery } from './delivery.ts';
export { digest } from './digest.ts';
export { handOverMessage } from './hand-over-message.ts';
export { housekeeping } from './housekeeping.ts';
