// The older versions that people may have: those that were released, or before there is one, states of the history.
import { EnvError } from "#server/env.ts";
import { git } from "#test/support/other-version.ts";

export interface OlderVersion {
  ref: string;
  name: string;
}

/** So many migrations lie between this version and the much older one. */
const MANY = 15;

/** @param refs those that are asked for. @throws EnvError where the history does not have them */
export async function findVersions(refs: readonly string[] | undefined): Promise<OlderVersion[]> {
  if (refs) return Promise.all(refs.map(findRef));
  const tags = (await git("tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD~"))
    .split("\n")
    .filter(Boolean);
  if (tags.length > 0) return Promise.all(tags.map(findRef));
  // From the newest to the oldest.
  const log = await git("log", "--format=%H", "--diff-filter=A", "--", "prisma/migrations");
  const adding = log.split("\n");
  const [newest, older] = [adding[0], adding[MANY]];
  if (newest === undefined || older === undefined)
    throw new EnvError([
      "The history of the migrations is not here. Fetch it (git fetch --unshallow), or name a version with --from.",
    ]);
  return Promise.all([`${newest}~`, `${older}~`].map(findRef));
}

async function findRef(ref: string): Promise<OlderVersion> {
  const commit = await git("rev-parse", "--verify", "--short", `${ref}^{commit}`).catch(() => {
    throw new EnvError([`--from ${ref}: this repository knows no such tag or commit.`]);
  });
  const name = /^[0-9a-f]{6,}~?$/.test(ref) ? commit : `${ref} (${commit})`;
  return { ref: commit, name: `${name} of ${await git("show", "-s", "--format=%cs", commit)}` };
}
