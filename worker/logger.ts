import type { Logger, LogLevel } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Temporal's log lines as pino's. */
export function temporalLogger(log: Pino): Logger {
  const at = (level: LogLevel) => (message: string, meta?: object) => log[levels[level]]({ ...meta }, message);
  return {
    log: (level, message, meta) => at(level)(message, meta),
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  };
}
