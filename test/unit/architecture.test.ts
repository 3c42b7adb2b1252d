import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findCircles, foldersOf, readModules, type SourceModule } from "#test/support/import-graph.ts";
import { findForbiddenImports, findMisspeltImports } from "#test/support/layers.ts";
import { findBrokenRules, findUnauditedVerbs } from "#test/support/source-rules.ts";

const ROOT = join(import.meta.dirname, "..", "..");

describe("this code base", () => {
  let modules: SourceModule[];

  beforeAll(async () => {
    modules = await readModules(ROOT, ["app", "components", "server", "worker", "test"]);
  });

  test("is seen by these tests: every directory has modules, and imports resolve to them", () => {
    const paths = new Set(modules.map((module) => module.path));
    const edges = modules.flatMap((module) => module.imports.filter((one) => paths.has(one.to)));
    expect(edges.length).toBeGreaterThan(500);
    const parts = [...new Set(modules.map((module) => module.path.split("/")[0]))];
    expect(parts).toEqual(["app", "components", "server", "test", "worker"]);
  });

  test("has no import of a file that is not there", () => {
    const paths = new Set(modules.map((module) => module.path));
    const broken = modules.flatMap(({ path, imports }) =>
      imports
        .filter(({ to, isLocal }) => isLocal && /\.tsx?$/.test(to) && !to.startsWith("server/generated/"))
        .filter(({ to }) => !paths.has(to))
        .map(({ to }) => `${path} imports ${to}`),
    );
    expect(broken).toEqual([]);
  });

  test("spells imports in one way", () => {
    expect(findMisspeltImports(modules)).toEqual([]);
  });

  test("imports in one direction", () => {
    expect(findForbiddenImports(modules)).toEqual([]);
  });

  test("brings no library of schemas into a page", () => {
    const byPath = new Map(modules.map((module) => [module.path, module]));
    const valuesOf = (path: string) =>
      (byPath.get(path)?.imports ?? []).filter(({ isType }) => !isType).map(({ to }) => to);
    const reached = new Set(modules.map(({ path }) => path).filter((path) => path.startsWith("components/")));
    for (const path of reached) for (const to of valuesOf(path)) reached.add(to);
    expect(reached).toContain("server/contracts/page-team.ts");
    expect([...reached].filter((path) => valuesOf(path).includes("zod"))).toEqual([]);
  });

  test("has no circle of imports", () => {
    expect(findCircles(modules)).toEqual([]);
  });

  test("has no circle of folders", () => {
    const folders = foldersOf(modules, ["components", "server"]);
    expect(folders.length).toBeGreaterThan(60);
    expect(findCircles(folders)).toEqual([]);
  });

  test("keeps to its names, sizes and privileges", () => {
    expect(findBrokenRules(modules)).toEqual([]);
  });

  test("records every change that somebody asks for in the audit log", () => {
    const verbs = modules.flatMap(({ path, mentions }) =>
      path.startsWith("server/resources/") ? [...mentions.values()].filter((names) => names.has("requireCan")) : [],
    );
    expect(verbs.length).toBeGreaterThan(20);
    expect(findUnauditedVerbs(modules)).toEqual([]);
  });

  test("has exactly the directories of its layout at the top", async () => {
    const ignored = (await readFile(join(ROOT, ".gitignore"), "utf8")).split("\n");
    const entries = await readdir(ROOT, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .filter((name) => !ignored.includes(`${name}/`));
    expect(names.sort()).toEqual(["app", "components", "docs", "prisma", "server", "test", "worker"]);
  });
});
