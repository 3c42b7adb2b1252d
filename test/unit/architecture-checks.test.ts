import { describe, expect, test } from "vitest";
import { findCircles, foldersOf, readModule } from "#test/support/import-graph.ts";
import { findForbiddenImports, findMisspeltImports } from "#test/support/layers.ts";
import { findBrokenRules, findUnauditedVerbs } from "#test/support/source-rules.ts";

const forbidden = (path: string, text: string) => findForbiddenImports([readModule(path, text)]);
const broken = (path: string, text = "export const a = 1;\n") => findBrokenRules([readModule(path, text)]);

describe("reading a module", () => {
  test("sees every way to import, and tells types from values", () => {
    const text = `
      import { a, type A } from "./a.ts";
      import { type B } from "../metrics/b.ts";
      import type { C } from "#server/contracts/c.ts";
      import "./bare.ts";
      import React from "react";
      export { d } from "./d.ts";
      export type { E } from "./e.ts";
      const scalar = await import("@scalar/fastify-api-reference/x");
    `;
    const { imports } = readModule("server/rules/x.ts", text);
    expect(imports.map(({ to, isType }) => `${isType ? "type " : ""}${to}`)).toEqual([
      "server/rules/a.ts",
      "type server/metrics/b.ts",
      "type server/contracts/c.ts",
      "server/rules/bare.ts",
      "react",
      "server/rules/d.ts",
      "type server/rules/e.ts",
      "@scalar/fastify-api-reference",
    ]);
  });

  test("is not fooled by imports in comments and strings, and refuses what is not TypeScript", () => {
    const text = `// import "pg";\nexport const sql = 'import "pg"';`;
    expect(readModule("server/rules/x.ts", text).imports).toEqual([]);
    expect(() => readModule("server/rules/x.ts", "const = ;")).toThrow("server/rules/x.ts");
  });

  test("counts a function's own lines, not those of functions inside it", () => {
    const text =
      "export function outer() {\n  const a = 1;\n  const inner = () => {\n    return a;\n  };\n  return inner;\n}";
    const counted = readModule("server/x.ts", text).functionLines;
    expect(counted).toEqual([
      { line: 3, ownLines: 3 },
      { line: 1, ownLines: 5 },
    ]);
  });
});

describe("the direction of imports", () => {
  test.each([
    ["a stage that calls another", "server/ingest/x.ts", 'import { route } from "../routing/route-requests.ts";'],
    ["even for a type", "server/routing/x.ts", 'import type { Lane } from "../delivery/lane.ts";'],
    ["a verb in a component", "components/ui/x.tsx", 'import { listEvents } from "#server/resources/events.ts";'],
    [
      "a router's value in a component",
      "components/ui/x.tsx",
      'import { appRouter } from "#server/api/app-router.ts";',
    ],
    ["a verb in a page", "app/x.tsx", 'import { listEvents } from "#server/resources/events.ts";'],
    ["the database in a transport", "server/api/x.ts", 'import { makePool } from "../db.ts";'],
    ["a transport in a verb", "server/resources/x.ts", 'import { trpc } from "../api/trpc.ts";'],
    ["a rule that reads the database's leaf", "server/rules/x.ts", 'import { makePool } from "../db.ts";'],
    ["a contract that knows a verb", "server/contracts/x.ts", 'import type { A } from "../resources/events.ts";'],
    ["a verb that starts a role", "server/resources/x.ts", 'import { run } from "#worker/main.ts";'],
    ["a primitive that knows a page", "components/ui/x.tsx", 'import { keys } from "#components/frame/x.ts";'],
    ["a table that knows a list", "components/data/x.tsx", 'import type { A } from "#components/lists/x.ts";'],
  ])("refuses %s", (_, path, text) => {
    expect(forbidden(path, text)).toHaveLength(1);
  });

  test.each([
    ["a rule that reads files", "server/rules/x.ts", 'import { readFile } from "node:fs";'],
    [
      "a provider that opens sockets, even for a type",
      "server/providers/x.ts",
      'import type { Socket } from "node:net";',
    ],
    ["a contract with a framework", "server/contracts/x.ts", 'import { initTRPC } from "@trpc/server";'],
    ["a second pool", "server/delivery/x.ts", 'import { Pool } from "pg";'],
    ["a second HTTP client", "server/delivery/x.ts", 'import { request } from "undici";'],
    ["React on the server", "server/resources/x.ts", 'import { cache } from "react";'],
    ["process.env under another name", "server/process/log.ts", 'import { env } from "node:process";'],
  ])("refuses %s", (_, path, text) => {
    expect(forbidden(path, text)).toHaveLength(1);
  });

  test.each([
    ["a table on primitives", "components/data/x.tsx", 'import { Tag } from "#components/ui/tag.tsx";'],
    ["a stage on rules", "server/routing/x.ts", 'import { applyRules } from "../rules/apply.ts";'],
    [
      "a component on the router's type",
      "components/x.tsx",
      'import type { AppRouter } from "#server/api/app-router.ts";',
    ],
    ["the type of a pool", "server/delivery/x.ts", 'import type { Pool } from "pg";'],
    ["a test on everything", "test/db/x.test.ts", 'import { Client } from "pg";'],
  ])("allows %s", (_, path, text) => {
    expect(forbidden(path, text)).toEqual([]);
  });

  test("asks for a place for every file and directory of the server", () => {
    expect(forbidden("server/cache.ts", "")).toEqual(["server/cache.ts has no place in the layout"]);
    expect(forbidden("server/lib/x.ts", "")).toEqual(["server/lib/x.ts has no place in the layout"]);
  });
});

