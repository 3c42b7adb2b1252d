import type { Command } from "commander";
import { findProfile, type GlobalOptions } from "./connection.ts";
import { runStdio } from "./mcp-stdio.ts";
import type { Surroundings } from "./surroundings.ts";

export function addMcp(program: Command, around: Surroundings): void {
  program
    .command("mcp")
    .description("speak the model context protocol over input and output, for agents that start a program")
    .action(async (_options: unknown, command: Command) => {
      const { url, api_key: key, team: teamId } = await findProfile(around, command.optsWithGlobals<GlobalOptions>());
      await runStdio({ url, key, teamId, stdin: around.input, stdout: around.out, signal: around.stop });
    });
}
