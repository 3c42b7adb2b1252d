// The docs of the product: their pages are there, their examples hold, and errors and pages lead to them.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { fill, fillsOf, isAboutTeam } from "#components/docs/fills.ts";
import { GUIDE, guideFor } from "#server/contracts/guide-pages.ts";
import { PROVIDER_TYPES } from "#server/contracts/provider.ts";
import { type DeduplicateRule, Rule } from "#server/contracts/rule.ts";
import { prepareSigner } from "#server/delivery/sign.ts";
import { makeGuide } from "#server/docs/guide.ts";
import { readGuide } from "#server/docs/read-guide.ts";
import { toBlocks } from "#server/docs/to-blocks.ts";
import { docsPath } from "#server/errors/docs-path.ts";
import { dedupeKey } from "#server/rules/deduplicate.ts";
import { examples, followed } from "#test/support/guide-examples.ts";
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

interface Vector {
  secret: string;
  headers: Record<string, string>;
  body: string;
}
const codeOf = (language: string) => examples.find((one) => one.role === "verify" && one.language === language)?.text;
const run = promisify(execFile);

describe("the checks of our signature", () => {
  const vector = JSON.parse(examples.find(({ role }) => role === "vector")?.text ?? "") as Vector;
  const at = Number(vector.headers["webhook-timestamp"]);
  /** Secret, headers and body as they are, and each of them wrong. */
  const cases = [
    { ...vector, nowSeconds: at, isGood: true },
    { ...vector, body: vector.body.replace("4200", "4201"), nowSeconds: at, isGood: false },
    { ...vector, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", nowSeconds: at, isGood: false },
    { ...vector, nowSeconds: at + 301, isGood: false },
    { ...vector, headers: { ...vector.headers, "webhook-id": "evt_2" }, nowSeconds: at, isGood: false },
    {
      ...vector,
      headers: { ...vector.headers, "webhook-signature": `v1,AAAA ${vector.headers["webhook-signature"]}` },
      nowSeconds: at + 299,
      isGood: true,
    },
  ];
  const good = cases.map(({ isGood }) => isGood);

  /** Writes the code of the docs and a caller beside it, and runs the caller on the cases. */
  async function answersOf(command: string, file: string, code: string | undefined, caller: string) {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-guide-"));
    try {
      await writeFile(join(directory, file), code ?? "");
      await writeFile(join(directory, `caller${file.slice(file.lastIndexOf("."))}`), caller);
      const args = [join(directory, `caller${file.slice(file.lastIndexOf("."))}`), JSON.stringify(cases)];
      return JSON.parse((await run(command, args)).stdout) as boolean[];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  test("are tried on a delivery that is signed as ours are", () => {
    const signer = prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: vector.secret });
    const delivery = { id: vector.headers["webhook-id"] ?? "", timestampSeconds: at, body: Buffer.from(vector.body) };
    expect(Object.fromEntries(signer.sign(delivery))).toEqual(vector.headers);
  });

  test("in Node accept it, and nothing that differs", async () => {
    const caller = `import { verify } from "./verify.mjs";
      const cases = JSON.parse(process.argv[2]);
      console.log(JSON.stringify(cases.map((c) => verify(c.secret, c.headers, Buffer.from(c.body), c.nowSeconds))));`;
    expect(await answersOf(process.execPath, "verify.mjs", codeOf("js"), caller)).toEqual(good);
  });

  test("in Python accept it, and nothing that differs", async (context) => {
    const hasPython = await run("python3", ["--version"]).catch(() => null);
    if (!hasPython) return context.skip("There is no python3 here.");
    const caller = `import json, sys
from verify import verify
cases = json.loads(sys.argv[1])
print(json.dumps([verify(c["secret"], c["headers"], c["body"].encode(), c["nowSeconds"]) for c in cases]))`;
    expect(await answersOf("python3", "verify.py", codeOf("python"), caller)).toEqual(good);
  });

  test("in Go and Ruby sign the same text with the same key, within the same five minutes", () => {
    expect(codeOf("go")).toMatch(/id \+ "\." \+ timestamp \+ "\."/);
    expect(codeOf("go")).toContain("5*time.Minute");
    expect(codeOf("ruby")).toContain('#{headers["webhook-id"]}.#{timestamp}.#{body}');
    expect(codeOf("ruby")).toContain("> 300");
    for (const language of ["go", "ruby"]) expect(codeOf(language)).toMatch(/whsec_/);
  });
});

describe("the ways to them", () => {
  test("words, operators and slips of the finger are found", () => {
    const guide = makeGuide();
    const first = (text: string) => guide.search(text)[0];
    expect(first("ruby")?.href).toBe("/docs/signing#ruby");
    expect(first("rate limit")).toMatchObject({
      href: "/docs/destinations#rate-limit",
      page: "Destinations: order and limits",
    });
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
    expect(at("/settings/signing")).toBe("/docs/signing");
    for (const page of ["/", "/requests", "/events/evt_1", "/metrics", "/replays", "/settings/keys", "/nowhere"])
      expect([...hrefs]).toContain(at(page));
  });
});