test.each([
  ["server/rules/x.ts", 'import { a } from "../json/a.ts";', "write # here"],
  ["server/rules/x.ts", 'import { a } from "#server/rules/a.ts";', "write ./ here"],
])("one spelling of imports refuses %s with %s", (path, text, sentence) => {
  expect(findMisspeltImports([readModule(path, text)])).toEqual([expect.stringContaining(sentence)]);
});

describe("circles", () => {
  const graph = (edges: Record<string, string[]>) =>
    findCircles(
      Object.entries(edges).map(([path, to]) =>
        readModule(
          `server/rules/${path}.ts`,
          to.map((name) => `import { x as ${name} } from "./${name}.ts";`).join("\n"),
        ),
      ),
    );

  test("are found however long, also of one file and of types", () => {
    expect(graph({ a: ["b"], b: ["c"], c: ["a"], d: ["a"] })).toEqual([
      ["server/rules/a.ts", "server/rules/b.ts", "server/rules/c.ts"],
    ]);
    expect(graph({ a: ["a"] })).toEqual([["server/rules/a.ts"]]);
    const types = [
      readModule("server/a.ts", 'import type { B } from "./b.ts";'),
      readModule("server/b.ts", 'import { a } from "./a.ts";'),
    ];
    expect(findCircles(types)).toEqual([["server/a.ts", "server/b.ts"]]);
  });

  test("are found between folders whose files have none", () => {
    const folders = (...files: [path: string, text: string][]) =>
      findCircles(
        foldersOf(
          files.map(([path, text]) => readModule(path, text)),
          ["components"],
        ),
      );
    const frame = ["components/frame/frame.tsx", 'import { A } from "#components/door/a.ts";'] as const;
    expect(
      folders([...frame], ["components/door/b.tsx", 'import type { M } from "#components/frame/mark.tsx";']),
    ).toEqual([["components/door", "components/frame"]]);
    expect(folders([...frame], ["components/door/a.ts", 'import { b } from "./b.ts";'])).toEqual([]);
  });

  test("are not two ways to one file", () => {
    expect(graph({ a: ["b", "c"], b: ["d"], c: ["d", "b"], d: [] })).toEqual([]);
  });
});

