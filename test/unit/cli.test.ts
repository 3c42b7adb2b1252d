// The pure parts of the command line: what it prints, where it goes, and which words it knows.
import { PassThrough, Readable, Writable } from "node:stream";
import { expect, test } from "vitest";
import { followers } from "#server/cli/completion.ts";
import { readUrl } from "#server/cli/connection.ts";
import { EXIT, told } from "#server/cli/exit-code.ts";
import { readTarget } from "#server/cli/forward.ts";
import { pageUrl } from "#server/cli/open-command.ts";
import { table } from "#server/cli/print.ts";
import { fromText, toText } from "#server/cli/request-text.ts";
import { makeProgram, runCli } from "#server/cli/run-cli.ts";
import { safeJson, safeLine, safeText } from "#server/cli/safe-text.ts";
import { OPERATIONS, SwitchyardError } from "#server/sdk/switchyard.ts";

const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
const streams = { input: Readable.from([]), out: silent, err: silent };
const lend = <T>(run: () => Promise<T>) => run();
const program = makeProgram({ env: {}, ...streams, stop: new AbortController().signal, lend });

test("a terminal obeys nothing that a stranger has written", () => {
  const hostile = "a\u001b]0;title\u0007\u001b[2J\u009b1m\r\u202eb\u200bc";
  const shown = "a\\u001b]0;title\\u0007\\u001b[2J\\u009b1m\\u000d\\u202eb\\u200bc";
  expect(safeText(hostile)).toBe(shown);
  expect(safeLine("one\ntwo\tthree")).toBe("one\\ntwo three");
  const json = safeJson({ text: hostile });
  expect(json).not.toMatch(/[^ -~]/);
  expect(JSON.parse(json)).toEqual({ text: hostile });
});

test("a table is never wider than its terminal, and its first column stays", () => {
  const rows = [
    { id: "src_00000000000000000000000001", name: "stripe-production", type: "STRIPE", created_at: "2026-01-01" },
    { id: "src_00000000000000000000000002", name: "x", type: "WEBHOOK", created_at: "2026-01-02" },
  ];
  for (const width of [12, 30, 40, 60, 200]) {
    const lines = table(rows, width);
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^id/);
  }
  expect(table(rows, 200)[1]).toBe("src_00000000000000000000000001  stripe-production  STRIPE   2026-01-01");
  expect(table([], 80)).toEqual(["Nothing."]);
});

test.each([
  ["3000", { host: "localhost", port: 3000, basePath: "", isTls: false }],
  ["localhost:3000/hooks/", { host: "localhost", port: 3000, basePath: "/hooks", isTls: false }],
  ["https://app.test", { host: "app.test", port: 443, basePath: "", isTls: true }],
  ["http://[::1]:8080", { host: "::1", port: 8080, basePath: "", isTls: false }],
])("%s is a place to forward to", (text, target) => {
  expect(readTarget(text)).toEqual(target);
});

test.each(["", "ftp://x", "http://user:pw@x", "localhost:3000?x=1", "localhost:99999"])(
  "%j is no place to forward to, and a wrong use",
  (text) => {
    expect(() => readTarget(text)).toThrow(expect.objectContaining({ exitCode: EXIT.usage }));
  },
);

test("a gateway's address is taken with or without scheme, slash and version", () => {
  for (const text of ["http://127.0.0.1:3001", "127.0.0.1:3001/", "http://127.0.0.1:3001/v1"])
    expect(readUrl(text)).toBe("http://127.0.0.1:3001");
  expect(() => readUrl("https://user:pw@hooks.example.com")).toThrow();
});

test.each(["hooks.example.com", "localhost.example.com", "127.example.com:3001"])(
  "a key goes to %s over TLS unless somebody says http",
  (host) => {
    expect(readUrl(host)).toBe(`https://${host}`);
    expect(readUrl(`http://${host}`)).toBe(`http://${host}`);
  },
);

test("a request that is edited keeps the line ends of its body", () => {
  const multipart = "--x\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--x--";
  const given = { method: "POST", path: "/a", query: "b=1", headers: [["x-a", "1"]] as [string, string][] };
  const stored = { ...given, body: Buffer.from(multipart) };
  expect(fromText(toText(stored), stored)).toEqual(stored);
  expect(fromText(`${toText(stored)}\n`, stored)).toEqual(stored);
  // An editor that writes each line so has changed none of the body.
  const lines = { ...given, body: Buffer.from("one\ntwo") };
  expect(fromText(toText(lines).replaceAll("\n", "\r\n"), lines)).toEqual(lines);
  const empty = { ...given, headers: [], body: Buffer.alloc(0) };
  expect(fromText(toText(empty), empty)).toEqual(empty);
});

test("an id has its page on the dashboard, which stands beside a gateway of this machine", () => {
  const profile = { url: "http://localhost:3001", api_key: "sy_x" };
  const id = "evt_01KA0000000000000000000000";
  expect(pageUrl(profile, id)).toBe(`http://localhost:3000/events/${id}`);
  expect(pageUrl({ ...profile, dashboard_url: "https://d.test" }, undefined)).toBe("https://d.test");
  expect(() => pageUrl(profile, "evt_../../x")).toThrow(/has no page/);
});

test("every operation has a command, and none of its flags is one that all commands have", () => {
  // A listener speaks the first three; the fourth is `flows apply`.
  const unspoken = ["tunnels.open", "tunnels.next", "tunnels.answer", "flows.applyFile"];
  const globals = program.options.map(({ long }) => long);
  for (const [resource, table_] of Object.entries(OPERATIONS)) {
    const kebab = (text: string) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const group = program.commands.find((each) => each.name() === kebab(resource));
    for (const key of Object.keys(table_)) {
      const command = group?.commands.find((each) => each.name() === kebab(key));
      if (unspoken.includes(`${resource}.${key}`)) expect(command).toBeUndefined();
      else
        expect(
          command?.options.filter(({ long }) => globals.includes(long)),
          `${resource} ${key}`,
        ).toEqual([]);
    }
  }
});

test("completion knows the commands below a command, and the flags of one", () => {
  expect(followers(program, [])).toEqual(expect.arrayContaining(["listen", "sources", "--profile"]));
  expect(followers(program, ["sources"])).toContain("rotate-secret");
  expect(followers(program, ["listen"])).toEqual(expect.arrayContaining(["--forward", "--json"]));
  expect(followers(program, [])).not.toContain("complete");
});

test("Ctrl-C at a question stops without a word", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const said: string[] = [];
  const err = new Writable({ write: (chunk, _encoding, done) => done(void said.push(String(chunk))) });
  const stop = new AbortController().signal;
  const code = runCli(["login", "http://127.0.0.1:1"], { env: {}, input, out: silent, err, stop, lend });
  input.write("secr\u0003");
  expect([await code, said.join("")]).toEqual([EXIT.stopped, "API key: \n"]);
});

test("the exit code tells a refusal from a gateway that is not there", () => {
  expect(told(new SwitchyardError("no", { code: "NOT_FOUND", status: 404 })).exitCode).toBe(EXIT.refused);
  expect(told(new SwitchyardError("no", { code: "UNREACHABLE" })).exitCode).toBe(EXIT.unreachable);
  expect(told(new SwitchyardError("no", { code: "BAD_ANSWER", status: 200 })).exitCode).toBe(EXIT.unreachable);
  expect(() => told(new Error("a bug"))).toThrow("a bug");
});
