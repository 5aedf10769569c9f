import { type Logger, Runtime } from '@temporalio/worker';

type Relay = Logger & { to: Logger };

/** Temporal has one logger a process, which runs several test files: what it logs goes to this file's logger now. */
export function logTemporalTo(to: Logger): void {
  try {
    Runtime.install({ logger: relayTo(to) });
  } catch {
    (Runtime.instance().logger as Relay).to = to;
  }
}

function relayTo(to: Logger): Relay {
  return {
    to,
    log(...line) {
      this.to.log(...line);
    },
    trace(...line) {
      this.to.trace(...line);
    },
    debug(...line) {
      this.to.debug(...line);
    },
    info(...line) {
      this.to.info(...line);
    },
    warn(...line) {
      this.to.warn(...line);
    },
    error(...line) {
      this.to.error(...line);
    },
  };
}
