// The docs of the product: their pages are there, their examples hold, and errors and pages lead to them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fill, fillsOf, isAboutTeam } from "#components/docs/fills.ts";
import { GUIDE, guideFor } from "#server/contracts/guide-pages.ts";
import { PROVIDER_TYPES } from "#server/contracts/provider.ts";
import { type DeduplicateRule, Rule } from "#server/contracts/rule.ts";
import { makeGuide } from "#server/docs/guide.ts";
import { readGuide } from "#server/docs/read-guide.ts";
import { toBlocks } from "#server/docs/to-blocks.ts";
import { docsPath } from "#server/errors/docs-path.ts";
import { dedupeKey } from "#server/rules/deduplicate.ts";
import { followed } from "#test/support/guide-examples.ts";
import { ruleRequest, runFilter } from "#test/support/rule-request.ts";

const pages = readGuide();
const hrefs = new Set(
  pages.flatMap(({ slug, blocks }) => [
    `/docs/${slug}`,
    ...blocks.flatMap((block) => (block.kind === "heading" ? [`/docs/${slug}#${block.id}`] : [])),
  ]),
);

describe("the pages", () => {
  test("are those of the list, each under its own title, and no file is left out", () => {
    const listed = GUIDE.flatMap(({ pages: ofGroup }) => ofGroup);
    expect(pages.map(({ slug, title }) => ({ slug, title }))).toEqual(listed);
    const files = readdirSync(join(import.meta.dirname, "..", "..", "docs", "guide"));
    expect(files.sort()).toEqual(listed.map(({ slug }) => `${slug}.md`).sort());
  });

  test("have headings that differ, and links that lead somewhere", () => {
    const text = JSON.stringify(pages);
    const links = [...text.matchAll(/"href":"(\/docs\/[^"]*)"/g)].map(([, href = ""]) => href);
    expect(links.filter((href) => !hrefs.has(href))).toEqual([]);
    for (const { slug, blocks } of pages) {
      const ids = blocks.flatMap((block) => (block.kind === "heading" ? [block.id] : []));
      expect(new Set(ids).size, slug).toBe(ids.length);
    }
  });

  test("name every provider", () => {
    const text = JSON.stringify(pages.find(({ slug }) => slug === "providers"));
    for (const type of PROVIDER_TYPES) expect(text).toContain(`"${type}"`);
    expect(text).toContain("linear-signature");
  });

  test("show one example in several languages as one, and those of one language each for itself", () => {
    const kinds = (markdown: string) => toBlocks(markdown).map(({ kind }) => kind);
    const code = (info: string) => `\`\`\`${info}\nx\n\`\`\`\n\n`;
    expect(kinds(code("js verify") + code("go verify") + code("php verify"))).toEqual(["languages"]);
    expect(kinds(code("json same") + code("json same"))).toEqual(["example", "example"]);
    expect(kinds(code("js transform") + code("json in"))).toEqual(["example", "example"]);
    expect(kinds(code("js") + code("go"))).toEqual(["example", "example"]);
    expect(kinds(`${code("js verify")}words\n\n${code("go verify")}`)).toEqual(["example", "paragraph", "example"]);
  });

  test("hold nothing that would be a part of the page: HTML and pictures are refused", () => {
    expect(() => toBlocks("<script>alert(1)</script>")).toThrow(/no way to show html/);
    expect(() => toBlocks("a <b>word</b>")).toThrow(/no way to show html/);
    expect(() => toBlocks("![x](https://example.com/x.png)")).toThrow(/no way to show image/);
  });
});

