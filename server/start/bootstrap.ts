import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { PROJECT_ROOT } from "./build.ts";
import { StartError } from "./start-error.ts";

const BootstrapAnswer = z.object({
  created: z.boolean(),
  key: z.string().nullable(),
  owner_link_token: z.string().nullable(),
});

/** What exists only in what is printed now. */
export interface FirstThings {
  /** The API key where one was made just now. */
  apiKey: string | undefined;
  /** Of a link that makes the owner, while there is none. */
  ownerToken: string | undefined;
}

/** Whether a start before this one has decided which SWITCHYARD_SECRET the database belongs to. */
export async function hasMasterKey(databaseUrl: string): Promise<boolean> {
  const client = new PrimaryClient({ connectionString: databaseUrl, application_name: "switchyard start" });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from master_key");
    return rowCount !== 0;
  } finally {
    await client.end();
  }
}

/** Makes the default team, its first API key and its owner, or a link for them, if there are none. */
export async function bootstrapTeam(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<FirstThings> {
  const run = promisify(execFile);
  const result = await run(process.execPath, ["server/cli/admin.ts", "bootstrap"], {
    cwd: PROJECT_ROOT,
    env,
    signal,
  }).catch((error: Error & { stderr?: string }) => {
    signal.throwIfAborted();
    const reason = error.stderr?.trim().split("\n").at(-1) ?? error.message;
    throw new StartError(`The first team, API key and owner could not be made: ${reason}`, { cause: error });
  });
  const answer = BootstrapAnswer.parse(JSON.parse(result.stdout.trim().split("\n").at(-1) ?? ""));
  return { apiKey: answer.key ?? undefined, ownerToken: answer.owner_link_token ?? undefined };
}
