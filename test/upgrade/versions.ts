// The older versions that people may have: those that were released, or before there is one, states of the history.
import { EnvError } from "#server/env.ts";
import { git } from "#test/support/other-version.ts";

export const MODES = ["rolling", "one-start"] as const;
export type Mode = (typeof MODES)[number];

export interface OlderVersion {
  ref: string;
  name: string;
  /** Side by side is promised from the version before this one, and one start from every one. */
  modes: readonly Mode[];
}

/** So many migrations lie between this version and the much older one. */
const MANY = 15;

/** @param refs those that are asked for. @throws EnvError where the history does not have them */
export async function findVersions(refs: readonly string[] | undefined): Promise<OlderVersion[]> {
  if (refs) return Promise.all(refs.map((ref) => findRef(ref, MODES)));
  const [before, ...older] = await listReleases();
  if (before === undefined) return findStates();
  return Promise.all([findRef(before, MODES), ...older.map((ref) => findRef(ref, ["one-start"]))]);
}

/** Tags of what came before, the newest first. */
async function listReleases(): Promise<string[]> {
  const tags = await git("tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD", "--no-contains", "HEAD");
  return tags.split("\n").filter((tag) => tag !== "");
}

/** In place of releases: the state before the last migration, and one long before. */
async function findStates(): Promise<OlderVersion[]> {
  const log = await git("log", "--format=%H", "--diff-filter=A", "--", "prisma/migrations");
  const adding = log.split("\n");
  const [newest, older] = [adding[0], adding[MANY]];
  if (newest === undefined || older === undefined)
    throw new EnvError([
      "The history of the migrations is not here. Fetch it (git fetch --unshallow), or name a version with --from.",
    ]);
  return Promise.all([findRef(`${newest}~`, MODES), findRef(`${older}~`, ["one-start"])]);
}

async function findRef(ref: string, modes: readonly Mode[]): Promise<OlderVersion> {
  const commit = await git("rev-parse", "--verify", "--short", `${ref}^{commit}`).catch(() => {
    throw new EnvError([`--from ${ref}: this repository knows no such tag or commit.`]);
  });
  const name = /^[0-9a-f]{6,}~?$/.test(ref) ? commit : `${ref} (${commit})`;
  return { ref: commit, modes, name: `${name} of ${await git("show", "-s", "--format=%cs", commit)}` };
}
