// Where the time of an attempt went, at real sockets.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { listAttempts } from "#server/resources/attempts.ts";
import { at, named, openEgress } from "#test/support/egress.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually } from "#test/support/world.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** Long enough that half of it is told from the delays of a busy machine, where a timer of the server and its news come late. */
const STAGE_MS = 150;

test("look-up, wait and reading are told apart, and a connection that was open already has neither look-up nor connect", async () => {
  const url = await serve(async (_req, res) => {
    await pause(STAGE_MS);
    res.write("a");
    await pause(STAGE_MS);
    res.end("b");
  });
  const resolve = async () => {
    await pause(STAGE_MS);
    return at("127.0.0.1");
  };
  const egress = openEgress({ resolve });
  const first = await egress.post(named("receiver.example", url));
  const again = await egress.post(named("receiver.example", url));

  expect(first.phases?.dns_ms).toBeGreaterThan(STAGE_MS / 2);
  expect(first.phases?.connect_ms).toBeGreaterThan(0);
  expect(first.phases?.tls_ms).toBe(0);
  for (const { phases, latencyMs } of [first, again]) {
    expect(phases?.wait_ms).toBeGreaterThan(STAGE_MS / 2);
    expect(phases?.read_ms).toBeGreaterThan(STAGE_MS / 2);
    expect(Object.values(phases ?? {}).reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(latencyMs, 3);
  }
  expect(again.phases).toMatchObject({ dns_ms: 0, connect_ms: 0, tls_ms: 0 });
});

test("a name that is never answered for spends its time in the look-up; what is refused before it is sent has no phases", async () => {
  const egress = openEgress({ resolve: () => new Promise(() => {}) });
  const lost = await egress.post(new URL("http://receiver.example/"), { timeoutMs: 80 });
  expect(lost).toMatchObject({ code: "TIMEOUT", phases: { connect_ms: 0, wait_ms: 0, read_ms: 0 } });
  expect(lost.phases?.dns_ms).toBeCloseTo(lost.latencyMs, 3);
  expect(await egress.post(new URL("http://10.0.0.1/"))).toMatchObject({ code: "BLOCKED_ADDRESS", phases: null });
});

test("a delivered event's attempt says where its time went", async () => {
  await using world = await createWorld();
  await using receiver = await startReceiver();
  const connection = await world.connect({
    name: "phases",
    source: { name: "phases" },
    destination: { name: "phases", config: { url: receiver.url } },
  });
  const [source] = await world.all<{ key: string }>("select key from source where id = $1", [connection.source_id]);
  await fetch(`${world.doorUrl}/e/${source?.key}`, { method: "POST", body: "{}" });
  const { data } = await eventually(
    () => listAttempts(world.ctx, ListAttempts.parse({ connection_id: connection.id })),
    ({ data: found }) => found.length === 1,
  );
  const [attempt] = data;
  const { phases, latency_ms = 0 } = attempt ?? {};
  expect(phases?.wait_ms).toBeGreaterThan(0);
  expect(Object.values(phases ?? {}).reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(latency_ms, 0);
});
