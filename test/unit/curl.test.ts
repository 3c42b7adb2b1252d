import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCurl } from "#components/data/curl.ts";

const base = { method: "POST", url: "https://example.com/hooks", headers: [] as [string, string][], body: null };

/** The arguments that a real shell makes of a command, with curl replaced by something that prints them. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** What comes behind a flag. */
const behind = (words: string[], flag: string) => words.flatMap((word, i) => (words[i - 1] === flag ? [word] : []));

describe("a request as a curl command", () => {
  test("is readable: one header a line", () => {
    expect(toCurl({ ...base, headers: [["Content-Type", "application/json"]], body: '{"a":1}' })).toBe(
      [
        "curl --globoff --request 'POST' --url 'https://example.com/hooks' \\",
        "  --header 'Content-Type: application/json' \\",
        `  --data-raw '{"a":1}'`,
      ].join("\n"),
    );
  });

  test.each([
    "'; touch /tmp/owned; '",
    "$(touch /tmp/owned)",
    "`id`",
    "$HOME $((1+1)) !! \\ \\\\",
    "@/etc/passwd",
    "a\nb\r\nc\td",
    "\u001b]0;title\u0007 \u202e ' \\x41",
    "ünï 🙂",
  ])("%j reaches curl as it is, in a header, in the URL and in the body", (hostile) => {
    const words = argumentsOf(toCurl({ ...base, url: hostile, headers: [["X-Odd", hostile]], body: hostile }));
    expect(behind(words, "--url")).toEqual([hostile]);
    expect(behind(words, "--header")).toEqual([`X-Odd: ${hostile}`]);
    expect(behind(words, "--data-raw")).toEqual([hostile]);
  });

  test("any text reaches curl as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (body) => {
        fc.pre(!body.includes("\0") && body.isWellFormed());
        expect(behind(argumentsOf(toCurl({ ...base, body })), "--data-raw")).toEqual([body]);
      }),
      { numRuns: 40 },
    );
  });

  test("a body with a zero byte comes whole through a pipe", () => {
    const body = "a\0b\\0c'%s1";
    const command = toCurl({ ...base, body });
    expect(argumentsOf(command)).toContain("@-");
    const piped = execFileSync("bash", ["--norc", "-c", `curl() { cat; }\n${command}`]);
    expect(piped.toString()).toBe(body);
  });

  test("holds no control character that a terminal acts on when it is pasted", () => {
    const command = toCurl({ ...base, headers: [["X-Odd", "\u001b[201~\r\nrm -rf ~"]], body: "\u0003\u009b" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
    expect(command).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test("leaves out what curl works out itself, and a name that curl would read as a file", () => {
    const headers: [string, string][] = [
      ["Content-Length", "7"],
      ["Host", "elsewhere"],
      ["@/etc/passwd", "x"],
      ["-K", "x"],
      ["X-Empty", ""],
    ];
    expect(behind(argumentsOf(toCurl({ ...base, headers })), "--header")).toEqual(["-K: x", "X-Empty;"]);
  });

  test("asks for a head as curl does, which would wait for a body otherwise", () => {
    expect(toCurl({ ...base, method: "HEAD" })).toContain("--head");
  });
});
