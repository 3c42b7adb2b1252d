// A pipeline: several prepared statements and COPYs as one transaction, sent in one write, answered in one round trip.
// A COPY of one row is sent as an insert: a COPY is planned anew each time, and answers once before its row and once after it.
//
// Messages of a pipeline (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING):
//   for each step    Parse, once for each connection and statement
//                    Bind, Execute
//                    CopyData, CopyDone, where the statement is `copy … from stdin (format binary)`
//   at the end       Sync
// - Without Sync between them the steps are one implicit transaction. It commits at Sync and before ReadyForQuery, so a
//   pipeline resolves at ReadyForQuery. Inside `begin` and `commit` it is a part of that transaction.
// - An error in any step undoes them all. Postgres then skips everything up to Sync, CopyData too, says ReadyForQuery, and the
//   connection goes on. Statements that were parsed before the error stay parsed.
// - A connection that dies before ReadyForQuery leaves the outcome unknown, as with any statement: the error is one of
//   `isDatabaseAway`, and whoever repeats the steps has to expect their rows.
//
// `pg` takes a query object of one's own (`submit`). It asks that object for the name and text of what was parsed, and notes
// both for the connection. Here these are those of the step under way: a step's ParseComplete comes after the last step's
// CommandComplete and before its own. So pipelines and single statements may share names.
//
// All bytes are made before a connection is asked for: a value that cannot be written fails its pipeline and sends nothing.
// They stay in memory until Postgres has read them. Whoever makes pipelines bounds their bytes and their number.
import type { Queryable } from "#server/database/db.ts";
import { MessageBytes } from "./message-bytes.ts";
import {
  type CopyStatement,
  type CopyStep,
  type RowWriter,
  type Scalar,
  type Statement,
  type Step,
  statementOf,
  type Value,
} from "./steps.ts";

/** Values are in text form, in the order of the statement's columns. */
export interface StepResult {
  rowCount: number;
  rows: (string | null)[][];
}

/**
 * Runs the steps in order as one transaction. Returns a result for each.
 *
 * @param db a pool, or a client in a transaction. A pool closes the connection after an error, as it does after each.
 */
export function runPipeline(db: Queryable, steps: readonly Step[]): Promise<StepResult[]> {
  return new Promise((resolve, reject) => {
    const pipeline = new Pipeline(steps);
    (db as unknown as Submits).query(pipeline, (error, results) => {
      if (error) return reject(error);
      resolve(results ?? []);
    });
  });
}

type Done = (error: Error | null | undefined, results?: StepResult[]) => void;
interface Submits {
  query(pipeline: Pipeline, done: Done): void;
}

/** The part of pg's connection that is used here. */
interface Connection {
  parsedStatements: Record<string, string | undefined>;
  stream: {
    writable: boolean;
    write(bytes: Buffer): boolean;
    cork(): void;
    uncork(): void;
    destroy(error: Error): void;
  };
}

const COPY_HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const COPY_END = -1;
const TEXT = 0;
const BINARY = 1;

class Pipeline {
  /** Set by pg. */
  callback: Done | undefined;
  readonly steps: readonly Step[];
  private readonly bytes = new MessageBytes();
  /** The places where the messages of each step end. */
  private readonly ends: number[] = [];
  private readonly results: StepResult[] = [];
  private rows: (string | null)[][] = [];

  constructor(steps: readonly Step[]) {
    this.steps = steps;
    for (const step of steps) {
      writeStep(this.bytes, step);
      this.ends.push(this.bytes.length);
    }
    this.bytes.endFrame(this.bytes.startFrame("S"));
  }

  /** The statement of the step under way. */
  private get current(): Statement | undefined {
    const step = this.steps[this.results.length];
    return step && statementOf(step);
  }

  /** Read by pg at ParseComplete. */
  get name(): string | undefined {
    return this.current?.name;
  }

  /** Read by pg at ParseComplete. */
  get text(): string | undefined {
    return this.current?.text;
  }

