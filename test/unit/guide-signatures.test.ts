// The checks of our signature that the docs show are run, each in its own language. One that is not on a machine is not tried there.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "#components/docs/language.ts";
import { prepareSigner } from "#server/delivery/sign.ts";
import { examples } from "#test/support/guide-examples.ts";

interface Vector {
  secret: string;
  headers: Record<string, string>;
  body: string;
}
const checks = examples.filter(({ role }) => role === "verify");
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

interface Runner {
  command: string;
  /** How it is asked whether it is there. */
  probe: string;
  args: readonly string[];
  /** The code of the docs in its file, with a caller that reads the cases out of the last argument. */
  files: (code: string) => Record<string, string>;
}

const RUNNERS: Record<string, Runner> = {
  js: {
    command: process.execPath,
    probe: "--version",
    args: ["caller.mjs"],
    files: (code) => ({
      "verify.mjs": code,
      "caller.mjs": `import { verify } from "./verify.mjs";
const cases = JSON.parse(process.argv.at(-1));
console.log(JSON.stringify(cases.map((c) => verify(c.secret, c.headers, Buffer.from(c.body), c.nowSeconds))));`,
    }),
  },
  python: {
    command: "python3",
    probe: "--version",
    args: ["caller.py"],
    files: (code) => ({
      "verify.py": code,
      "caller.py": `import json, sys
from verify import verify
cases = json.loads(sys.argv[-1])
print(json.dumps([verify(c["secret"], c["headers"], c["body"].encode(), c["nowSeconds"]) for c in cases]))`,
    }),
  },
  ruby: {
    command: "ruby",
    probe: "--version",
    args: ["caller.rb"],
    files: (code) => ({
      "verify.rb": code,
      "caller.rb": `require "json"
require_relative "verify"
cases = JSON.parse(ARGV.last)
puts JSON.generate(cases.map { |c| verify(c["secret"], c["headers"], c["body"], c["nowSeconds"]) })`,
    }),
  },
  php: {
    command: "php",
    probe: "--version",
    args: ["caller.php"],
    files: (code) => ({
      "verify.php": code,
      "caller.php": `<?php
require __DIR__ . '/verify.php';
$cases = json_decode(end($argv), true);
echo json_encode(array_map(fn ($c) => verify($c['secret'], $c['headers'], $c['body'], $c['nowSeconds']), $cases));`,
    }),
  },
  go: {
    command: "go",
    probe: "version",
    args: ["run", "."],
    // Headers stand for themselves: the HTTP server of Go would take half a minute to compile where that was never done.
    files: (code) => ({
      "go.mod": "module check\n\ngo 1.21\n",
      "http/http.go": `package http

type Header map[string]string

func (h Header) Get(name string) string { return h[name] }
`,
      "verify.go": code.replace("package webhook", "package main").replace('"net/http"', '"check/http"'),
      "caller.go": `package main

import (
	"check/http"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

func main() {
	var cases []struct {
		Secret     string
		Headers    http.Header
		Body       string
		NowSeconds int64
	}
	if err := json.Unmarshal([]byte(os.Args[len(os.Args)-1]), &cases); err != nil {
		panic(err)
	}
	answers := []bool{}
	for _, c := range cases {
		answers = append(answers, Verify(c.Secret, c.Headers, []byte(c.Body), time.Unix(c.NowSeconds, 0)))
	}
	out, _ := json.Marshal(answers)
	fmt.Println(string(out))
}
`,
    }),
  },
};
const run = promisify(execFile);

/** Writes the code of the docs and a caller, and gives what the caller answers to the cases. */
async function answersOf({ command, args, files }: Runner, code: string): Promise<boolean[]> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-guide-"));
  try {
    for (const [name, text] of Object.entries(files(code))) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), text);
    }
    const { stdout } = await run(command, [...args, JSON.stringify(cases)], { cwd: directory });
    return JSON.parse(stdout) as boolean[];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

describe("the check of our signature", () => {
  test("is tried on a delivery that is signed as ours are", () => {
    const signer = prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: vector.secret });
    const delivery = { id: vector.headers["webhook-id"] ?? "", timestampSeconds: at, body: Buffer.from(vector.body) };
    expect(Object.fromEntries(signer.sign(delivery))).toEqual(vector.headers);
  });

  test("is there in each of the languages that the tests can run", () => {
    expect(checks.map(({ language }) => language).toSorted()).toEqual(Object.keys(RUNNERS).toSorted());
    for (const { language } of checks) expect(LANGUAGES[language]).toBeTypeOf("string");
  });

  test.for(checks.map(({ language, text }) => ({ title: LANGUAGES[language] ?? language, language, text })))(
    "in $title accepts it, and nothing that differs",
    { timeout: 60_000 },
    async ({ title, language, text }, context) => {
      const runner = RUNNERS[language] ?? expect.fail(`Nothing runs ${language}.`);
      const isHere = await run(runner.command, [runner.probe]).catch(() => null);
      if (!isHere) return context.skip(`${title} is not on this machine, so its check is not run.`);
      expect(await answersOf(runner, text)).toEqual(cases.map(({ isGood }) => isGood));
    },
  );
});
