// Builds what is stale: the Prisma client and the dashboard. `npm run build` is this file run by itself.
import { type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { childEnv } from "#server/env.ts";
import { isErrorCode, StartError } from "./start-error.ts";

export const PROJECT_ROOT = join(import.meta.dirname, "..", "..");
/** Processes that load much the same modules compile them once: a start costs two thirds of the CPU, and TypeScript half the memory. */
export const COMPILE_CACHE_DIR = join(PROJECT_ROOT, ".next", "cache", "node");
const PROGRESS_EVERY_MS = 10_000;
const GENERATED_DIR = join(PROJECT_ROOT, "server", "generated");

export type Say = (sentence: string) => void;

interface Step {
  what: string;
  /** Files and directories of the sources, from the project's root. */
  sources: string[];
  /** Holds the hash of the sources that the present result was made from. */
  stampFile: string;
  /** Exists when there is a result at all. */
  resultFile: string;
  /** Arguments to Node. */
  args: string[];
}

const PRISMA_CLIENT: Step = {
  what: "the database client",
  sources: ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"],
  stampFile: join(GENERATED_DIR, "sources.sha256"),
  resultFile: join(GENERATED_DIR, "prisma", "client.ts"),
  args: [join("node_modules", "prisma", "build", "index.js"), "generate"],
};

const DASHBOARD: Step = {
  what: "the dashboard",
  sources: [
    "app",
    "components",
    "server",
    "public",
    "next.config.js",
    "postcss.config.js",
    "package-lock.json",
    "package.json",
    "tsconfig.json",
  ],
  stampFile: join(PROJECT_ROOT, ".next", "sources.sha256"),
  resultFile: join(PROJECT_ROOT, ".next", "BUILD_ID"),
  args: [join("node_modules", "next", "dist", "bin", "next"), "build"],
};

/** All files under `path`, or `path` itself, or none if it does not exist. */
async function listFiles(path: string): Promise<string[]> {
  if (path === GENERATED_DIR) return [];
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return (await Promise.all(entries.map((entry) => listFiles(join(path, entry.name))))).flat();
  } catch (error) {
    if (isErrorCode(error, "ENOTDIR")) return [path];
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** One hash over the names and contents of all `sources`; times of files do not matter, so a fresh checkout is not stale. */
async function hashSources(sources: string[]): Promise<string> {
  const files = (await Promise.all(sources.map((source) => listFiles(join(PROJECT_ROOT, source))))).flat().sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const content = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    hash.update(`${relative(PROJECT_ROOT, file)} ${content}\n`);
  }
  return hash.digest("hex");
}

const readIfThere = (file: string) => readFile(file, "utf8").catch(() => undefined);

async function runStep({ what, args }: Step, say: Say, signal?: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(0);
  const progress = setInterval(() => say(`still building ${what}, ${seconds()} s`), PROGRESS_EVERY_MS);
  const env = childEnv({
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    NODE_ENV: undefined,
  });
  const options: SpawnOptions = {
    cwd: PROJECT_ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal && { signal }),
  };
  const child = spawn(process.execPath, args, options);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) {
      process.stderr.write(`${output.split("\n").slice(-40).join("\n")}\n`);
      throw new StartError(
        `Building ${what} failed; the reason stands above. Correct it, or run npm ci if packages are missing.`,
      );
    }
  } finally {
    clearInterval(progress);
  }
  say(`built ${what} in ${seconds()} s`);
}

async function buildIfStale(step: Step, say: Say, signal?: AbortSignal): Promise<boolean> {
  const hash = await hashSources(step.sources);
  const [stamp, result] = await Promise.all([readIfThere(step.stampFile), readIfThere(step.resultFile)]);
  if (stamp === hash && result !== undefined) return false;
  say(`building ${step.what}`);
  await runStep(step, say, signal);
  await mkdir(dirname(step.stampFile), { recursive: true });
  await writeFile(step.stampFile, hash);
  return true;
}

/** Generates the Prisma client if the schema has changed since; resolves to whether it did. */
export const generateClient = (say: Say, signal?: AbortSignal) => buildIfStale(PRISMA_CLIENT, say, signal);

/** Builds the Next app if anything it is made of has changed since; resolves to whether it did. Needs the client. */
export const buildDashboard = (say: Say, signal?: AbortSignal) => buildIfStale(DASHBOARD, say, signal);

if (import.meta.main) {
  const say: Say = (sentence) => console.log(sentence);
  try {
    const hasBuilt = [await generateClient(say), await buildDashboard(say)].includes(true);
    if (!hasBuilt) say("nothing is stale");
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
