// A role with a bug in it: the settings it is started with, and the proof that the bug is there.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { StartError } from "#server/start/start-error.ts";
import type { RoleProcess } from "#test/support/system.ts";
import { editText } from "./plant-edits.ts";
import type { Plant } from "./plants.ts";

/** For `--import`. */
export const PLANT_HOOK = pathToFileURL(join(import.meta.dirname, "plant-hook.mjs")).href;

/** @param noteFile is written by the role */
export const plantEnv = ({ edits }: Pick<Plant, "edits">, noteFile: string): Record<string, string> => ({
  PLANTED_EDITS: JSON.stringify(edits),
  PLANTED_NOTES: noteFile,
});

/** @throws StartError where the source is no longer as the bug needs it */
export async function requirePlantable({ name, edits }: Pick<Plant, "name" | "edits">): Promise<void> {
  const texts = new Map<string, string>();
  for (const edit of edits) {
    const text = texts.get(edit.file) ?? (await readFile(join(PROJECT_ROOT, edit.file), "utf8"));
    try {
      texts.set(edit.file, editText(text, edit));
    } catch (error) {
      throw new StartError(`${name} cannot be planted. ${(error as Error).message}`);
    }
  }
}

/** A gateway loads REST at the first call to it. Where that fails, {@link requirePlanted} says what is missing. */
export const loadRest = ({ url }: Pick<RoleProcess, "url">): Promise<unknown> =>
  fetch(`${url}/v1/sources`).then(
    (response) => response.arrayBuffer(),
    () => undefined,
  );

/** Called when a role has loaded all it works with. @throws StartError where it does so without the bug */
export async function requirePlanted({ name, edits }: Pick<Plant, "name" | "edits">, noteFile: string): Promise<void> {
  const planted = (await readFile(noteFile, "utf8").catch(() => "")).split("\n");
  const missing = edits.find(({ file }) => !planted.includes(file));
  if (missing) throw new StartError(`A role runs without ${name}: it did not load ${missing.file}.`);
}
