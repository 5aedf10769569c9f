import type { Clock } from '../domain/dates.ts';

/** The clock of this machine. */
export const systemClock: Clock = () => new Date().toISOString();
