import { join } from "node:path";
import { type Logger, pino } from "pino";
import type { Env } from "#server/env.ts";

export type Log = Logger;

const SECRET_KEYS = [
  "authorization",
  "cookie",
  "secret",
  "api_key",
  "apiKey",
  "password",
  "token",
  "signing_secret",
  "secret_access_key",
];
const REDACT_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** `text` with the password of every URL in it replaced: driver errors like to quote the whole connection string. */
export const withoutUrlPasswords = (text: string) => text.replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, "$1:***@");

const PROJECT_DIR = `${join(import.meta.dirname, "..", "..")}/`;
const DEPENDENCIES = "node_modules/";

/** The innermost line of our own code in a stack, such as `server/database/db.ts:12`: enough to find a bug. */
function placeOf(stack: string | undefined): string | undefined {
  for (const line of stack?.split("\n") ?? []) {
    // A message may have lines of its own, and paths in them.
    const [, place] = line.startsWith("    at ") ? line.split(PROJECT_DIR) : [];
    if (place && !place.startsWith(DEPENDENCIES)) return place.replace(/:\d+\)?$/, "");
  }
  return undefined;
}

interface CleanError {
  type: string;
  message: string;
  code?: unknown;
  at?: string | undefined;
  cause?: CleanError;
}

/**
 * The parts of an error that may be logged. Its other properties may not: drivers attach statements and the values of rows,
 * and a stack trace is a map of the machine.
 */
function cleanError(error: unknown): CleanError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutUrlPasswords(String(error)) };
  const parts = error instanceof AggregateError ? error.errors.map((part) => cleanError(part).message) : [];
  return {
    type: error.constructor.name,
    message: withoutUrlPasswords([error.message, ...parts].filter(Boolean).join("; ")),
    ...("code" in error && { code: error.code }),
    at: placeOf(error.stack),
    ...(error.cause !== undefined && { cause: cleanError(error.cause) }),
  };
}

/** One line for people: time of day, level, role, message, then the fields that were given. */
function toText(line: string): string {
  const { level, time, role, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const error = err ? ` err=${JSON.stringify(err)}` : "";
  return `${clock} ${String(level).padEnd(5)} ${role}: ${msg ?? ""}${rest.join("")}${error}\n`;
}

interface LogTarget {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * The logger of one role. JSON lines, or readable ones when `target` is a terminal.
 * Secrets are redacted by key up to two levels deep, and passwords in URLs wherever an error or a message quotes them.
 */
export function makeLog(role: string, level: Env["logLevel"], target: LogTarget = process.stdout): Log {
  const options = {
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACT_PATHS, censor: "***" },
    serializers: { err: cleanError },
  };
  const write = (line: string) => target.write(withoutUrlPasswords(target.isTTY ? toText(line) : line));
  return pino(options, { write });
}
