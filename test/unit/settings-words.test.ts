import { describe, expect, test } from "vitest";
import { agentSnippets } from "#components/settings/agent-snippets.ts";
import { daysSince } from "#components/settings/days-since.ts";
import { makerWords } from "#components/settings/maker-words.ts";
import { countedKind, formatSize, sizeWords } from "#components/settings/stored-words.ts";
import { timeUntil } from "#components/ui/until-words.ts";
import { readMarkdown } from "#server/docs/read-guide.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [44_250_000_000, "41.2 GiB"],
  [640 * 1024 ** 2, "640 MiB"],
  [3 * 1024 ** 5, "3072 TiB"],
])("%d bytes read %s", (bytes, words) => {
  expect(formatSize(bytes)).toBe(words);
});

test("a count and a size that are estimates say so", () => {
  const rows = { kind: "request", rows: 1, is_rows_estimated: false, bytes: 2048, is_bytes_estimated: false } as const;
  expect([countedKind(rows), sizeWords(rows)]).toEqual(["1 request", "2.0 KiB"]);
  expect(sizeWords({ ...rows, is_bytes_estimated: true })).toBe("about 2.0 KiB");
  const estimated = { ...rows, rows: 1_000_000, is_rows_estimated: true, is_bytes_estimated: true };
  expect([countedKind(estimated), sizeWords(estimated)]).toEqual(["about 1,000,000 requests", "about 2.0 KiB"]);
});

test("a time that comes is said in its largest whole unit, and one that was is over", () => {
  const now = Date.parse("2026-11-26T03:00:00.000Z");
  const after = (ms: number) => new Date(now + ms).toISOString();
  expect(timeUntil(after(61.9 * 86_400_000), now)).toBe("in 61 d");
  expect(timeUntil(after(41 * 60_000), now)).toBe("in 41 min");
  expect(timeUntil(after(59_000), now)).toBe("in under a minute");
  expect(timeUntil(after(0), now)).toBe("ended");
  expect(daysSince(after(-204.5 * 86_400_000), now)).toBe(204);
});

test.each([
  ["user", "usr_1", "on-call@example.com", "on-call@example.com"],
  ["user", "usr_1", null, "someone who left"],
  ["api_key", "key_1", "ci-deploy", "ci-deploy"],
  ["system", "start", null, "the first start"],
  ["system", "admin", null, "the command line"],
  [null, null, null, "–"],
])("a key made by %s %s reads as made by its name, or by what it was", (kind, id, name, words) => {
  expect(makerWords({ made_by_kind: kind, made_by_id: id, made_by_name: name })).toBe(words);
});

describe("what an agent is told of the gateway", () => {
  const bare = (text: string) => text.replace(/\s+|\\\n/g, "");
  const page = bare(readMarkdown("agents"));

  test("is what the docs say, and holds no key", () => {
    for (const { label, code } of agentSnippets("{gateway}")) {
      expect(page, label).toContain(bare(code));
      expect(code).not.toMatch(/sy_/);
    }
  });

  test("is JSON where it is no command", () => {
    const [command, ...files] = agentSnippets("https://hooks.example");
    expect(command?.code).toContain("https://hooks.example/mcp");
    for (const { code } of files) expect(JSON.stringify(JSON.parse(code))).toContain("https://hooks.example");
  });
});
