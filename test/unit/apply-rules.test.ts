import { describe, expect, test } from "vitest";
import { Rule } from "#server/contracts/rule.ts";
import { Why } from "#server/contracts/why.ts";
import {
  applyRules,
  asDuplicate,
  type RuleInput,
  type RuleServices,
  type TransformOutcome,
  type Verdict,
} from "#server/rules/apply.ts";
import { fullWork } from "#server/rules/budget.ts";
import { filterPathsMissing } from "#server/rules/missing-path.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";

const request: RuleRequest = {
  headers: { "content-type": "application/json" },
  query: {},
  path: "/",
  method: "POST",
  body: { id: "evt_1", type: "invoice.paid", data: { object: { id: "in_1" } } },
};
const dedupeRule = { type: "deduplicate", window: 60_000, include_fields: ["body.id"] };
const transformRule = { type: "transform", transformation_id: "trs_envelope" };
const paidRule = { type: "filter", body: { type: "invoice.paid" } };

const returned = (result: RuleRequest): TransformOutcome => ({
  kind: "returned",
  request: result,
  version: 3,
  console: [{ level: "log", text: "hi" }],
  duration_ms: 2,
});

/** Services that remember what they were asked. */
function services(answers: { duplicate?: string; transform?: (asked: RuleRequest) => TransformOutcome } = {}) {
  const calls: string[] = [];
  const told: RuleServices = {
    findDuplicate: async () => {
      calls.push("findDuplicate");
      return answers.duplicate ?? null;
    },
    transform: async (id, asked) => {
      calls.push(`transform ${id}`);
      return answers.transform?.(asked) ?? returned(asked);
    },
  };
  return { ...told, calls };
}

async function apply(rules: object[], asked = services(), rest: Partial<RuleInput> = {}): Promise<Verdict> {
  const input: RuleInput = {
    requestId: "req_2",
    request,
    eventType: "invoice.paid",
    rules: rules.map((rule) => Rule.parse(rule)),
    isReplay: false,
    nowMs: Date.parse("2026-05-29T12:00:00Z"),
    work: fullWork(),
    ...rest,
  };
  const verdict = await applyRules(input, asked);
  Why.parse(verdict.why);
  return verdict;
}

describe("the order of rules", () => {
  test("is deduplicate, transform, filter, delay, whatever order was given", async () => {
    const retry = { type: "retry", strategy: "linear", interval: 1000, count: 1 };
    const verdict = await apply([retry, { type: "delay", delay: 5000 }, paidRule, transformRule, dedupeRule]);
    expect(verdict.why.map(({ step }) => step)).toEqual(["deduplicate", "transform", "filter", "delay"]);
    expect(verdict).toMatchObject({ kind: "deliver", delayMs: 5000, dedupe: { windowMs: 60_000 } });
    expect(verdict.why.at(-1)).toMatchObject({ delay_ms: 5000, until: "2026-05-29T12:00:05.000Z" });
  });

  test("without rules delivers the request as it is", async () => {
    expect(await apply([])).toEqual({
      kind: "deliver",
      request,
      isTransformed: false,
      isBodyTransformed: false,
      delayMs: 0,
      dedupe: null,
      why: [],
    });
  });
});

