// COPY over a connection of pg, in both directions, with as much in memory as the slower end lets through.
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Connection, Submittable } from "pg";
import type { PrimaryClient } from "#server/database/primary-client.ts";

/** Rows are put together to pieces of about this size, each of which is compressed by itself. */
const PIECE_BYTES = 2 ** 20;
const MAX_WAITING_PIECES = 4;

interface CopyConnection extends Connection {
  stream: Connection["stream"] & Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

const rowsIn = (tag: string) => Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0);

/** The parts of a query that pg calls; these two have no use for rows. */
abstract class Copy implements Submittable {
  readonly #text: string;
  readonly #done = Promise.withResolvers<number>();
  #rows = 0;

  constructor(text: string) {
    this.#text = text;
    this.#done.promise.catch(() => undefined);
  }

  /** Resolves to the number of rows. */
  get done(): Promise<number> {
    return this.#done.promise;
  }

  submit(connection: Connection): undefined {
    connection.query(this.#text);
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.#rows = rowsIn(text);
  }
  handleReadyForQuery(): void {
    this.#done.resolve(this.#rows);
  }
  handleError(error: Error): void {
    this.#done.reject(error);
  }
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

class CopyOut extends Copy {
  readonly pieces: Buffer[] = [];
  #gathered: Buffer[] = [];
  #bytes = 0;
  more = Promise.withResolvers<void>();

  handleCopyData({ chunk }: { chunk: Buffer }, { stream }: CopyConnection): void {
    // pg uses the bytes behind it again.
    this.#gathered.push(Buffer.from(chunk));
    this.#bytes += chunk.length;
    if (this.#bytes < PIECE_BYTES) return;
    this.flush();
    if (this.pieces.length >= MAX_WAITING_PIECES) stream.pause();
  }
  override handleReadyForQuery(): void {
    this.flush();
    super.handleReadyForQuery();
  }
  flush(): void {
    if (this.#bytes > 0) this.pieces.push(Buffer.concat(this.#gathered));
    this.#gathered = [];
    this.#bytes = 0;
    this.more.resolve();
    this.more = Promise.withResolvers();
  }
}

/** Yields what `copy … to stdout` says, and returns the number of its rows. */
export async function* copyOut(client: PrimaryClient, text: string): AsyncGenerator<Buffer, number> {
  const copy = new CopyOut(text);
  const { stream } = (client as unknown as { connection: CopyConnection }).connection;
  client.query(copy);
  let isOver = false;
  const over = copy.done.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  for (;;) {
    const piece = copy.pieces.shift();
    if (piece) {
      if (copy.pieces.length < MAX_WAITING_PIECES) stream.resume();
      yield piece;
    } else if (isOver) return await over;
    else await Promise.race([copy.more.promise, over]);
  }
}

class CopyIn extends Copy {
  readonly wanted = Promise.withResolvers<CopyConnection>();

  handleCopyInResponse(connection: CopyConnection): void {
    this.wanted.resolve(connection);
  }
}

/**
 * Feeds `copy … from stdin` and resolves to the number of rows that were stored. What `pieces` throws is thrown, and nothing of
 * the copy is kept.
 */
export async function copyIn(client: PrimaryClient, text: string, pieces: AsyncIterable<Buffer>): Promise<number> {
  const copy = new CopyIn(text);
  client.query(copy);
  const connection = await Promise.race([copy.wanted.promise, copy.done.then(() => undefined)]);
  if (!connection) throw new Error("Postgres wanted nothing of a copy.");
  let isBroken = false;
  copy.done.catch(() => {
    isBroken = true;
  });
  try {
    for await (const piece of pieces) {
      if (isBroken) break;
      connection.sendCopyFromChunk(piece);
      if (connection.stream.writableNeedDrain) await Promise.race([once(connection.stream, "drain"), copy.done]);
    }
  } catch (error) {
    connection.sendCopyFail("The file is not whole.");
    await copy.done.catch(() => undefined);
    throw error;
  }
  if (!isBroken) connection.endCopyFrom();
  return copy.done;
}
