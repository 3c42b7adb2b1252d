import { expect, test } from "vitest";
import { auditCsv } from "#components/settings/audit-csv.ts";
import { parseJson } from "#server/json/parse.ts";

const entry = {
  id: "aud_1",
  team_id: "tm_1",
  actor_kind: "user",
  actor_id: "usr_1",
  actor_name: "o@example.com",
  action: "update",
  resource_kind: "source",
  resource_id: "src_1",
  resource_name: null,
  before: null,
  after: null,
  seq: 1,
  hash: "ab",
  created_at: "2026-11-26T03:00:00.000Z",
};

test("each entry is a line, what is absent an empty cell, quotes doubled", () => {
  const [head, line, ...rest] = auditCsv([{ ...entry, after: { name: 'a "b", c' } }]).split("\r\n");
  expect(head).toMatch(/^created_at,actor_kind,.*,hash,id$/);
  expect(line).toBe(
    '"2026-11-26T03:00:00.000Z","user","usr_1","o@example.com","update","source","src_1","","","{""name"":""a \\""b\\"", c""}","1","ab","aud_1"',
  );
  expect(rest).toEqual([]);
});

test.each(["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])("a name that begins like a formula is text: %j", (name) => {
  expect(auditCsv([{ ...entry, resource_name: name }])).toContain(`"'${name}"`);
});

test("numbers keep their digits", () => {
  const after = parseJson('{"n":8202522731445525542}') as Record<string, unknown>;
  expect(auditCsv([{ ...entry, after }])).toContain("8202522731445525542");
});
