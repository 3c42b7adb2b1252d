// A connection to the primary of Postgres, on which a commit means what it promises where commits wait for a standby.
import { connect } from "node:net";
import pg from "pg";

/**
 * The function of Postgres in which a commit waits for its standbys. Unlike the text of its warnings it is never
 * translated.
 */
const STANDBY_WAIT = "SyncRepWaitForLSN";
const READ_ONLY = "25006";
const UNKNOWN_OUTCOME = "08007";

function makeError(code: string, message: string): pg.DatabaseError {
  const error = new pg.DatabaseError(message, message.length, "error");
  error.severity = "ERROR";
  error.code = code;
  return error;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, CancelRequest */
const CANCEL_CODE = 80_877_102;
const CANCEL_PATIENCE_MS = 2_000;

/** Cancels the statement of a session, if it still runs. Nobody is told whether it did. */
function sendCancel({ host, port }: { host: string; port: number }, processId: number, secretKey: number): void {
  const socket = connect(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  const message = Buffer.alloc(16);
  for (const [i, value] of [message.length, CANCEL_CODE, processId, secretKey].entries())
    message.writeInt32BE(value, 4 * i);
  socket.on("error", () => {});
  socket.setTimeout(CANCEL_PATIENCE_MS, () => socket.destroy());
  socket.end(message);
  socket.unref();
}

/**
 * - A commit whose wait for a standby was ended (by a cancel, a shutdown) is reported by Postgres as done, with a warning.
 * Here it fails: its outcome is unknown, since a fail-over would undo it.
 * - A server that only reads is left: a statement that it refuses for that reason ends the connection.
 */
export class PrimaryClient extends pg.Client {
  /** The server said at the start that it is a standby. */
  isStandby = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // The holder of a broken connection learns of it from the statement. Without a listener the event would end the
    // process.
    this.on("error", () => {});
    this.connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
      if (parameterName === "in_hot_standby") this.isStandby = parameterValue === "on";
    });
    this.connection.on("errorMessage", ({ code }) => {
      if (code === READ_ONLY) this.leave();
    });
    this.on("notice", ({ routine }) => {
      if (routine !== STANDBY_WAIT) return;
      // Emitted now, and not through the socket: the same bytes may go on to say that the statement succeeded.
      this.connection.emit(
        "error",
        makeError(UNKNOWN_OUTCOME, "The wait for a standby was ended before it had the commit."),
      );
      this.leave();
    });
  }

  /**
   * Ends the connection with its statement, here and on the server. The session of a commit that waits for a standby never
   * checks whether its client is still there, and there is room for a bounded number of them.
   */
  abandon(): void {
    const { processID, secretKey } = this as unknown as { processID: number | null; secretKey: number | null };
    if (processID !== null && secretKey !== null) sendCancel(this, processID, secretKey);
    this.leave();
  }

  private leave(): void {
    this.end().catch(() => {});
  }
}

/** Options of a pool with such connections. A standby is refused as soon as it is met: its data may be old. */
export const toPrimary: Pick<pg.PoolConfig, "Client" | "verify"> = {
  Client: PrimaryClient,
  verify(client, done) {
    const isStandby = client instanceof PrimaryClient && client.isStandby;
    done(isStandby ? makeError(READ_ONLY, "The address of the database leads to a standby.") : undefined);
  },
};
