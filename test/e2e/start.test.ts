import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "#server/doctor/finding.ts";
import { childEnv } from "#server/env.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import {
  findLiving,
  type Installation,
  makeInstallation,
  NPM_START,
  readPids,
  runAdmin,
  type Start,
  startSwitchyard,
} from "#test/support/start.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

let installation: Installation;
let firstOutput = "";
let firstAnswers: Record<string, number> = {};
let firstExit: number | string;
let leftAfterFirst: number[] = [];
let outbound = "";

const PRELOAD = `--import=${join(import.meta.dirname, "..", "support", "note-outbound.mjs")}`;
/** Where each process of a start notes whom beyond this machine it asked for. */
const noting = (file: string) => ({ NODE_OPTIONS: PRELOAD, NOTE_OUTBOUND: file });
const notedIn = (file: string) => readFile(file, "utf8").catch(() => "");

/** The status of a GET, or 0 when nobody answers. */
async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  return fetch(url, { headers, redirect: "manual" }).then(
    (response) => response.status,
    () => 0,
  );
}

const ownerLinkIn = (output: string) => /First run\s+(http\S+\/first-run\?token=[\w-]{43})\s/.exec(output)?.[1] ?? "";
const keyIn = (output: string) => /API key\s+(sy_\S+)/.exec(output)?.[1];

beforeAll(async () => {
  installation = await makeInstallation();
  const notes = join(tmpdir(), `switchyard-outbound-${process.pid}`);
  await using first = startSwitchyard(installation, noting(notes));
  await first.ready();
  const authorization = `Bearer ${keyIn(first.output())}`;
  firstAnswers = {
    dashboard: await statusOf(`${installation.dashboardUrl}/sign-in`),
    ownerLink: await statusOf(ownerLinkIn(first.output())),
    readyz: await statusOf(`${installation.gatewayUrl}/readyz`),
    sources: await statusOf(`${installation.gatewayUrl}/v1/sources`, { authorization }),
    throughDashboard: await statusOf(`${installation.dashboardUrl}/v1/sources`, { authorization }),
  };
  const { roles, postgres } = await readPids(installation);
  firstExit = await first.stop();
  firstOutput = first.output();
  leftAfterFirst = await findLiving([...roles, postgres]);
  outbound = await notedIn(notes);
  await rm(notes, { force: true });
});

afterAll(() => installation[Symbol.asyncDispose]());

describe("the first start", () => {
  test("prints where everything is, a key that the API accepts and a link that makes the owner", () => {
    expect(firstOutput).toContain(installation.dashboardUrl);
    expect(firstOutput).toContain(`${installation.gatewayUrl}/e/`);
    expect(firstOutput).toContain("Deliveries may also reach 127.0.0.0/8, ::1/128");
    expect(firstAnswers).toEqual({ dashboard: 200, ownerLink: 200, readyz: 200, sources: 200, throughDashboard: 200 });
  });

  test("asks for nobody beyond this machine, in any of its processes", async () => {
    expect(outbound).toBe("");
    const notes = join(tmpdir(), `switchyard-outbound-control-${process.pid}`);
    const script = "fetch('http://nowhere.invalid/').catch(() => {}); require('net').connect(9, '192.0.2.1').destroy()";
    await once(spawn(process.execPath, ["-e", script], { env: childEnv(noting(notes)) }), "exit");
    const control = (await notedIn(notes)).trim().split("\n");
    expect(control).toEqual(
      expect.arrayContaining([
        "node: connect nowhere.invalid",
        "node: lookup nowhere.invalid",
        "node: connect 192.0.2.1",
      ]),
    );
    await rm(notes, { force: true });
  });

  test("ends at Ctrl-C with exit code 0 and leaves no process and no lock", async () => {
    expect(firstExit).toBe(0);
    expect(leftAfterFirst).toEqual([]);
    expect(await readdir(installation.dataDir)).not.toContain("supervisor.json");
  });

  test("keeps its secrets for the owner alone", async () => {
    const modes = await Promise.all(
      ["secret", "postgres", join("postgres", "switchyard.password")].map(async (name) => {
        const { mode } = await stat(join(installation.dataDir, name));
        return (mode & 0o777).toString(8);
      }),
    );
    expect(modes).toEqual(["600", "700", "600"]);
  });
});

