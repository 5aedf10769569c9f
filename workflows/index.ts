/** The workflows that a worker runs. */
export { application } from './application.ts';
export { calendarChange } from './calendar-change.ts';
export { reconcile } from './reconcile.ts';
