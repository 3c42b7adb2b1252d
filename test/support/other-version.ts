// The code of another version in a directory of its own, ready to run.
import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_ROOT } from "#server/start/build.ts";

/** It goes with the packages of this version. */
const KEPT_DIR = join(PROJECT_ROOT, "node_modules", ".cache", "other-versions");
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const runFile = promisify(execFile);

/** Runs a program in a directory; resolves to what it printed, and rejects where its exit code is not 0. */
export const runIn = (dir: string, file: string, ...args: string[]) =>
  runFile(file, args, { cwd: dir, maxBuffer: MAX_OUTPUT_BYTES });

/** The output of git over this project's history, without the last line break. */
export const git = async (...args: string[]): Promise<string> =>
  (await runIn(PROJECT_ROOT, "git", ...args)).stdout.trimEnd();

/**
 * A directory with the code of a git ref, its packages and its generated client. Whoever asked removes it.
 *
 * @param purpose stands in its name
 */
export async function checkOutVersion(ref: string, purpose: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), `switchyard-${purpose}-`));
  try {
    const archive = `${dir}.tar`;
    await runIn(PROJECT_ROOT, "git", "archive", "--output", archive, ref);
    await runIn(dir, "tar", "-xf", archive);
    await rm(archive);
    await symlink(await findPackages(dir), join(dir, "node_modules"));
    await runIn(dir, join(dir, "node_modules", ".bin", "prisma"), "generate");
    return dir;
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** The packages to which `dir` is locked: those that lie here, or those of an earlier run, or fetched now. */
async function findPackages(dir: string): Promise<string> {
  const [ours, theirs] = await Promise.all(
    [PROJECT_ROOT, dir].map((each) => readFile(join(each, "package-lock.json"), "utf8")),
  );
  if (ours === theirs) return join(PROJECT_ROOT, "node_modules");
  const kept = join(KEPT_DIR, hash("sha256", `${theirs}`).slice(0, 16));
  const packages = join(kept, "node_modules");
  if (
    await access(packages).then(
      () => true,
      () => false,
    )
  )
    return packages;
  const making = `${kept}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    for (const name of ["package.json", "package-lock.json"]) await cp(join(dir, name), join(making, name));
    await runIn(making, "npm", "ci", "--prefer-offline");
    await rename(making, kept);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return packages;
}
