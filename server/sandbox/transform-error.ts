import type { TransformError } from "#server/contracts/why.ts";
import { explainAbsence } from "./absent-names.ts";
import { LIMITS } from "./messages.ts";

/** The engine's name for the file that user code is compiled as. */
const USER_FILE = /<input>:(\d+)/;
/** The wrapper's own first line stands before the user's. */
const WRAPPER_LINES = 1;

/** Cuts `text` to at most `maxBytes` of UTF-8, never within a character; lone surrogates become U+FFFD. */
export function boundBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(0, maxBytes));
  if (bytes.length <= maxBytes) return bytes.toString();
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

/** The owner's line, from the innermost frame of a QuickJS stack that lies in their code; null when the stack names none. */
export function lineOf(stack: string, code: string): number | null {
  const match = USER_FILE.exec(stack);
  if (!match) return null;
  const line = Number(match[1]) - WRAPPER_LINES;
  const lines = code.split("\n").length;
  // The end of the input is reported on the wrapper's last line; user code can write any stack it likes.
  return line < 1 || line > lines + WRAPPER_LINES ? null : Math.min(line, lines);
}

export const timedOut = (timeoutMs: number, line: number | null = null): TransformError => ({
  kind: "timed_out",
  message: `It ran longer than ${timeoutMs} ms and was stopped.`,
  line,
});

export const outOfMemory = (memoryMb: number, line: number | null = null): TransformError => ({
  kind: "out_of_memory",
  message: `It needed more than ${memoryMb} MB of memory and was stopped.`,
  line,
});

/** A failure that the user code has caused and the engine described: `message` and `stack` as strings of unknown length. */
export function engineError(
  kind: "threw" | "syntax_error",
  failure: { message: string; stack: string },
  code: string,
  memoryMb: number,
): TransformError {
  const line = lineOf(failure.stack, code);
  if (failure.message === "InternalError: out of memory") return outOfMemory(memoryMb, line);
  return { kind, message: boundBytes(explainAbsence(failure.message), LIMITS.messageBytes), line };
}
