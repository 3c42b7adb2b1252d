// The programs of the docs that use the client: they fit its types, run against a gateway, and verify deliveries.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareSigner } from "#server/delivery/sign.ts";
import { childEnv } from "#server/env.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { takePort } from "#test/support/free-port.ts";
import { examples } from "#test/support/guide-examples.ts";
import { eventually } from "#test/support/world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SDK = join(ROOT, "server/sdk/switchyard.ts");
const run = promisify(execFile);
/** Those of the client's own page first: they make what the others publish to. */
const programs = examples
  .filter(({ role, language }) => role === "run" && language === "js")
  .toSorted((a, b) => Number(b.slug === "sdk") - Number(a.slug === "sdk"));
const receivers = examples.filter(({ role }) => role === "receiver");

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await createApi();
  folder = await mkdtemp(join(tmpdir(), "sdk-docs-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await api[Symbol.asyncDispose]();
});

/** Writes a program of the docs to a file, with the SDK of this checkout for the package. */
async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text.replace('from "switchyard"', `from "${pathToFileURL(SDK).href}"`));
  return path;
}

test("each program fits the types of the client", async () => {
  const files = [...programs, ...receivers].map(({ text }, index) => ({ name: `typed-${index}.ts`, text }));
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  const compilerOptions = {
    ...{ target: "ES2024", lib: ["ES2024", "DOM", "DOM.Iterable"], module: "preserve", moduleResolution: "bundler" },
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, moduleDetection: "force" },
    ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")], paths: { switchyard: [SDK] } },
  };
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: files.map(({ name }) => name) }),
  );
  const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"];
  const told = await run(process.execPath, args, { cwd: folder }).catch(({ stdout }: { stdout: string }) => ({
    stdout,
  }));
  expect(told.stdout).toBe("");
  expect(programs.length).toBeGreaterThan(3);
});

test("each program runs, one after the other", async () => {
  const env = childEnv({ SWITCHYARD_URL: api.origin, SWITCHYARD_API_KEY: api.key });
  for (const [index, { text }] of programs.entries())
    await run(process.execPath, [await written(`program-${index}.mjs`, text)], { env });
  const published = await api.get("/v1/requests?event_type=order.paid");
  expect(published.body.data).toHaveLength(3);
});

test("the receiver lets a delivery in, and nothing that was changed", async () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const port = await takePort();
  const env = childEnv({ PORT: String(port), SECRET: secret });
  const receiver = spawn(process.execPath, [await written("receiver.mjs", receivers[0]?.text ?? "")], { env });
  try {
    const body = '{"amount":4200}';
    const delivery = { id: "evt_1", timestampSeconds: Math.floor(Date.now() / 1_000), body: Buffer.from(body) };
    const headers = prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: secret }).sign(delivery);
    const post = (text: string) =>
      fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: text, headers }).then(
        ({ status }) => status,
        () => null,
      );
    expect(
      await eventually(
        () => post(body),
        (status) => status !== null,
      ),
    ).toBe(204);
    expect(await post(body.replace("4200", "4201"))).toBe(401);
  } finally {
    receiver.kill();
    await once(receiver, "exit");
  }
});
