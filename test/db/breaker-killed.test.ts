// A breaker whose worker is killed, as a process: while it probes a dead receiver, and while it drains to one that is well again.
import { expect, test } from "vitest";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { getDestination } from "#server/resources/destinations.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { startWorkerProcess } from "#test/support/worker-process.ts";
import { createWorld, eventually } from "#test/support/world.ts";

const EVENTS = 120;
const PROBE_MS = 1_000;
const RAMP_MS = 3_000;
const CONCURRENCY = 20;

test("a receiver gets one probe per wait and no more than the ramp allows, and every event, across two kills", async () => {
  await using world = await createWorld({ withWorker: false });
  await using worker = startWorkerProcess(world);
  let isWell = false;
  let onWire = 0;
  const seen: { atMs: number; onWire: number; isProbe: boolean }[] = [];
  await using receiver = await startReceiver(async ({ headers, atMs }) => {
    const isProbe = headers["x-switchyard-trigger"] === "PROBE";
    seen.push({ atMs, onWire: ++onWire, isProbe });
    const [probes, delivered] = [seen.filter((each) => each.isProbe).length, seen.length];
    const status = isWell ? 200 : 503;
    if (isProbe && probes === 2) await worker.replace();
    if (isWell && worker.kills() === 1 && delivered > EVENTS / 4) await worker.replace();
    if (isWell) await new Promise((resolve) => setTimeout(resolve, 25));
    onWire--;
    return { status };
  });
  const breaker = {
    ...DEFAULT_BREAKER,
    ...{ consecutive_failures: 3, probe_min_ms: PROBE_MS, good_probes: 1, ramp_ms: RAMP_MS },
  };
  const branch = await makeBranch(world, {
    to: { url: receiver.url, concurrency: CONCURRENCY, breaker },
    rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 50 }],
  });
  const breakerNow = async () => (await getDestination(world.ctx, { id: branch.destinationId })).breaker;
  for (let n = 0; n < EVENTS; n++) await branch.send({ n });
  await eventually(
    async () => seen.filter(({ isProbe }) => isProbe).length,
    (probes) => probes >= 3,
    40_000,
  );
  const probesAt = seen.filter(({ isProbe }) => isProbe).map(({ atMs }) => atMs);
  for (const [i, atMs] of probesAt.entries()) {
    if (i > 0) expect(atMs - Number(probesAt[i - 1])).toBeGreaterThanOrEqual(PROBE_MS - 10);
  }
  isWell = true;
  await eventually(breakerNow, ({ state }) => state === "ramping", 40_000);
  const closedAtMs = Date.parse((await breakerNow()).since ?? "");
  const bodies = () => new Set(receiver.receipts.map(({ body }) => String(body))).size;
  await eventually(
    () => world.events(branch.id),
    (events) => events.length === EVENTS && events.every(({ status }) => status === "DELIVERED"),
    60_000,
  );
  expect(worker.kills()).toBe(2);
  expect(bodies()).toBe(EVENTS);
  const allowed = (atMs: number) => 1 + ((CONCURRENCY - 1) * (atMs - closedAtMs)) / RAMP_MS;
  expect(seen.filter(({ atMs, onWire: count }) => atMs >= closedAtMs && count > allowed(atMs))).toEqual([]);
}, 120_000);
