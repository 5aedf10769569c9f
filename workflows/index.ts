/** The workflows that a worker runs. */

export { accreditation } from './accreditations/accreditation.ts';
export { calendarChange } from './calendar/calendar-change.ts';
export { application } from './cases/application.ts';
export { housekeeping } from './housekeeping.ts';
export { briefing } from './notifications/briefing.ts';
export { delivery } from './notifications/delivery.ts';
export { dispatchNotification } from './notifications/dispatch-notification.ts';
export { retention } from './retention/retention.ts';
export { absence } from './staff/absence.ts';
