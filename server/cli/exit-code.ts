// The exit codes of the command line, and the failure that each stands for.
import { SwitchyardError } from "#server/sdk/switchyard.ts";

export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3, partly: 4, stopped: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot go on, with the sentence for whoever called it. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.usage) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

const NO_ANSWER = new Set(["UNREACHABLE", "TIMEOUT", "BAD_ANSWER"]);

/** Whether no gateway has answered as one: it may be there again in a moment. */
export const isUnreachable = (error: unknown): error is SwitchyardError =>
  error instanceof SwitchyardError && NO_ANSWER.has(error.code);

/** The exit code of a failure, and what to say of it. */
export function told(error: unknown): { exitCode: ExitCode; message: string } {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (isUnreachable(error)) return { exitCode: EXIT.unreachable, message: error.message };
  if (error instanceof SwitchyardError) return { exitCode: EXIT.refused, message: error.message };
  // A wrong argument of the client, such as a missing id.
  if (error instanceof TypeError) return { exitCode: EXIT.usage, message: error.message };
  throw error;
}
