// The package as somebody has it who installs it: packed, without a registry, and without what the product itself needs.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT_ROOT } from "#server/start/build.ts";

const run = promisify(execFile);
/** Without the project's own tools: `node` is then the one of this machine. */
const PATH = ["/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
const env = { PATH, HOME: tmpdir(), NODE_ENV: "production" as const };

let dir: string;
let home: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "switchyard-package-"));
  const tree = join(dir, "tree");
  for (const each of ["package.json", "server/cli", "server/sdk", "server/import", "server/contracts", "server/json"]) {
    await cp(join(PROJECT_ROOT, each), join(tree, each), { recursive: true });
  }
  // A run that was broken off long ago has left it; the manifest is another one by now.
  await writeFile(join(tree, "package.json.whole"), '{"name": "old"}');
  await symlink(join(PROJECT_ROOT, "node_modules"), join(tree, "node_modules"));
  const withTools = { ...env, PATH: `${join(PROJECT_ROOT, "node_modules/.bin")}${delimiter}${PATH}` };
  await run("npm", ["pack", "--pack-destination", dir], { cwd: tree, env: withTools });
  expect(await readFile(join(tree, "package.json"), "utf8")).toBe(
    await readFile(join(PROJECT_ROOT, "package.json"), "utf8"),
  );
  home = join(dir, "home");
  const [packed = ""] = (await readdir(dir)).filter((name) => name.endsWith(".tgz"));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--prefix", home, join(dir, packed)], { env });
}, 120_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

const NODES = [
  ["this one", process.execPath],
  ["the machine's own", "node"],
] as const;

test("it brings nothing along but itself", async () => {
  expect((await readdir(join(home, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual(["switchyard"]);
});

test.each(NODES)("its command runs under %s Node", async (_which, node) => {
  const { version } = JSON.parse(await readFile(join(PROJECT_ROOT, "package.json"), "utf8"));
  const bin = join(home, "node_modules/switchyard/server/cli/bin.js");
  expect((await run(node, [bin, "--version"], { env })).stdout.trim()).toBe(version);
  expect((await run(node, [bin, "complete", "--", "sources"], { env })).stdout).toContain("rotate-secret");
  const given = join(PROJECT_ROOT, "test/db/exports/svix.json");
  const flow = join(home, "flow.json");
  const imported = await run(node, [bin, "import", "svix", given, "-o", flow], { env });
  expect(imported.stdout).toMatch(/svix\.json:\d+ .*There are no channels here/);
  expect(await readFile(flow, "utf8")).toMatch(/"name":"acme"/);
});

test.each(NODES)("its command asks a gateway under %s Node", async (_which, node) => {
  const bin = join(home, "node_modules/switchyard/server/cli/bin.js");
  const asking = { ...env, SWITCHYARD_URL: "127.0.0.1:1", SWITCHYARD_API_KEY: "sy_x" };
  const listen = [bin, "listen", "--forward", "localhost:3000"];
  await expect(run(node, listen, { env: asking })).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining("did not reach http://127.0.0.1:1"),
  });
});

test("its command is on the path of whoever installs it", async () => {
  const { stdout } = await run(join(home, "node_modules/.bin/switchyard"), ["listen", "--help"], { env });
  expect(stdout).toContain("--forward");
});

test.each(NODES)("its client is imported under %s Node", async (_which, node) => {
  const script = join(home, "script.mjs");
  await writeFile(
    script,
    `import { createClient, verifyWebhook } from "switchyard";
     console.log(typeof createClient({ url: "http://127.0.0.1:1", apiKey: "sy_x" }).sources.list, typeof verifyWebhook);`,
  );
  expect((await run(node, [script], { env })).stdout.trim()).toBe("function function");
});
