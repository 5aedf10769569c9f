/** The workflows that a worker runs. */
export { application } from './application.ts';
export { reconcile } from './reconcile.ts';
