import { expect, test } from "vitest";
import { makeSandbox } from "#server/sandbox/pool.ts";

const request = { headers: {}, query: {}, path: "/", method: "POST", body: {} };
const job = (teamId: string, code: string) => ({ teamId, code, env: {}, request });

async function withSandbox(work: (sandbox: ReturnType<typeof makeSandbox>) => Promise<void>, timeoutMs = 3_000) {
  const sandbox = makeSandbox({ timeoutMs });
  try {
    await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

test("nothing that a run leaves behind is there in the next, of its own team or another", () =>
  withSandbox(async (sandbox) => {
    const leave = `globalThis.left = "secret"; Array.prototype.left = 1; Object.prototype.left = 2; Math.left = 3;
      new Uint8Array(2_000_000).fill(255); request.body = [typeof globalThis.left]; return request;`;
    const look = `request.body = [typeof globalThis.left, [].left ?? 0, ({}).left ?? 0, Math.left ?? 0,
      new Uint8Array(2_000_000).reduce((sum, byte) => sum + byte, 0)]; return request;`;
    for (const teamId of ["tm_a", "tm_a", "tm_b"]) {
      await sandbox.run(job("tm_a", leave));
      expect(await sandbox.run(job(teamId, look))).toMatchObject({ request: { body: ["undefined", 0, 0, 0, 0] } });
    }
  }));

test("the same code on the same request gives the same result a thousand times, but for random numbers", () =>
  withSandbox(async (sandbox) => {
    const count =
      "globalThis.n = (globalThis.n ?? 0) + 1; request.body = { n, random: Math.random() }; return request;";
    const results = await Promise.all(Array.from({ length: 1000 }, () => sandbox.run(job("tm_a", count))));
    const bodies = results.map((result) =>
      result.kind === "returned" ? (result.request.body as { n: number; random: number }) : null,
    );
    expect(new Set(bodies.map((body) => body?.n))).toEqual(new Set([1]));
    expect(new Set(bodies.map((body) => body?.random)).size).toBe(1000);
  }));

test("many codes of many teams, interleaved, each get their own result", () =>
  withSandbox(async (sandbox) => {
    const inputs = Array.from({ length: 600 }, (_, i) => ({
      teamId: `tm_${i % 20}`,
      code: `request.body = ${i % 60}; return request;`,
    }));
    const results = await Promise.all(inputs.map(({ teamId, code }) => sandbox.run(job(teamId, code))));
    expect(results.map((result) => result.kind === "returned" && result.request.body)).toEqual(
      inputs.map((_, i) => i % 60),
    );
  }));

test("one team's thousand bombs do not hold up another team", () =>
  withSandbox(async (sandbox) => {
    await sandbox.run(job("tm_good", "return request;"));
    const bombs = Array.from({ length: 1000 }, () => sandbox.run(job("tm_evil", "for (;;);")));
    const settled = Promise.allSettled(bombs);
    await bombs[0];
    const waits: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const started = performance.now();
      expect(await sandbox.run(job(`tm_${i % 4}`, "request.body = 1; return request;"))).toMatchObject({
        kind: "returned",
      });
      waits.push(performance.now() - started);
    }
    // The first may wait for the spare thread to start.
    expect(waits.toSorted((a, b) => a - b)[20]).toBeLessThan(250);
    await sandbox.close();
    const outcomes = await settled;
    expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBeGreaterThan(900);
  }));

test("a job that waited behind one that killed its thread still gets its result", () =>
  withSandbox(async (sandbox) => {
    const kill = "new Array(4294967295).reverse(); for (;;);";
    const results = await Promise.all([
      sandbox.run(job("tm_a", kill)),
      ...Array.from({ length: 20 }, (_, i) => sandbox.run(job("tm_a", `request.body = ${i}; return request;`))),
    ]);
    expect(results[0]).toMatchObject({ kind: "failed", error: { kind: "timed_out" } });
    expect(results.slice(1).map((result) => result.kind === "returned" && result.request.body)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  }));

test("a large body goes through and comes back whole", () =>
  withSandbox(async (sandbox) => {
    const body = { text: "é".repeat(500_000), list: Array.from({ length: 10_000 }, (_, i) => i) };
    const result = await sandbox.run({ ...job("tm_a", "return request;"), request: { ...request, body } });
    expect(result.kind === "returned" && result.request.body).toEqual(body);
  }));

test("a request nested beyond reason is refused, and the sandbox lives", () =>
  withSandbox(async (sandbox) => {
    const body: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const result = await sandbox.run({ ...job("tm_a", "return request;"), request: { ...request, body: body as [] } });
    expect(result.kind).toBe("failed");
    expect(await sandbox.run(job("tm_a", "return request;"))).toMatchObject({ kind: "returned" });
  }));

test("jobs of a caller that goes while a thread has them do not run, and are rejected", () =>
  withSandbox(async (sandbox) => {
    // The first starts the thread; the thread is idle as soon as the last has its answer.
    for (let i = 0; i < 5; i += 1) await sandbox.run(job("tm_a", "return request;"));
    const gone = new AbortController();
    const endless = { ...job("tm_a", "while (true) {}"), signal: gone.signal };
    const abandoned = Array.from({ length: 8 }, () => sandbox.run(endless).catch((reason: Error) => reason.message));
    // They are on their way to the thread by the next turn of the event loop.
    await new Promise(setImmediate);
    gone.abort(new Error("The caller has gone."));
    const results = await Promise.all(abandoned);
    expect(results.filter((result) => result === "The caller has gone.").length).toBeGreaterThanOrEqual(7);
    const after = performance.now();
    await sandbox.run(job("tm_a", "return request;"));
    // The one that had begun has run to its end above; the seven others would take 7 s.
    expect(performance.now() - after).toBeLessThan(3_000);
  }, 1_000));

test("a closed sandbox refuses work and rejects what is under way", async () => {
  const sandbox = makeSandbox();
  const pending = sandbox.run(job("tm_a", "for (;;);"));
  const rejected = expect(pending).rejects.toThrow("closed");
  await sandbox.close();
  await rejected;
  await expect(sandbox.run(job("tm_a", "return request;"))).rejects.toThrow("closed");
});
