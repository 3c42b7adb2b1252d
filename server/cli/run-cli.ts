// The whole command line: its commands, its global flags, and the exit code of what became of a call.
import { Command, CommanderError } from "commander";
import { SwitchyardError } from "#server/sdk/switchyard.ts";
import { addApiCommands } from "./api-commands.ts";
import { addCompletion } from "./completion.ts";
import { addEventCommands } from "./event-commands.ts";
import { EXIT, type ExitCode, told } from "./exit-code.ts";
import { addFixtures } from "./fixture-commands.ts";
import { addFlows } from "./flow-commands.ts";
import { addImport } from "./import-command.ts";
import { addListen } from "./listen-command.ts";
import { addLogin } from "./login.ts";
import { addMcp } from "./mcp-command.ts";
import { addOpen } from "./open-command.ts";
import { addReplay } from "./replay-command.ts";
import { safeJson, safeText } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { readVersion } from "./version.ts";

const EXIT_CODES = `
Exit codes: 0 done, 1 refused by the gateway, 2 wrong use, 3 gateway not reachable, 4 partly done, 130 stopped by Ctrl-C.
Environment: SWITCHYARD_URL, SWITCHYARD_API_KEY, SWITCHYARD_TEAM, SWITCHYARD_PROFILE, SWITCHYARD_DASHBOARD_URL, NO_COLOR.`;

/** The commands; none has run yet. */
export function makeProgram(around: Surroundings): Command {
  const program = new Command("switchyard")
    .description("Webhooks from the command line: listen on this machine, look at events, configure a gateway.")
    .version(readVersion(), "-V, --version", "print the version")
    .option("--profile <name>", "the saved gateway and key to use")
    .option("--gateway <url>", "the gateway, such as https://hooks.example.com")
    .option("--team <id>", "the team, where the key has several")
    .option("--json", "print JSON: one value, or one a line where more follow")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void around.out.write(text),
      writeErr: (text) => void around.err.write(safeText(text)),
    });
  addLogin(program, around);
  addListen(program, around);
  addEventCommands(program, around);
  addReplay(program, around);
  addFixtures(program, around);
  addFlows(program, around);
  addImport(program, around);
  addOpen(program, around);
  addMcp(program, around);
  addCompletion(program, around);
  addApiCommands(program, around, isTaken(program));
  return program;
}

/** Commands that were made by hand come first. */
const isTaken = (program: Command) => {
  const made = new Set(program.commands.flatMap((each) => each.commands.map((one) => `${each.name()} ${one.name()}`)));
  return (resource: string, key: string) =>
    made.has(`${resource} ${key}`) || `${resource} ${key}` === "flows applyFile";
};

/** Runs one command line and returns its exit code. */
export async function runCli(words: readonly string[], around: Surroundings): Promise<ExitCode> {
  const program = makeProgram(around);
  try {
    await program.parseAsync(words, { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (isStopped(error, around)) return EXIT.stopped;
    const { exitCode, message } = told(error);
    around.err.write(`${isJson(words) ? safeJson(errorOf(error, message)) : safeText(message)}\n`);
    return exitCode;
  }
}

/** Whether it is only the end that somebody asked for; a question on a terminal takes Ctrl-C for itself. */
const isStopped = (error: unknown, { stop }: Surroundings) =>
  (stop.aborted && !(error instanceof SwitchyardError)) || (error instanceof Error && error.name === "AbortError");

const isJson = (words: readonly string[]) => words.includes("--json");

function errorOf(error: unknown, message: string) {
  if (!(error instanceof SwitchyardError)) return { error: { message } };
  const { code, status, issues } = error;
  return { error: { code, status, message, issues } };
}
