import { describe, expect, test } from "vitest";
import { FilterRule } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import { matchFilter } from "#server/rules/filter.ts";
import { ruleRequest } from "#test/support/rule-request.ts";

/** Both as JSON texts, as a caller and a producer send them. */
function judge(clause: string, body: string, headers: Record<string, string> = {}) {
  const rule = FilterRule.parse(parseJson(`{"type":"filter","body":${clause}}`));
  return matchFilter(rule, ruleRequest(parseJson(body), { headers }), null);
}
const matches = (clause: string, body: string, headers?: Record<string, string>) =>
  judge(clause, body, headers).kind === "match";

const ID = "8202522731445525542";
const NEXT = "8202522731445525543";

describe("a number that no double holds", () => {
  test.each([
    [`{"id":${ID}}`, `{"id":${ID}}`, true],
    [`{"id":${ID}}`, `{"id":${NEXT}}`, false],
    [`{"id":${ID}}`, `{"id":${ID}.0}`, true],
    [`{"id":${ID}}`, `{"id":"${ID}"}`, false],
    [`{"id":{"$eq":${ID}}}`, `{"id":${NEXT}}`, false],
    [`{"id":{"$neq":${ID}}}`, `{"id":${NEXT}}`, true],
    [`{"id":{"$neq":${ID}}}`, `{"id":${ID}}`, false],
    [`{"id":{"$gt":${ID}}}`, `{"id":${NEXT}}`, true],
    [`{"id":{"$gt":${ID}}}`, `{"id":${ID}}`, false],
    [`{"id":{"$gte":${ID}}}`, `{"id":${ID}}`, true],
    [`{"id":{"$lt":${NEXT}}}`, `{"id":${ID}}`, true],
    [`{"id":{"$lte":${ID}}}`, `{"id":${NEXT}}`, false],
    [`{"id":{"$gt":9007199254740992}}`, `{"id":9007199254740993}`, true],
    [`{"id":{"$gt":${ID}}}`, `{"id":"${NEXT}"}`, true],
    [`{"id":{"$gt":"${ID}"}}`, `{"id":${ID}}`, false],
    [`{"id":{"$gt":1}}`, `{"id":"1e400"}`, true],
    [`{"n":{"$gt":0}}`, `{"n":1e-400}`, true],
    [`{"n":{"$lt":1e400}}`, `{"n":1e401}`, false],
    [`{"id":{"$in":[1,${ID}]}}`, `{"id":${ID}}`, true],
    [`{"id":{"$in":[1,${ID}]}}`, `{"id":${NEXT}}`, false],
    [`{"id":{"$nin":[${ID}]}}`, `{"id":${NEXT}}`, true],
    [`{"ids":{"$contains":${ID}}}`, `{"ids":[${NEXT},${ID}]}`, true],
    [`{"ids":{"$contains":${ID}}}`, `{"ids":[${NEXT}]}`, false],
    [`{"ids":${ID}}`, `{"ids":[[${ID}]]}`, true],
    [`{"ids":[${ID}]}`, `{"ids":[${NEXT}]}`, false],
    [`{"a":{"$ref":"body.b"}}`, `{"a":${ID},"b":${NEXT}}`, false],
    [`{"a":{"$ref":"body.b"}}`, `{"a":${ID},"b":${ID}}`, true],
    [`{"a":{"$lt":{"$ref":"body.b"}}}`, `{"a":${ID},"b":${NEXT}}`, true],
    [`{"id":{"$exist":true}}`, `{"id":${ID}}`, true],
    [`{"id":{}}`, `{"id":${ID}}`, true],
    [`{"id":{"text":"${ID}"}}`, `{"id":${ID}}`, false],
    [`{"$not":{"id":${ID}}}`, `{"id":${NEXT}}`, true],
  ])("%s on %s: %s", (clause, body, expected) => {
    expect(matches(clause, body)).toBe(expected);
  });

  test("is compared with a header's text by all its digits", () => {
    const clause = `{"id":{"$lt":{"$ref":"headers.x-max"}}}`;
    expect(matches(clause, `{"id":${ID}}`, { "x-max": NEXT })).toBe(true);
    expect(matches(clause, `{"id":${ID}}`, { "x-max": ID })).toBe(false);
  });

  test("is shown with its digits where a clause fails", () => {
    const result = judge(`{"id":{"$gt":${NEXT}}}`, `{"id":${ID}}`);
    expect(result).toMatchObject({ mismatch: { message: `body.id must be greater than ${NEXT} but is ${ID}` } });
    expect(JSON.stringify(result)).toContain(`"expected":${NEXT},"actual":${ID}`);
  });
});

test("a filter's number is bounded by what the database can write out", () => {
  const check = (number: string) => FilterRule.safeParse(parseJson(`{"type":"filter","body":{"n":${number}}}`));
  expect(check("1e400").success).toBe(true);
  for (const number of ["1e999999999", "1e-999999999", "9".repeat(1001)]) {
    expect(check(number).error?.issues).toMatchObject([
      { path: ["body", "n"], message: "A number in a filter has at most 1000 digits, with its exponent written out." },
    ]);
  }
});
