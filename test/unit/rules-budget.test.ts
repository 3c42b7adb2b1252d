import { describe, expect, test } from "vitest";
import { Rule } from "#server/contracts/rule.ts";
import type { Json } from "#server/json/value.ts";
import { applyRules, type RuleInput } from "#server/rules/apply.ts";
import { fullWork } from "#server/rules/budget.ts";
import { ruleRequest } from "#test/support/rule-request.ts";

const services = {
  findDuplicate: async () => null,
  transform: () => Promise.reject(new Error("There is no transform.")),
};

async function apply(rules: object[], body: Json, left?: number) {
  const work = left === undefined ? fullWork() : { left };
  const input: RuleInput = {
    requestId: "req_1",
    request: ruleRequest(body),
    eventType: null,
    rules: rules.map((rule) => Rule.parse(rule)),
    isReplay: false,
    nowMs: 0,
    work,
  };
  const startedAtMs = performance.now();
  const verdict = await applyRules(input, services);
  return { verdict, spent: (left ?? 5_000_000) - work.left, tookMs: performance.now() - startedAtMs };
}

const exclude_fields = Array.from({ length: 50 }, (_, n) => `body.items[*].f${n}`);
const deduplicate = { type: "deduplicate", window: 60_000, exclude_fields };
const TOO_EXPENSIVE = { kind: "ignored", cause: "RULES_TOO_EXPENSIVE", why: [{ step: "budget", outcome: "exceeded" }] };

describe("what the rules of a connection may cost", () => {
  test("ends a deduplication with many exclusions over a large body, and says so", async () => {
    const items = Array.from({ length: 60_000 }, (_, n) => ({ name: "a", n }));
    const { verdict, tookMs } = await apply([deduplicate], { items });
    expect(verdict).toMatchObject(TOO_EXPENSIVE);
    expect(verdict).toMatchObject({ detail: expect.stringContaining("5000000 steps"), dedupe: null });
    expect(tookMs).toBeLessThan(5_000);
  });

  test.each<[string, Json]>([
    ["a list", Array(6_000_000).fill(0)],
    ["keys", Object.fromEntries(Array.from({ length: 900_000 }, (_, n) => [`key-${n}`, 0]))],
  ])("counts %s", async (_name, body) => {
    const { verdict } = await apply([{ type: "deduplicate", window: 60_000 }], body);
    expect(verdict).toMatchObject(TOO_EXPENSIVE);
  });

  test("is one budget for deduplicate and filter", async () => {
    const items = Array.from({ length: 100 }, (_, n) => ({ n }));
    const filter = { type: "filter", body: { $or: Array.from({ length: 50 }, (_, n) => ({ items: { n: -1 - n } })) } };
    const one = await apply([deduplicate], { items });
    const other = await apply([filter], { items });
    const both = await apply([deduplicate, filter], { items });
    expect(both.spent).toBe(one.spent + other.spent);
    expect((await apply([deduplicate, filter], { items }, both.spent)).verdict).toMatchObject({ cause: "FILTERED" });
    expect((await apply([deduplicate, filter], { items }, both.spent - 1)).verdict).toMatchObject({
      cause: "RULES_TOO_EXPENSIVE",
      dedupe: { windowMs: 60_000 },
    });
  });

  test("is some tens of steps for an ordinary request", async () => {
    const body = { type: "order.paid", data: { id: "o_1", lines: [{ sku: "a" }, { sku: "b" }] } };
    const { spent } = await apply(
      [
        { type: "deduplicate", window: 60_000, include_fields: ["body.data.id"] },
        { type: "filter", body: { type: "order.paid", data: { lines: { sku: "b" } } } },
      ],
      body,
    );
    expect(spent).toBeLessThan(30);
  });
});
