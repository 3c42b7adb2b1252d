import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readModules } from "#test/support/import-graph.ts";
import { findTeamlessCalls } from "#test/support/tenancy-rule.ts";

const ROOT = join(import.meta.dirname, "..", "..");

test("every call of the database that answers a verb names its team", async () => {
  const modules = await readModules(ROOT, ["server"]);
  const sources = await Promise.all(
    modules.map(async ({ path }) => ({ path, text: await readFile(join(ROOT, path), "utf8") })),
  );
  expect(sources.filter(({ path }) => path.startsWith("server/resources/")).length).toBeGreaterThan(20);
  expect(findTeamlessCalls(sources)).toEqual([]);
});

describe("the rule", () => {
  const judge = (text: string, more: { path: string; text: string }[] = []) =>
    findTeamlessCalls([{ path: "server/resources/x.ts", text }, ...more], {});
  const inVerb = (body: string) =>
    `const SELECT = { team_id: true };\nexport async function verb(ctx, id) {\n${body}\n}`;

  const teamless = [
    "return ctx.app.db.source.findFirst({ where: { id } });",
    "return ctx.app.db.source.findFirst({ where: { id }, select: { team_id: true } });",
    "return ctx.app.db.source.findFirst({ where: { id }, select: SELECT });",
    "return ctx.app.db.source.findMany();",
    "return tx.source.updateMany({ where: { id }, data: { name } });",
    "return tx.source.create({ data: { id } });",
    "return tx.source.delete({ where: { id: ctx.id } });",
    "const row = { team_id: ctx.teamId }; return tx.source.update({ where: { id: row.id }, data: { row } });",
    `return db.$queryRaw\`select * from source where id = \${id}\`;`,
    "return db.$queryRawUnsafe('select 1', id);",
    "return db.$executeRaw`delete from source`;",
    "const where = { id }; return db.source.count({ where });",
    "return pool.query('select 1');",
    "return ctx.app.searches.run(ctx, statement);",
  ];
  test.each(teamless)("refuses %s", (body) => {
    expect(judge(inVerb(body))).toEqual(["server/resources/x.ts:3 asks the database in verb without naming the team"]);
  });

  const ofTeam = [
    "return ctx.app.db.source.findFirst({ where: { team_id: ctx.teamId, id } });",
    "const where = { team_id: ctx.teamId }; return db.source.findMany({ where });",
    "return db.source.findMany({ where: { ...ofTeam(ctx), id } });",
    "return db.apiKey.findMany({ where: { teams: { some: { team_id: ctx.teamId } } } });",
    `return db.$queryRaw\`select * from source where team_id = \${ctx.teamId}\`;`,
    "const { text, values } = statementOf(ctx); return db.$queryRawUnsafe(text, ...values);",
    "return [1].find(Boolean);",
    "return list.count({});",
  ];
  test.each(ofTeam)("lets %s be", (body) => {
    const text = `import { ofTeam, statementOf } from "#server/events/y.ts";\n${inVerb(body)}`;
    const y =
      "export const ofTeam = (ctx) => ({ team_id: ctx.teamId });\nexport function statementOf(ctx) { return { text: 'team_id = $1', values: [ctx.teamId] }; }";
    expect(judge(text, [{ path: "server/events/y.ts", text: y }])).toEqual([]);
  });

  test("judges verbs and what they ask for alone, and refuses exceptions that nothing needs", () => {
    const text = inVerb("return db.source.findMany();");
    expect(findTeamlessCalls([{ path: "server/routing/x.ts", text }], {})).toEqual([]);
    const excepted = { "server/resources/x.ts verb": "", "server/resources/x.ts gone": "" };
    expect(findTeamlessCalls([{ path: "server/resources/x.ts", text }], excepted)).toEqual([
      "server/resources/x.ts gone is excepted and need not be",
    ]);
  });
});