describe("names, sizes and privileges", () => {
  test.each([
    "server/rules/index.ts",
    "server/utils/dates.ts",
    "server/rules/rule-helpers.ts",
    "server/resources/event-service.ts",
    "test/support/common.ts",
  ])("refuses the name %s", (path) => {
    expect(broken(path)).toEqual([`${path} is named for what anything could hold`]);
  });

  test("refuses a name that is not in kebab-case, and takes .sql, .test and .d for what they are", () => {
    expect(broken("components/ui/EventRow.tsx")).toEqual(["components/ui/EventRow.tsx is not in kebab-case"]);
    expect(["server/rules/a-b.sql.ts", "test/unit/a.test.ts", "server/a.d.ts"].flatMap((path) => broken(path))).toEqual(
      [],
    );
  });

  test("refuses a file whose first words name no thing, and takes them from tests", () => {
    const [asked, named] = ["// What the door answers.\n", "// The answers of the door.\n"];
    expect(broken("server/ingest/x.ts", asked)).toEqual([
      "server/ingest/x.ts opens with a question word, not with a noun",
    ]);
    expect([...broken("server/ingest/x.ts", named), ...broken("test/unit/x.test.ts", asked)]).toEqual([]);
  });

  test("refuses the 301st line of a file and the 41st of a page", () => {
    const lines = (count: number) => "export {};\n".repeat(count);
    expect(broken("server/rules/x.ts", lines(300))).toEqual([]);
    expect(broken("server/rules/x.ts", lines(301))).toEqual(["server/rules/x.ts has more than 300 lines"]);
    expect(broken("server/rules/x.ts", `// Written by \`npm run x\` from a list.\n${lines(301)}`)).toEqual([]);
    expect(broken("app/events/page.tsx", lines(41))).toEqual(["app/events/page.tsx is a page of more than 40 lines"]);
  });

  test("refuses the 51st line of a function, and in markup the 201st", () => {
    const lines = (count: number) => `export function f() {\n${"  g();\n".repeat(count - 2)}}\n`;
    expect(broken("server/rules/x.ts", lines(50))).toEqual([]);
    expect(broken("server/rules/x.ts", lines(51))).toEqual(["server/rules/x.ts has a function that is too long"]);
    expect(broken("components/ui/x.tsx", lines(200))).toEqual([]);
    expect(broken("components/ui/x.tsx", lines(201))).toEqual(["components/ui/x.tsx has a function that is too long"]);
  });

  test.each([
    ["exports everything of another file", 'export * from "./a.ts";'],
    ["exports everything of another file", 'export * as a from "./a.ts";'],
    ["has a default export", "export default 1;"],
    ["has a default export", 'export { a as default } from "./a.ts";'],
    ["reads process.env", "export const port = process.env.PORT;"],
    ["constructs a Prisma client", "export const db = new PrismaClient();"],
    ["calls the global fetch, which no address policy guards", "export const a = () => fetch(url);"],
  ])("says that a file %s: %s", (sentence, text) => {
    expect(broken("server/resources/x.ts", text)).toEqual([`server/resources/x.ts ${sentence}`]);
  });
});

describe("verbs without an audit entry", () => {
  const verbs = (text: string, ...others: [string, string][]) =>
    findUnauditedVerbs(
      [["server/resources/verbs.ts", text] as const, ...others].map(([path, each]) => readModule(path, each)),
    );

  test("are found, whether functions or constants", () => {
    const text = `
      export async function rename(ctx) { requireCan(ctx, "source.write"); await transact(ctx, (tx) => tx.source.update({})); }
      export const drop = async (ctx) => { requireCan(ctx, "source.write"); };
      export async function look(ctx) { return ctx.db.source.findMany(); }`;
    expect(verbs(text)).toEqual([
      "server/resources/verbs.ts lets rename change something without an audit entry",
      "server/resources/verbs.ts lets drop change something without an audit entry",
    ]);
  });

  test("are not those that record it themselves, in a function of theirs, or in one that they import", () => {
    const text = `
      import { removeRow as remove } from "./rows.ts";
      async function change(tx, ctx) { await recordAudit(tx, ctx, "update", "source", "id"); }
      export async function direct(ctx) { requireCan(ctx, "source.write"); await transact(ctx, (tx) => recordAudit(tx, ctx)); }
      export async function throughOwn(ctx) { requireCan(ctx, "source.write"); await transact(ctx, (tx) => change(tx, ctx)); }
      export async function throughOther(ctx) { requireCan(ctx, "source.write"); await remove(ctx); }`;
    const rows = "export async function removeRow(ctx) { await recordAudit(ctx.tx, ctx); }";
    expect(verbs(text, ["server/resources/rows.ts", rows])).toEqual([]);
    expect(verbs(text, ["server/resources/rows.ts", "export const removeRow = () => removeRow;"])).toEqual([
      "server/resources/verbs.ts lets throughOther change something without an audit entry",
    ]);
  });
});