describe("a later start", () => {
  describe("that nobody has looked at yet", () => {
    let start: Start;
    let upInMs: number;
    beforeAll(async () => {
      const startedAt = performance.now();
      start = startSwitchyard(installation);
      await start.ready();
      upInMs = performance.now() - startedAt;
    });
    afterAll(() => start?.[Symbol.asyncDispose]());

    test("is up within seconds and shows no key, but another link while there is no owner", async () => {
      // The promise is 5 s on an idle machine; tests share theirs with others.
      expect(upInMs).toBeLessThan(20_000);
      expect(keyIn(start.output())).toBeUndefined();
      expect(ownerLinkIn(start.output())).not.toBe(ownerLinkIn(firstOutput));
      const { code, out } = await runAdmin(installation, ["doctor", "--json"]);
      const failed = (JSON.parse(out) as Finding[]).filter(({ verdict }) => verdict === "fail");
      expect([failed, code]).toEqual([[], 0]);
    });

    test("starts the dashboard at the first look, and each look that came meanwhile is answered", async () => {
      // Nobody has opened the dashboard by looking whether its port is taken.
      expect((await readPids(installation)).roles).toHaveLength(2);
      const page = `${installation.dashboardUrl}/sign-in`;
      // Somebody who is slow to say what he wants is no reason to let others wait, and is heard all the same.
      const slow = connect(Number(new URL(page).port), "127.0.0.1");
      const heard = once(slow, "data");
      slow.write("GET /sign-in HTTP/1.1\r\n");
      expect(await Promise.all([statusOf(page), statusOf(page), statusOf(page)])).toEqual([200, 200, 200]);
      expect((await readPids(installation)).roles).toHaveLength(3);
      slow.write("Host: dashboard\r\nConnection: close\r\n\r\n");
      expect(String(await heard)).toMatch(/^HTTP\/1.1 200 OK/);
      slow.destroy();
      expect(await statusOf(ownerLinkIn(start.output()))).toBe(200);
      expect(await start.stop()).toBe(0);
    });
  });

  test("stops at once where nobody has looked, and while the dashboard starts", async () => {
    for (const looks of [false, true]) {
      await using start = startSwitchyard(installation);
      await start.ready();
      const look = looks ? statusOf(`${installation.dashboardUrl}/sign-in`) : null;
      if (looks) await expect.poll(async () => (await readPids(installation)).roles).toHaveLength(3);
      expect(await start.stop()).toBe(0);
      expect([null, 0, 200]).toContain(await look);
      expect(start.output()).not.toMatch(/fatal|did not/);
    }
  });

  test("starts a killed role again and a killed Postgres too, says so, and leaves a second start no room", async () => {
    await using start = startSwitchyard(installation);
    await start.ready();
    expect(await statusOf(`${installation.dashboardUrl}/sign-in`)).toBe(200);
    const { roles, postgres } = await readPids(installation);
    expect(roles).toHaveLength(3);
    for (const pid of roles) process.kill(pid, "SIGKILL");
    for (const role of ["gateway", "web", "worker"]) {
      await start.printed(`${role} ended (SIGKILL); starting it again in 0.2 s`);
      await start.printed(`${role} is back`);
    }
    expect(await statusOf(`${installation.gatewayUrl}/readyz`)).toBe(200);
    expect(await statusOf(`${installation.dashboardUrl}/sign-in`)).toBe(200);

    process.kill(postgres, "SIGKILL");
    await start.printed("Postgres is back");
    await expect.poll(() => statusOf(`${installation.gatewayUrl}/readyz`), { timeout: 15_000 }).toBe(200);

    await using second = startSwitchyard(installation);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(
      /^switchyard: Switchyard already runs on .* \(pid \d+\); stop it with kill \d+, or set DATA_DIR.*\n$/,
    );
    expect(await statusOf(`${installation.gatewayUrl}/readyz`)).toBe(200);
  });

  test("works after kill -9 of the supervisor, whose roles end by themselves, and after kill -9 of everything at once", async () => {
    await using first = startSwitchyard(installation);
    await first.ready();
    const left = await readPids(installation);
    first.child.kill("SIGKILL");
    await first.ended;
    await using second = startSwitchyard(installation);
    await second.ready();
    expect(await findLiving([...left.roles, left.postgres])).toEqual([]);
    expect(await statusOf(`${installation.gatewayUrl}/readyz`)).toBe(200);

    const { roles, postgres } = await readPids(installation);
    second.child.kill("SIGKILL");
    for (const pid of [...roles, postgres]) process.kill(pid, "SIGKILL");
    await second.ended;
    await using third = startSwitchyard(installation);
    await third.ready();
    expect(await statusOf(`${installation.gatewayUrl}/readyz`)).toBe(200);
    expect(await third.stop()).toBe(0);
  });

  test("made at once after SIGTERM to npm alone, and after SIGKILL, waits until all has stopped", async () => {
    await using stack = new AsyncDisposableStack();
    let start = stack.use(startSwitchyard(installation, {}, NPM_START));
    await start.ready();
    for (const name of ["SIGTERM", "SIGKILL"] as const) {
      const { roles, postgres } = await readPids(installation);
      start.child.kill(name);
      await start.ended;
      start = stack.use(startSwitchyard(installation, {}, name === "SIGTERM" ? NPM_START : undefined));
      await start.ready();
      expect(await findLiving([...roles, postgres]), name).toEqual([]);
    }
    expect(await start.stop()).toBe(0);
  });

  test("a lock file whose pid now belongs to another program does not block", async () => {
    const stale = `${process.pid}\n${installation.dataDir}/postgres\n0\n5432\n.\n\n\nready\n`;
    await writeFile(join(installation.dataDir, "postgres", "postmaster.pid"), stale);
    await writeFile(
      join(installation.dataDir, "supervisor.json"),
      JSON.stringify({ pid: process.pid, startedAt: "0", roles: [] }),
    );
    await using start = startSwitchyard(installation);
    await start.ready();
    expect(await statusOf(`${installation.gatewayUrl}/readyz`)).toBe(200);
  });
});

