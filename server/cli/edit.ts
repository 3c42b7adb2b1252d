import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** Opens a person's editor on a text that nobody else may read, and returns what became of it. */
export async function edit({ env, lend }: Surroundings, text: string): Promise<string> {
  const [command = "vi", ...words] = (env.VISUAL || env.EDITOR || "vi").split(" ").filter((word) => word !== "");
  const dir = await mkdtemp(join(tmpdir(), "switchyard-"));
  const file = join(dir, "request.http");
  try {
    await writeFile(file, text, { mode: 0o600 });
    const [code] = await lend(() => once(spawn(command, [...words, file], { stdio: "inherit" }), "close")).catch(() => [
      null,
    ]);
    if (code !== 0)
      throw new CommandError(`${command} did not end well, so nothing was sent: set EDITOR to your editor.`);
    return await readFile(file, "utf8");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