  /** Sends everything. Returned errors are given to `handleError` by pg, and the connection stays as it is. */
  submit({ parsedStatements, stream }: Connection): Error | null {
    if (!stream.writable) return new Error("Connection terminated");
    const isSeen = new Set<string>();
    const parts: Buffer[] = [];
    let sentTo = 0;
    for (const [i, step] of this.steps.entries()) {
      const statement = statementOf(step);
      const { name, text } = statement;
      const known = parsedStatements[name];
      if (known !== undefined && known !== text) return new Error(`The name ${name} has another statement already.`);
      if (known !== undefined || isSeen.has(name)) continue;
      isSeen.add(name);
      const start = this.ends[i - 1] ?? 0;
      parts.push(this.bytes.slice(sentTo, start), parseMessage(statement));
      sentTo = start;
    }
    parts.push(this.bytes.slice(sentTo, this.bytes.length));
    stream.cork();
    for (const part of parts) if (part.length > 0) stream.write(part);
    stream.uncork();
    return null;
  }

  handleCopyInResponse({ stream }: Connection): void {
    const step = this.steps[this.results.length];
    // Postgres would wait for rows that never come.
    if (!step || !("copy" in step)) stream.destroy(new Error("A statement without rows asks for them."));
  }

  handleRowDescription(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.rows.push(fields);
  }

  handleEmptyQuery(): void {
    this.endStep("");
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.endStep(text);
  }

  /** Called by pg, which gives nothing after an error. */
  handleError(error: Error): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    // Postgres has read all of them, or it would not be ready.
    this.bytes.release();
    this.callback?.(null, this.results);
  }

  private endStep(tag: string): void {
    this.results.push({ rowCount: Number(/\d+$/.exec(tag)?.[0] ?? 0), rows: this.rows });
    this.rows = [];
  }
}

function parseMessage({ name, text }: Statement): Buffer {
  const bytes = new MessageBytes();
  const frame = bytes.startFrame("P");
  bytes.cString(name);
  bytes.cString(text);
  bytes.int16(0);
  bytes.endFrame(frame);
  const message = Buffer.from(bytes.slice(0, bytes.length));
  bytes.release();
  return message;
}

function writeStep(bytes: MessageBytes, step: Step): void {
  const { name } = statementOf(step);
  if ("copy" in step && step.rowCount === 1) writeBindOfRow(bytes, name, step);
  else writeBind(bytes, name, "values" in step ? step.values : []);
  const execute = bytes.startFrame("E");
  bytes.cString("");
  bytes.int32(0);
  bytes.endFrame(execute);
  if ("copy" in step && step.rowCount !== 1) writeRows(bytes, step.copy.columns.length, step.write);
}

/** Binary parameters are written as a row of a COPY is: the number of values, then each with its length. */
function writeBindOfRow(bytes: MessageBytes, name: string, { copy, write }: CopyStep): void {
  const frame = bytes.startFrame("B");
  bytes.cString("");
  bytes.cString(name);
  bytes.int16(1);
  bytes.int16(BINARY);
  bytes.columnCount = copy.columns.length;
  const start = bytes.length;
  write(bytes);
  checkRow(bytes.slice(start, bytes.length), copy);
  bytes.int16(0);
  bytes.endFrame(frame);
}

/** Postgres would call too few values a broken connection (08P01), and whoever repeats those would repeat it for ever. */
function checkRow(row: Buffer, { name, columns }: CopyStatement): void {
  let at = row.length === 0 ? 0 : 2;
  let count = 0;
  for (; at > 0 && at < row.length; count++) at += 4 + Math.max(0, row.readInt32BE(at));
  if (at !== row.length || count !== columns.length)
    throw new RangeError(`${name} has ${columns.length} values a row.`);
}

function writeBind(bytes: MessageBytes, name: string, values: readonly Value[]): void {
  const frame = bytes.startFrame("B");
  bytes.cString("");
  bytes.cString(name);
  bytes.int16(values.length);
  for (const value of values) bytes.int16(Buffer.isBuffer(value) ? BINARY : TEXT);
  bytes.int16(values.length);
  for (const value of values) {
    if (Buffer.isBuffer(value)) bytes.bytea(value);
    else bytes.text(toText(value));
  }
  bytes.int16(0);
  bytes.endFrame(frame);
}

function writeRows(bytes: MessageBytes, columnCount: number, write: (rows: RowWriter) => void): void {
  const frame = bytes.startFrame("d");
  bytes.raw(COPY_HEADER);
  bytes.columnCount = columnCount;
  write(bytes);
  bytes.int16(COPY_END);
  bytes.endFrame(frame);
  bytes.endFrame(bytes.startFrame("c"));
}

function toText(value: Exclude<Value, Buffer>): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? `{${value.map(toElement).join(",")}}` : String(value);
}

function toElement(value: Scalar): string {
  const text = toText(value);
  if (text === null) return "NULL";
  return typeof value === "string" ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}
