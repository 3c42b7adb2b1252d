// What the commands that run a suite have alike: how options are read and how they end.
import { EnvError } from "#server/env.ts";
import { StartError } from "#server/start/start-error.ts";

/** @throws EnvError with a sentence */
export function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new EnvError([`--${name} must be a number from ${least} to ${most}.`]);
}

/** @throws EnvError with a sentence */
export function integerIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new EnvError([`--${name} must be a whole number from ${least} to ${most}.`]);
}

/** Of `parseArgs`: its message is a sentence. */
export const isBadOption = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");

interface Command<Options> {
  usage: string;
  /** The exit code of a run that could not be made. */
  brokenCode: number;
  /** Undefined when only help was asked for. @throws EnvError with a sentence */
  readOptions(args: string[], random: () => number): Options | undefined;
  /** Resolves to the exit code. */
  run(options: Options, args: string[]): Promise<number>;
}

/** Runs it with the arguments of this process, whose exit code it sets. */
export async function runCommand<Options>(command: Command<Options>): Promise<void> {
  const args = process.argv.slice(2);
  try {
    const options = command.readOptions(args, Math.random);
    if (options) process.exitCode = await command.run(options, args);
    else console.log(command.usage);
  } catch (error) {
    if (error instanceof EnvError || isBadOption(error)) console.error(`${error.message}\n\n${command.usage}`);
    else console.error(error instanceof StartError ? error.message : error);
    process.exitCode = command.brokenCode;
  }
}
