// Words of plans, and the colours of a file.
import { StringStream } from "@codemirror/language";
import { expect, test } from "vitest";
import { driftWords } from "#components/flows/drift-words.ts";
import { choiceKey, chosen, lineMarks, lossesOf, missing, planCounts } from "#components/flows/plan-words.ts";
import { yamlToken } from "#components/flows/yaml-token.ts";
import type { FlowChange, FlowField, FlowPlan } from "#server/contracts/flow.ts";

const flowField = (path: string, line: number | null, isDrifted: boolean): FlowField => ({
  path,
  before: 10,
  after: 8,
  drift: isDrifted ? { file: 8, changed_by: null } : null,
  line,
});
const flowChange = (fields: FlowField[], rest: Partial<FlowChange> = {}): FlowChange => ({
  action: "update",
  kind: "connection",
  id: "web_1",
  name: "orders",
  flow: "payments",
  line: 1,
  fields,
  losses: [],
  ...rest,
});
const plan = (changes: FlowChange[], rest: Partial<FlowPlan> = {}): FlowPlan => ({
  problems: [],
  fingerprint: "f",
  is_empty: false,
  flows: [],
  changes,
  unchanged_count: 3,
  left: [],
  existing: [],
  warnings: [],
  ...rest,
});

test("a plan can be applied when every drifted field has a choice and every loss is ticked", () => {
  const drifted = flowChange([flowField("rules.retry.count", 15, true), flowField("config.timeout_ms", 9, false)]);
  const gone = flowChange([], { action: "delete", name: "old", losses: [{ kind: "url", count: null, says: "goes" }] });
  const asked = plan([drifted, gone]);
  expect(planCounts(asked)).toEqual({ create: 0, update: 1, delete: 1, drifted: 1 });
  const choices = new Map([[choiceKey(drifted, "rules.retry.count"), "runs" as const]]);
  expect(missing(asked, new Map(), new Set())).toBe("1 drifted field needs a choice.");
  expect(missing(asked, choices, new Set())).toBe("1 loss is not ticked.");
  expect(missing(asked, choices, new Set(lossesOf(asked)))).toBeNull();
  expect(chosen(asked, choices)).toEqual([
    { kind: "connection", name: "orders", path: "rules.retry.count", take: "runs" },
  ]);
  const problem = { line: 3, column: 1, path: "spec", message: "no" };
  expect(missing(plan([], { problems: [problem] }), new Map(), new Set())).toBe("Mend the file first.");
});

test("a line of the file has one mark, the most urgent", () => {
  const fields = [
    flowField("a", 4, false),
    flowField("b", 4, true),
    flowField("c", 5, false),
    flowField("d", null, true),
  ];
  const problems = [{ line: 5, column: 1, path: "spec", message: "wrong" }];
  const marks = lineMarks(plan([flowChange(fields)], { problems })).map(({ line, kind }) => [line, kind]);
  expect(marks.sort()).toEqual([
    [4, "drift"],
    [5, "problem"],
  ]);
});

test("each character of a file gets a colour, and none is passed over", () => {
  const words = (text: string) => {
    const stream = new StringStream(text, 2, 2);
    const found: [string, string | null][] = [];
    while (!stream.eol()) {
      stream.start = stream.pos;
      const token = yamlToken(stream);
      expect(stream.pos).toBeGreaterThan(stream.start);
      if (token !== null) found.push([stream.current(), token]);
    }
    return found;
  };
  expect(words('  - name: orders # "x"')).toEqual([
    ["name", "propertyName"],
    ["orders", "string"],
    ['# "x"', "comment"],
  ]);
  expect(words("retry: { count: 8, on: true }")).toEqual([
    ["retry", "propertyName"],
    ["count", "propertyName"],
    ["8", "number"],
    ["on", "propertyName"],
    ["true", "bool"],
  ]);
  for (const odd of ["---", ": : :", '"open', "'", "key: 'it''s'", "é: ü", "[}{,"]) words(odd);
});

test("the graph says of a resource that differs from its file who changed what", () => {
  const by = { actor_kind: "user", actor_id: "usr_1", actor_name: "Anna", at: "2026-01-01T00:00:00.000Z" };
  const field = (path: string) => ({ path, file: 1, runs: 2, changed_by: by });
  const resource = (id: string, drift: ReturnType<typeof field>[], isGone = false) => ({
    ...{ kind: "destination" as const, id, name: id, is_gone: isGone },
    drift,
  });
  const many = ["config.rate_limit", "rules.retry.count", "name", "description"].map(field);
  const resources = [resource("one", [field("config.rate_limit")]), resource("many", many), resource("same", [])];
  const flow = { id: "f", team_id: "tm", name: "payments", text: "", applied_at: by.at, applied_by: by };
  expect([...driftWords([{ ...flow, resources, drifted_count: 2 }])]).toEqual([
    ["one", "Drifted from the flow payments: Anna changed rate_limit"],
    ["many", "Drifted from the flow payments: Anna changed rate_limit, retry.count, name and 1 more"],
  ]);
});