describe("deduplicate", () => {
  test("a copy is ignored before any user code runs, and names the first request", async () => {
    const asked = services({ duplicate: "req_1" });
    const verdict = await apply([dedupeRule, transformRule, paidRule], asked);
    expect(verdict).toMatchObject({ kind: "ignored", cause: "DEDUPLICATED", dedupe: null });
    expect(verdict).toHaveProperty("detail", "It is a copy of req_1, which came first within the window of 60 s.");
    expect(verdict.why).toMatchObject([{ outcome: "duplicate", first_request_id: "req_1", key: expect.any(String) }]);
    expect(asked.calls).toEqual(["findDuplicate"]);
  });

  test("a request that finds its own key is the first", async () => {
    expect(await apply([dedupeRule], services({ duplicate: "req_2" }))).toMatchObject({ kind: "deliver" });
  });

  test("the key is held even when the filter ignores the request", async () => {
    const verdict = await apply([dedupeRule, { type: "filter", body: { type: "x" } }]);
    expect(verdict).toMatchObject({ kind: "ignored", cause: "FILTERED", dedupe: { windowMs: 60_000 } });
  });

  test("a request without any of the named fields has no key, is no duplicate and claims nothing", async () => {
    const asked = services({ duplicate: "req_1" });
    const rule = { ...dedupeRule, include_fields: ["body.ordre_id", "headers.idempotency-key"] };
    const verdict = await apply([rule, paidRule], asked);
    expect(verdict).toMatchObject({
      kind: "deliver",
      dedupe: null,
      why: [{ outcome: "no_key" }, { outcome: "passed" }],
    });
    expect(asked.calls).toEqual([]);
  });

  test("a replay bypasses it and claims nothing", async () => {
    const asked = services({ duplicate: "req_1" });
    const verdict = await apply([dedupeRule, paidRule], asked, { isReplay: true });
    expect(verdict).toMatchObject({
      kind: "deliver",
      dedupe: null,
      why: [{ outcome: "bypassed" }, { outcome: "passed" }],
    });
    expect(asked.calls).toEqual([]);
  });

  test("a lost race turns any verdict into a duplicate without the steps that never count", async () => {
    const verdict = await apply([dedupeRule, transformRule, { type: "delay", delay: 1000 }]);
    if (!verdict.dedupe) throw new Error("It holds no key.");
    const duplicate = asDuplicate(verdict.dedupe, "req_0");
    expect(duplicate).toMatchObject({ kind: "ignored", cause: "DEDUPLICATED", dedupe: null });
    expect(duplicate).toEqual(await apply([dedupeRule], services({ duplicate: "req_0" })));
    expect(verdict).toMatchObject({ kind: "deliver" });
  });
});

describe("transform", () => {
  test("a change is recorded with its diff, console and version", async () => {
    const changed = { ...request, body: { kind: "paid" } };
    const verdict = await apply([transformRule], services({ transform: () => returned(changed) }));
    expect(verdict).toMatchObject({ kind: "deliver", request: changed, isTransformed: true });
    expect(verdict.why).toMatchObject([{ outcome: "changed", version: 3, console: [{ text: "hi" }], duration_ms: 2 }]);
    expect(verdict.why[0]).toHaveProperty("changes", [
      { path: "body.id", before: "evt_1" },
      { path: "body.type", before: "invoice.paid" },
      { path: "body.data", before: { object: { id: "in_1" } } },
      { path: "body.kind", after: "paid" },
    ]);
  });

  test("an equal result delivers the request as received, raw bytes included", async () => {
    const binary = { ...request, body: null, raw_body: Uint8Array.of(0, 255) };
    const seen: RuleRequest[] = [];
    const transform = (asked: RuleRequest) => {
      seen.push(asked);
      return returned(structuredClone(asked));
    };
    const verdict = await apply([transformRule], services({ transform }), { request: binary });
    expect(verdict).toMatchObject({
      kind: "deliver",
      isTransformed: false,
      why: [{ outcome: "unchanged", changes: [] }],
    });
    expect(verdict).toHaveProperty("request", binary);
    expect(seen[0]).not.toHaveProperty("raw_body");
  });

  test("a failure ignores the request and is never passed through", async () => {
    const error = { kind: "threw" as const, message: "x is not defined", line: 4 };
    const transform = (): TransformOutcome => ({ kind: "failed", error, console: [], duration_ms: 1 });
    const verdict = await apply([transformRule, paidRule], services({ transform }));
    expect(verdict).toMatchObject({ kind: "ignored", cause: "TRANSFORMATION_FAILED" });
    expect(verdict).toHaveProperty("detail", "The transform trs_envelope threw an error in line 4: x is not defined");
    expect(verdict.why).toMatchObject([{ step: "transform", outcome: "failed", error }]);
  });
});

