import { type Logger, pino } from "pino";
import type { Env } from "./env.ts";

export type Log = Logger;

const SECRET_KEYS = ["authorization", "cookie", "secret", "api_key", "apiKey", "password", "token", "signing_secret"];
const REDACT_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** `text` with the password of every URL in it replaced: driver errors like to quote the whole connection string. */
export const withoutUrlPasswords = (text: string) => text.replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, "$1:***@");

function cleanError(error: unknown) {
  const plain = pino.stdSerializers.err(error as Error);
  if (typeof plain?.message === "string") plain.message = withoutUrlPasswords(plain.message);
  if (typeof plain?.stack === "string") plain.stack = withoutUrlPasswords(plain.stack);
  return plain;
}

/** One line for people: time of day, level, role, message, then the fields that were given. */
function toText(line: string): string {
  const { level, time, role, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 23);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack;
  return `${clock} ${String(level).padEnd(5)} ${role}: ${msg ?? ""}${rest.join("")}${stack ? `\n${stack}` : ""}\n`;
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
