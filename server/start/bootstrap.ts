import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { PROJECT_ROOT } from "./build.ts";
import { StartError } from "./start-error.ts";

const BootstrapAnswer = z.object({ created: z.boolean(), key: z.string().nullable() });

/** Makes the default team and its first API key if there are none; resolves to the key where it was made just now. */
export async function bootstrapTeam(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string | undefined> {
  const run = promisify(execFile);
  const result = await run(process.execPath, ["server/cli/admin.ts", "bootstrap"], {
    cwd: PROJECT_ROOT,
    env,
    signal,
  }).catch((error: Error & { stderr?: string }) => {
    signal.throwIfAborted();
    const reason = error.stderr?.trim().split("\n").at(-1) ?? error.message;
    throw new StartError(`The first team and API key could not be made: ${reason}`, { cause: error });
  });
  const answer = BootstrapAnswer.parse(JSON.parse(result.stdout.trim().split("\n").at(-1) ?? ""));
  return answer.created ? (answer.key ?? undefined) : undefined;
}
