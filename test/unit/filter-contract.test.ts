import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FILTER_OPERATORS, FilterClause } from "#server/contracts/filter.ts";
import { MAX_PROGRAM_SIZE, patternProblem, programSize } from "#server/contracts/regex-pattern.ts";
import { FilterRule, Rules } from "#server/contracts/rule.ts";

const issuesOf = (clause: unknown) =>
  FilterClause.safeParse(clause).error?.issues.map(({ path, message }) => ({ path: path.join("."), message })) ?? [];

describe("a filter at save", () => {
  test("takes what the language allows, unchanged", () => {
    const clause = {
      type: "invoice.paid",
      n: null,
      list: ["a", { b: 1 }],
      data: { amount: { $gte: 100, $lt: { $ref: "body.limit" } }, id: { $in: [1, "a"] }, x: { $eq: { $odd: 1 } } },
      $or: [{ a: { $exist: false } }, { a: { $regex: "(?i)^x" } }],
      $not: { b: { $startsWith: "y" } },
      d: { $startsWith: ["a", "b"], $endsWith: ["c"], $contains: ["d"] },
      e: { f: { $ref: "body.items[$index].id" } },
      c: { $nin: { $ref: "body.items[*].id" } },
    };
    expect(FilterClause.parse(clause)).toBe(clause);
    for (const bare of ["a", 1, true, null, {}, []]) expect(issuesOf(bare)).toEqual([]);
  });

  test("an unknown operator is named with its path and the valid ones", () => {
    const [issue] = issuesOf({ data: { amount: { $greater: 1 } } });
    expect(issue?.path).toBe("data.amount.$greater");
    expect(issue?.message).toContain("$greater is not a filter operator");
    for (const operator of FILTER_OPERATORS) expect(issue?.message).toContain(operator);
  });

  test("an unknown operator is found inside $or, $and and $not", () => {
    const paths = issuesOf({ $or: [{ a: { $and: [{ $not: { $x: 1 } }] } }] }).map(({ path }) => path);
    expect(paths).toEqual(["$or.0.a.$and.0.$not.$x"]);
  });

  test.each([
    [{ $in: "a" }, "a list"],
    [{ $nin: { a: 1 } }, "a list"],
    [{ $exist: "yes" }, "true or false"],
    [{ $or: [] }, "at least one clause"],
    [{ $and: { a: 1 } }, "at least one clause"],
    [{ $regex: 1 }, "a pattern as a string"],
    [{ $regex: "(" }, "does not compile"],
    [{ $regex: "(?=a)" }, "look-around"],
    [{ $regex: "a".repeat(1025) }, "1024 characters"],
    [{ $regex: "(a{1000}){1000}" }, "repeats too much"],
    [{ $ref: "bod.y" }, "the path of a field"],
    [{ $eq: { $ref: 1 } }, "the path of a field"],
    [{ $gt: [1] }, "a number or a string"],
    [{ $lt: null }, "a number or a string"],
    [{ $startsWith: 1 }, "a string"],
    [{ $startsWith: [] }, "a list of strings"],
    [{ $endsWith: ["a", 1] }, "a list of strings"],
    [{ $ref: "body.items[$i].id" }, "the path of a field"],
  ])("%j is refused where it stands", (operation, remedy) => {
    const [operator] = Object.keys(operation);
    const [issue, ...others] = issuesOf({ a: operation });
    expect(issue?.path).toMatch(new RegExp(`^a\\.\\${operator}`));
    expect(issue?.message).toContain(remedy);
    expect(others).toEqual([]);
  });

  test("what is not JSON is refused", () => {
    for (const value of [undefined, Number.NaN, () => 1, new Date(0), Number.POSITIVE_INFINITY, 1n]) {
      expect(issuesOf({ a: value })).toHaveLength(1);
      expect(issuesOf({ a: { $eq: [value] } })).toHaveLength(1);
    }
  });

  test("nesting is limited to 32 and size to 1000, with a bounded answer to a hostile one", () => {
    const nest = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
    expect(issuesOf(nest(32))).toEqual([]);
    expect(issuesOf(nest(33))).toMatchObject([{ message: "A filter nests at most 32 levels deep." }]);
    expect(issuesOf(nest(100_000))).toHaveLength(1);
    expect(issuesOf({ $eq: nest(100_000) })).toHaveLength(1);
    expect(issuesOf({ a: { $in: Array(997).fill(1) } })).toEqual([]);
    expect(issuesOf({ a: { $in: Array(100_000).fill(1) } })).toHaveLength(1);
    expect(issuesOf(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`$${index}`, 1])))).toHaveLength(20);
  });

  test("a rule with a filter has a JSON schema and says where the mistake is", () => {
    for (const io of ["input", "output"] as const)
      expect(JSON.stringify(z.toJSONSchema(Rules, { io }))).toContain("$regex");
    const result = FilterRule.safeParse({ type: "filter", headers: { "x-a": { $eqq: 1 } } });
    expect(result.error?.issues[0]?.path).toEqual(["headers", "x-a", "$eqq"]);
  });
});

describe("the size of a pattern", () => {
  test("is never less than what it compiles to", () => {
    const atom = fc.constantFrom(
      "a",
      ".",
      "\\d",
      "[a-z]",
      "[^\\]x]",
      "[]a]",
      "[[:alpha:]]",
      "\\pL",
      "\\p{Greek}",
      "\\x{61}",
      "(",
      ")",
    );
    const repeat = fc.constantFrom("", "", "*", "+?", "?", "{3}", "{2,}", "{0,4}", "{2,3}?", "{0}");
    const pattern = fc.array(fc.tuple(atom, repeat), { maxLength: 12 }).map((parts) => {
      let depth = 0;
      let text = "";
      for (const [part, times] of parts) {
        if (part === ")" && depth === 0) continue;
        depth += Number(part === "(") - Number(part === ")");
        text += part === "(" ? part : part + times;
      }
      return text + ")".repeat(depth);
    });
    fc.assert(
      fc.property(pattern, (text) => {
        fc.pre(patternProblem(text) === null);
        expect(programSize(text) + 4).toBeGreaterThanOrEqual(RE2JS.compile(text).programSize());
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$",
    "(?i)^(order|invoice)\\.(created|paid){1,3}$",
    "\\Q(a){1000}\\E",
    "a{1000}",
  ])("%s may be saved", (pattern) => {
    expect(patternProblem(pattern)).toBeNull();
    expect(programSize(pattern)).toBeLessThanOrEqual(MAX_PROGRAM_SIZE);
  });

  test("a pattern that would write out to millions is refused at once", () => {
    for (const pattern of [
      "((a{30}){30}){30}",
      `(${"a".repeat(900)}){1000}`,
      "a{1000}".repeat(140),
      "([)]a{9}){999}",
    ]) {
      expect(patternProblem(pattern)).toContain("repeats too much");
    }
  }, 2000);
});