describe("their examples", () => {
  test("of filters pass what they say and fail what they say", () => {
    const filters = followed("filter");
    expect(filters.length).toBeGreaterThan(3);
    for (const { example, by } of filters) {
      const judged = by.filter(({ role }) => role === "passes" || role === "fails");
      expect(judged.map(({ role }) => role)).toEqual(expect.arrayContaining(["passes", "fails"]));
      for (const { role, text } of judged) {
        const request = ruleRequest(undefined, JSON.parse(text));
        const { kind } = runFilter(JSON.parse(example.text), request);
        expect(kind, `${example.text}\n${text}`).toBe(role === "passes" ? "match" : "mismatch");
      }
    }
  });

  test("of rules are rules, and requests that are equal to deduplicate have one key", () => {
    const rules = followed("rule");
    expect(rules.length).toBeGreaterThan(5);
    for (const { example, by } of rules) {
      const rule = Rule.parse(JSON.parse(example.text));
      if (rule.type !== "deduplicate") continue;
      const keyOf = (role: string) =>
        keysOf(
          rule,
          by.filter((one) => one.role === role).map(({ text }) => text),
        );
      const [first] = keyOf("first");
      expect(first).toBeTypeOf("string");
      for (const key of keyOf("same")) expect(key).toBe(first);
      for (const key of keyOf("other")) expect(key).not.toBe(first);
    }
  });

  const keysOf = (rule: DeduplicateRule, texts: string[]) =>
    texts.map((text) => dedupeKey(rule, ruleRequest(undefined, JSON.parse(text))));

  test("are filled with a team's own ids, and with what stands for them where there is none", () => {
    const connection = { id: "web_1", source_id: "src_1", destination_id: "des_1" };
    const text = "curl {gateway}/v1/sources/{source_id} -d '{\"a\": {}}'";
    const join = (of: typeof connection | undefined) =>
      fill(text, fillsOf("https://hooks.example", of))
        .map((part) => part.text)
        .join("");
    expect(join(connection)).toBe("curl https://hooks.example/v1/sources/src_1 -d '{\"a\": {}}'");
    expect(join(undefined)).toContain("/v1/sources/src_…");
    expect([isAboutTeam(text), isAboutTeam("curl {gateway}/healthz")]).toEqual([true, false]);
  });
});

describe("the ways to them", () => {
  test("words, operators and slips of the finger are found", () => {
    const guide = makeGuide();
    const first = (text: string) => guide.search(text)[0];
    expect(first("ruby")?.href).toMatch(/^\/docs\/signing/);
    expect(first("hash_equals")?.href).toBe("/docs/signing#the-whole-check");
    expect(first("rate limit")).toMatchObject({
      href: "/docs/destinations#rate-limit",
      page: "Destinations and limits",
    });
    expect(first("dead letters")?.href).toBe("/docs/trouble#dead-letters");
    expect(first("fifo")?.href).toMatch(/^\/docs\/order/);
    expect(first("notification")?.href).toBe("/docs/issues#notifications");
    expect(first("gzip")?.href).toMatch(/^\/docs\/buckets/);
    expect(first("dedupliacte")?.href).toMatch(/^\/docs\/deduplicate/);
    expect(first("startsWith")?.href).toMatch(/^\/docs\/filter/);
    expect(guide.search("zzzzqqq")).toEqual([]);
    expect(guide.search("VERIFICATION_FAILED")[0]).toMatchObject({
      found: expect.stringMatching(/^verification/i),
    });
  });

  test("each error leads to its section, or to the page about the wrong field", () => {
    const codes = [
      "BAD_REQUEST",
      "UNAUTHORIZED",
      "FORBIDDEN",
      "NOT_FOUND",
      "CONFLICT",
      "PAYLOAD_TOO_LARGE",
      "UNPROCESSABLE",
      "TOO_MANY_REQUESTS",
      "UNAVAILABLE",
    ] as const;
    for (const code of codes) expect([...hrefs]).toContain(docsPath(code));
    const about = (path: string) => docsPath("UNPROCESSABLE", [{ path, message: "" }]);
    expect(about("rules[0].body.data.$gtx")).toBe("/docs/filter");
    expect(about("rules[2].interval")).toBe("/docs/retry");
    expect(about("source.config.auth.secret")).toBe("/docs/sources");
    expect(about("config.url")).toBe("/docs/destinations");
    expect(about("config.ordering_key")).toBe("/docs/order");
    expect(about("destination.config.breaker.probe_max_ms")).toBe("/docs/trouble");
    expect(about("config.dead_letter_destination_id")).toBe("/docs/trouble");
    expect(about("config.batch_bytes")).toBe("/docs/buckets");
    expect(about("name")).toBe("/docs/errors#unprocessable");
  });

  test("F1 opens what is about the page, the drawer or the rule that is open", () => {
    const at = (address: string) => {
      const { pathname, searchParams } = new URL(address, "http://dashboard.test");
      return guideFor(pathname, searchParams);
    };
    expect(at("/transformations/trs_1")).toBe("/docs/transform");
    expect(at("/connections?panel=web_1&rule=filter")).toBe("/docs/filter");
    expect(at("/connections?panel=src_1")).toBe("/docs/sources");
    expect(at("/connections?new=destination")).toBe("/docs/destinations");
    expect(at("/connections?panel=des_1&tab=trouble")).toBe("/docs/trouble");
    expect(at("/issues")).toBe("/docs/issues");
    expect(at("/settings/signing")).toBe("/docs/signing");
    for (const page of ["/", "/requests", "/events/evt_1", "/metrics", "/replays", "/settings/keys", "/nowhere"])
      expect([...hrefs]).toContain(at(page));
  });
});
