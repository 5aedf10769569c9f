import { PGlite } from '@electric-sql/pglite';

type StreamOptions = Parameters<PGlite['execProtocolRawStream']>[1];
type ExecOptions = Parameters<PGlite['exec']>[1];

// The first bytes of protocol messages, which are their types. A startup packet has none: it begins with its length.
const STARTUP = 0;
const QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);

const SYNC_MESSAGE = Buffer.from([SYNC, 0, 0, 0, 4]);
/** The server's answer once it has prepared a statement. */
const PARSE_COMPLETE = Buffer.from(['1'.charCodeAt(0), 0, 0, 0, 4]);

/**
 * The one session that all clients of the socket server share.
 *
 * The socket server queues single protocol messages, and stays with one client only while `isInTransaction()`. A
 * parametrised statement takes four or five messages (parse, bind, execute, sync), so those of two waiting clients
 * would mix, and one client's parameters would run another's statement (tried: an INSERT that answered "DELETE 0").
 * Here a batch counts as a transaction from its first message to the one that ends it.
 */
export class SharedSession extends PGlite {
  #midBatch = false;
  /** Parse messages by which named statements were prepared. */
  #prepared = new Set<string>();

  override isInTransaction(): boolean {
    return this.#midBatch || super.isInTransaction();
  }

  override async execProtocolRawStream(message: Uint8Array, options: StreamOptions): Promise<void> {
    try {
      await (isNamed(message) ? this.#prepareOnce(message, options) : super.execProtocolRawStream(message, options));
    } catch (error) {
      // SQL errors come as answers. This is an error of the engine itself, after which the socket server's queue would
      // stand still for good. Committed data is on disk, and the supervisor starts the process again.
      console.error('PGlite failed:', error);
      process.exit(1);
    }
    const type = message[0];
    if (type !== TERMINATE) this.#midBatch = type !== STARTUP && type !== QUERY && type !== SYNC;
  }

  /** Prepares a named statement only once: each client asks for it, but in the shared session it is there already. */
  async #prepareOnce(message: Uint8Array, options: StreamOptions): Promise<void> {
    const statement = Buffer.from(message).toString();
    if (this.#prepared.has(statement)) return options.onRawData(PARSE_COMPLETE);
    const onRawData = (answer: Uint8Array) => {
      if (answer[0] === PARSE_COMPLETE[0]) this.#prepared.add(statement);
      options.onRawData(answer);
    };
    await super.execProtocolRawStream(message, { ...options, onRawData });
  }

  /** The socket server calls this with ROLLBACK for a client that is gone, which may also have left half a batch. */
  override async exec(sql: string, options?: ExecOptions) {
    if (sql !== 'ROLLBACK') return super.exec(sql, options);
    // The first ROLLBACK ends what a half-sent batch began. After an error the engine skips everything up to the Sync,
    // and the second ROLLBACK ends the transaction.
    const rollback = simpleQuery(sql);
    await this.execProtocolRawStream(Buffer.concat([rollback, SYNC_MESSAGE, rollback]), { onRawData: () => {} });
    return [];
  }
}

/** Whether a message prepares a statement that has a name: the name begins at byte 5 and ends with a zero. */
function isNamed(message: Uint8Array): boolean {
  return message[0] === PARSE && message[5] !== 0;
}

function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from([QUERY, 0, 0, 0, 0]);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}