describe("filter", () => {
  const envelope = (body: Record<string, string>) => services({ transform: () => returned({ ...request, body }) });
  const hintOf = (verdict: Verdict) => {
    const step = verdict.why.at(-1);
    return step?.step === "filter" ? step.hint : "no filter step";
  };

  test("says so when the transform removed what it reads", async () => {
    const verdict = await apply([paidRule, transformRule], envelope({ event_type: "invoice.paid" }));
    const hint =
      'the transform trs_envelope removed body.type, which was "invoice.paid" before it: filters see the transformed request';
    expect(hintOf(verdict)).toBe(hint);
    expect(verdict).toMatchObject({ kind: "ignored", cause: "FILTERED" });
    expect(verdict).toHaveProperty("detail", `body.type must equal "invoice.paid" but is missing; ${hint}.`);
  });

  test("says so when the transform changed it, also within $or", async () => {
    const changed = 'the transform trs_envelope changed body.type from "invoice.paid" to "x"';
    for (const body of [{ type: { $in: ["invoice.paid"] } }, { $or: [{ id: 5 }, { type: "invoice.paid" }] }]) {
      const verdict = await apply([{ type: "filter", body }, transformRule], envelope({ type: "x" }));
      expect(hintOf(verdict)).toMatch(changed);
    }
  });

  test("blames no transform when the raw request would not have matched either", async () => {
    const other = { type: "filter", body: { type: "invoice.created" } };
    expect(hintOf(await apply([other, transformRule], envelope({})))).toBeUndefined();
    expect(hintOf(await apply([other]))).toBeUndefined();
    const event = { type: "filter", event_type: "payment.*" };
    const verdict = await apply([event, transformRule], envelope({}));
    expect(hintOf(verdict)).toBeUndefined();
    expect(verdict).toHaveProperty("detail", 'event_type must match "payment.*" but is "invoice.paid".');
  });
});

describe("paths that a filter reads and an output lacks", () => {
  const missing = (filter: object, body: RuleRequest["body"]) => {
    const rule = Rule.parse({ type: "filter", ...filter });
    if (rule.type !== "filter") throw new Error("Not a filter.");
    return filterPathsMissing(rule, { ...request, headers: { "X-Topic": "a" }, body });
  };

  test.each<[object, RuleRequest["body"], string[]]>([
    [{ body: { type: "invoice.paid" } }, { event_type: "x" }, ["body.type"]],
    [{ body: { data: { id: { $gt: 1 } } } }, {}, ["body.data.id"]],
    [{ body: { data: { id: { $gt: 1 } } } }, { data: { id: null } }, []],
    [{ body: { a: { $exist: false } } }, {}, []],
    [{ body: { a: { $or: [{ $exist: false }, "x"] } } }, {}, []],
    [{ body: { a: { $exist: true } } }, {}, ["body.a"]],
    [{ body: { $or: [{ a: 1 }, { b: 2 }], $not: { c: 3 } } }, { b: 5 }, ["body.c"]],
    [{ body: { $or: [{ a: 1 }, { b: 2 }] } }, {}, ["body.a", "body.b"]],
    [{ body: { items: { sku: "x" } } }, { items: [{}, { sku: 1 }] }, []],
    [{ body: { items: { sku: "x" } } }, { items: [{}] }, ["body.items.sku"]],
    [{ body: { items: { sku: "x" } } }, { items: [] }, []],
    [{ body: { a: { $neq: { $ref: "body.b" } } } }, { a: 1 }, ["body.b"]],
    [{ body: { a: { b: { $ref: "body.c[$index].b" } } } }, { a: [{ b: 1 }] }, ["body.c[$index].b"]],
    [{ body: { a: { b: { $ref: "body.a[$index].b" } } } }, { a: [{ b: 1 }] }, []],
    [{ headers: { "x-TOPIC": "a", "x-other": "b" }, query: { q: "1" } }, {}, ["headers.x-other", "query.q"]],
    [{ path: "/x", event_type: "a.*" }, {}, []],
    [{ body: JSON.parse('{"__proto__":1}') }, {}, ["body.__proto__"]],
  ])("%j on %j", (filter, body, expected) => {
    expect(missing(filter, body)).toEqual(expected);
  });
});
