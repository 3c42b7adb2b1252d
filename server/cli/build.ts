// The package that is published: command line and SDK as plain JavaScript in files of their own, since Node runs no TypeScript
// below node_modules. `npm pack` and `npm publish` call it before (`pack`) and after (`unpack`) they read the files.
import { execFileSync } from "node:child_process";
import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "rolldown";

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, ".package/cli");
const SDK = join(ROOT, ".package/sdk");
const MANIFEST = join(ROOT, "package.json");
const KEPT = join(ROOT, "package.json.whole");

/** What is needed to run the product, and not to talk to it: everything is in the compiled files. */
const OF_THE_PRODUCT = ["scripts", "dependencies", "devDependencies", "overrides", "allowScripts", "imports"];

async function compile(): Promise<void> {
  await Promise.all([CLI, SDK].map((each) => rm(each, { recursive: true, force: true })));
  const options = { platform: "node" as const, logLevel: "warn" as const };
  const file = (dir: string) => ({ dir, format: "esm" as const, codeSplitting: false });
  await build({ ...options, input: join(ROOT, "server/cli/switchyard.ts"), output: file(CLI) });
  // It runs in browsers as well.
  await build({ ...options, platform: "neutral", input: join(ROOT, "server/sdk/switchyard.ts"), output: file(SDK) });
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  const emit = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--rewriteRelativeImportExtensions"];
  const as = [
    "--module",
    "preserve",
    "--target",
    "es2024",
    "--lib",
    "es2024,dom,dom.iterable",
    "--types",
    "node",
    "--strict",
  ];
  const from = ["--ignoreConfig", "--outDir", SDK, join(ROOT, "server/sdk/switchyard.ts")];
  execFileSync(process.execPath, [tsc, ...from, ...emit, ...as], { stdio: "inherit" });
}

/** Leaves the product's own part out of the manifest, until {@link unpack}: whoever installs the package needs none of it. */
async function pack(): Promise<void> {
  await unpack();
  await compile();
  const manifest: Record<string, unknown> = JSON.parse(await readFile(MANIFEST, "utf8"));
  const slim = Object.entries(manifest).filter(([name]) => !OF_THE_PRODUCT.includes(name));
  await copyFile(MANIFEST, KEPT);
  // npm looks for the script that puts the rest back.
  const scripts = { postpack: (manifest.scripts as Record<string, string>).postpack };
  await writeFile(MANIFEST, `${JSON.stringify({ ...Object.fromEntries(slim), scripts }, null, 2)}\n`);
}

/** Puts the rest back, also after a run that was broken off; but what was written since is newer than what that run kept. */
async function unpack(): Promise<void> {
  const isWhole = await readFile(MANIFEST, "utf8")
    .then((text) => "dependencies" in JSON.parse(text))
    .catch(() => false);
  await (isWhole ? rm(KEPT, { force: true }) : rename(KEPT, MANIFEST));
}

await (process.argv[2] === "unpack" ? unpack() : pack());