describe("with DATABASE_URL", () => {
  test("everything runs on that Postgres, no other is started, and the given key works", async () => {
    await using postgres = await startTemporaryPostgres();
    await using own = await makeInstallation();
    const apiKey = `sy_${"k".repeat(40)}`;
    const env = { DATABASE_URL: postgres.url, SWITCHYARD_SECRET: SECRET, SWITCHYARD_API_KEY: apiKey };
    await using start = startSwitchyard(own, env);
    await start.ready();
    expect(start.output()).not.toContain("Deliveries may also reach");
    expect(await statusOf(`${own.gatewayUrl}/v1/sources`, { authorization: `Bearer ${apiKey}` })).toBe(200);
    expect(await readdir(own.dataDir)).toEqual([]);
    expect(await start.stop()).toBe(0);
  });
});

describe("a start that cannot work says why in a sentence and ends with exit code 1", () => {
  const refusals: [string, Record<string, string>, string][] = [
    [
      "bad values",
      { PORT: "http", RETENTION_DAYS: "x" },
      "PORT must be a port from 1 to 65535 (or 0 for any free one).\nswitchyard: RETENTION_DAYS must be a whole number of days from 1 to 3650.",
    ],
    [
      "no secret",
      { DATABASE_URL: "postgresql://a:b@127.0.0.1:1/x" },
      "SWITCHYARD_SECRET is required with DATABASE_URL, since every process must share it; make one with: openssl rand -base64 32",
    ],
    [
      "no database",
      { DATABASE_URL: "postgresql://a:b@127.0.0.1:1/x", SWITCHYARD_SECRET: SECRET },
      "No Postgres answers at 127.0.0.1:1; start it or correct DATABASE_URL.",
    ],
    ["a data directory that is a file", { DATA_DIR: "package.json" }, "DATA_DIR"],
  ];
  test.each(refusals)("%s", async (_, env, sentence) => {
    await using start = startSwitchyard(installation, env);
    expect(await start.ended).toBe(1);
    expect(start.output()).toContain(`switchyard: ${sentence}`);
    expect(start.output()).not.toMatch(/\n\s+at /);
  });

  test.each(["PORT", "GATEWAY_PORT"])("%s is taken", async (variable) => {
    const squatter = createServer().listen(Number(installation.env[variable]), "127.0.0.1");
    await once(squatter, "listening");
    await using start = startSwitchyard(installation);
    expect(await start.ended).toBe(1);
    expect(start.output()).toMatch(
      new RegExp(`^switchyard: Port \\d+ on 127.0.0.1 is taken by another program; .* ${variable}=\\d+ npm start.\n$`),
    );
    squatter.close();
  });
});

test("a wrong password for DATABASE_URL is named without showing it", async () => {
  await using postgres = await startTemporaryPostgres();
  const url = new URL(postgres.url);
  url.password = "canary";
  await using start = startSwitchyard(installation, { DATABASE_URL: url.href, SWITCHYARD_SECRET: SECRET });
  expect(await start.ended).toBe(1);
  expect(start.output()).toContain("refuses the user or password of DATABASE_URL");
  expect(start.output()).not.toContain("canary");
});
