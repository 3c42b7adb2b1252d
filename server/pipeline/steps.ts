// The steps of a pipeline: statements with their values, and rows to be copied into a table.
import type { MessageBytes } from "./message-bytes.ts";

/** A prepared statement. One name has one text. */
export interface Statement {
  name: string;
  text: string;
}

export type Scalar = string | number | bigint | boolean | Date | null | undefined;
/** A parameter: a Buffer goes as bytea, an array as an array of its elements, everything else as its text. */
export type Value = Scalar | Buffer | readonly Scalar[];

export type Step = { statement: Statement; values: readonly Value[] } | CopyStep;

/** `copy` is made by `copyInto`; `write` writes so many rows. */
export interface CopyStep {
  copy: CopyStatement;
  rowCount: number;
  write: (rows: RowWriter) => void;
}

export interface CopyStatement extends Statement {
  columns: readonly string[];
  /** The same for one row, which is its parameters. */
  insertOne: Statement;
}

/** The statement that copies rows with these columns into a table. Names are the program's own and are not quoted. */
export function copyInto(name: string, table: string, columns: readonly string[]): CopyStatement {
  const into = `${table} (${columns.join(", ")})`;
  const insertOne = {
    name: `${name}-one`,
    text: `insert into ${into} values (${columns.map((_, i) => `$${i + 1}`).join(", ")})`,
  };
  return { name, text: `copy ${into} from stdin (format binary)`, columns, insertOne };
}

/**
 * Writes rows: `row()`, then a value for each column by its type. Values that a row has in common with one before it may be
 * copied: `again` takes the places in bytes (`length`) before and after them.
 */
export type RowWriter = Pick<
  MessageBytes,
  | "row"
  | "text"
  | "integer"
  | "bigint"
  | "boolean"
  | "real"
  | "reals"
  | "double"
  | "timestamptz"
  | "bytea"
  | "again"
  | "length"
>;

/** The statement that a step sends. */
export const statementOf = (step: Step): Statement => {
  if ("statement" in step) return step.statement;
  return step.rowCount === 1 ? step.copy.insertOne : step.copy;
};
