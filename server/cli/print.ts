// The output of a command: tables and fields for people, JSON for programs. Colours only for a terminal that wants them.
import { styleText } from "node:util";
import { safeJson, safeLine, safeText } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

type Style = Parameters<typeof styleText>[0];
type Row = Readonly<Record<string, unknown>>;

export interface Printer {
  line(text: string): void;
  /** For people only: news of a command, which must not stand in its output. */
  note(text: string): void;
  json(value: unknown): void;
  /** An object as its fields, or rows as a table. */
  value(value: unknown): void;
  paint(style: Style, text: string): string;
  isJson: boolean;
}

const NARROWEST = 8;
const WIDTH = 100;

export function makePrinter({ out, err, env }: Surroundings, isJson: boolean): Printer {
  const hasColours = out.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  const line = (text: string) => void out.write(`${text}\n`);
  const paint = (style: Style, text: string) => (hasColours ? styleText(style, text, { validateStream: false }) : text);
  const json = (value: unknown) => line(safeJson(value, out.isTTY ? 2 : undefined));
  return {
    line,
    isJson,
    paint,
    note: (text) => void err.write(`${text}\n`),
    json,
    value(value) {
      if (isJson) json(value);
      else if (Array.isArray(value)) {
        const [head = "", ...rows] = table(value, out.columns ?? WIDTH);
        line(paint("bold", head));
        for (const row of rows) line(row);
      } else if (typeof value === "object" && value !== null) for (const text of fields(value as Row)) line(text);
      else line(safeText(String(value)));
    },
  };
}

/** The columns that tell most, in this order; what else a row has is left to `--json`. */
const COLUMNS = [
  ...["id", "name", "title", "status", "state", "type", "kind", "event_type", "method", "path", "email", "role"],
  ...["attempts", "response_status", "error_code", "hold_reason", "verification", "is_connected", "source_id"],
  ...["connection_id", "destination_id", "disabled_at", "paused_at", "latency_ms", "created_at"],
];

const isCell = (value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value);
const cell = (value: unknown): string => (value === null || value === undefined ? "–" : safeLine(String(value)));
const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** Lines of a table that is no wider than the terminal: the last columns go first, and the last that stays is cut. */
export function table(rows: readonly unknown[], width: number): string[] {
  const all = rows.filter((row): row is Row => typeof row === "object" && row !== null);
  const [first] = all;
  if (!first) return ["Nothing."];
  const shown = COLUMNS.filter((name) => name in first && isCell(first[name]) && all.some((row) => row[name] !== null));
  const columns: { name: string; width: number }[] = [];
  let left = width;
  for (const name of shown) {
    const wanted = Math.max(name.length, ...all.map((row) => cell(row[name]).length));
    const given = Math.min(wanted, left);
    if (columns.length > 0 && given < Math.min(wanted, NARROWEST)) break;
    columns.push({ name, width: given });
    left -= given + 2;
    if (left < NARROWEST) break;
  }
  const text = (of: (name: string) => string) =>
    columns
      .map((one) => cut(of(one.name), one.width).padEnd(one.width))
      .join("  ")
      .trimEnd();
  return [text((name) => name), ...all.map((row) => text((name) => cell(row[name])))];
}

function fields(value: Row): string[] {
  const names = Object.keys(value);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.flatMap((name) => {
    const one = value[name];
    const text = isCell(one) ? cell(one) : safeJson(one, 2);
    return text.split("\n").map((part, at) => `${(at === 0 ? safeLine(name) : "").padEnd(width)}  ${part}`);
  });
}
