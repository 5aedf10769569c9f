import { PGlite } from '@electric-sql/pglite';

type StreamOptions = Parameters<PGlite['execProtocolRawStream']>[1];
type ExecOptions = Parameters<PGlite['exec']>[1];

// First bytes of the messages after which the server is ready for another client (a startup packet has a length in place of a type).
const STARTUP = 0;
const QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);

const SYNC_MESSAGE = Buffer.from([SYNC, 0, 0, 0, 4]);
/** The server's answer to a statement that it has prepared. */
const PARSE_COMPLETE = Buffer.from(['1'.charCodeAt(0), 0, 0, 0, 4]);

/**
 * The one session that all clients of the socket server share.
 *
 * The socket server queues single protocol messages, and stays with one client only while `isInTransaction()`. A parametrised
 * statement is four or five messages (parse, bind, execute, sync), so those of two waiting clients would mix, and one client's
 * parameters run another's statement (tried: an INSERT that answered "DELETE 0"). Here a batch counts as a transaction from its first
 * message to the one that ends it.
 */
export class SharedSession extends PGlite {
  #midBatch = false;
  /** The messages that prepared the statements which have a name. */
  #prepared = new Set<string>();

  override isInTransaction(): boolean {
    return this.#midBatch || super.isInTransaction();
  }

  override async execProtocolRawStream(message: Uint8Array, options: StreamOptions): Promise<void> {
    try {
      await (isNamed(message) ? this.#prepareOnce(message, options) : super.execProtocolRawStream(message, options));
    } catch (error) {
      // SQL errors are answers; this is the engine itself, and the socket server's queue would stand still for good. Committed data is
      // on disk: the supervisor starts the process again.
      console.error('PGlite failed:', error);
      process.exit(1);
    }
    const type = message[0];
    if (type !== TERMINATE) this.#midBatch = type !== STARTUP && type !== QUERY && type !== SYNC;
  }

  /** Each client prepares the statements that it has names for; those of another one are there already. */
  async #prepareOnce(message: Uint8Array, options: StreamOptions): Promise<void> {
    const statement = Buffer.from(message).toString();
    if (this.#prepared.has(statement)) return options.onRawData(PARSE_COMPLETE);
    const onRawData = (answer: Uint8Array) => {
      if (answer[0] === PARSE_COMPLETE[0]) this.#prepared.add(statement);
      options.onRawData(answer);
    };
    await super.execProtocolRawStream(message, { ...options, onRawData });
  }

  /** The socket server calls this with ROLLBACK for a client that is gone; what it left may also be half a batch. */
  override async exec(sql: string, options?: ExecOptions) {
    if (sql !== 'ROLLBACK') return super.exec(sql, options);
    // The first one ends what a half-sent batch began. After an error it is skipped up to the Sync: the second one ends that transaction.
    const rollback = simpleQuery(sql);
    await this.execProtocolRawStream(Buffer.concat([rollback, SYNC_MESSAGE, rollback]), { onRawData: () => {} });
    return [];
  }
}

/** The name comes first in it, ended by a zero. */
function isNamed(message: Uint8Array): boolean {
  return message[0] === PARSE && message[5] !== 0;
}

function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from([QUERY, 0, 0, 0, 0]);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}
