// Every kind of happening leaves the system source as an event and can be told apart by its type: breaker, line, issue, change, end.
import { afterAll, beforeAll, expect, test } from "vitest";
import { IssueKind } from "#server/contracts/issue.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { setDestinationBreaker } from "#server/resources/destinations.ts";
import { makeSystemSource } from "#server/resources/system-source.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const MINUTE = 60_000;
let world: World;
let told: Receiver;
beforeAll(async () => {
  world = await createWorld();
  told = await startReceiver();
  const { id: source_id } = await makeSystemSource(world.ctx);
  const destination = { name: "told", config: { url: told.url, http_method: "POST" as const } };
  await world.connect({ name: "tell", source_id, destination });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await told[Symbol.asyncDispose]();
});

const look = (laterMs = 0) => watchTeams({ ...world.worker.issues, now: () => new Date(Date.now() + laterMs) });
const types = () => told.receipts.map(({ body }) => JSON.parse(body.toString()).type as string);
/** What is told of a later time is delivered then. */
const isStored = (type: string) =>
  expect
    .poll(async () =>
      (await world.all<{ event_type: string }>("select event_type from request")).map((row) => row.event_type),
    )
    .toContain(type);
const isTold = (type: string) => expect.poll(types, { timeout: 15_000 }).toContain(type);

test("attempts' ends: an event that was delivered, and one that has failed", async () => {
  await look();
  await using good = await startReceiver();
  await using bad = await startReceiver({ status: 500 });
  const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const];
  const [delivers, fails] = [
    await makeBranch(world, { to: { url: good.url } }),
    await makeBranch(world, { to: { url: bad.url }, rules }),
  ];
  await delivers.send({ n: 1 });
  await fails.send({ n: 1 });
  for (const { id, status } of [
    { id: delivers.id, status: "DELIVERED" },
    { id: fails.id, status: "FAILED" },
  ])
    await eventually(
      () => world.events(id),
      ([event]) => event?.status === status,
    );
  await look(3 * MINUTE);
  await isTold("event.delivered");
  await isTold("event.failed");
});

test("a breaker that opens and closes, and the change of the setting that did it", async () => {
  await using receiver = await startReceiver();
  const { destinationId: id } = await makeBranch(world, { to: { url: receiver.url } });
  await setDestinationBreaker(world.ctx, { id, mode: "open" });
  await look();
  await isTold("issue.opened.breaker_open");
  await isTold("configuration.changed.destination");
  await setDestinationBreaker(world.ctx, { id, mode: "closed" });
  await look(4 * MINUTE);
  await isStored("issue.resolved.breaker_open");
});

test("a line that falls behind, and that it has caught up", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url, rate_limit: 1, rate_limit_period: "hour" } });
  for (let n = 0; n < 2; n++) await branch.send({ n });
  await eventually(
    () => world.events(branch.id),
    (events) => events.length === 2 && events.some(({ status }) => status === "DELIVERED"),
  );
  await look(20 * MINUTE);
  await isStored("issue.opened.backlog");
  await world.all(
    "update event set status = 'CANCELLED', next_attempt_at = null where connection_id = $1 and status = 'QUEUED'",
    [branch.id],
  );
  await look(21 * MINUTE);
  await isStored("issue.resolved.backlog");
});

test("signatures that fail, and each kind of issue has a type that a filter can name", async () => {
  const { sourceId } = await makeBranch(world, { to: { url: told.url } });
  const at = { team_id: "tm_default", source_id: sourceId, connection_id: "", destination_id: "" };
  const bucket = minuteOf(new Date(Date.now()));
  await addRollups(world.pool, [{ ...at, bucket, rejected_count: 30, signature_failure_count: 30 }]);
  await look();
  await isTold("issue.opened.signature_failures");
  const names = types().filter((type) => type.startsWith("issue."));
  for (const name of names) expect(IssueKind.options).toContain(name.split(".")[2]);
});

test("nothing that comes of telling is told: looks at what was delivered here add no event", async () => {
  await look(25 * MINUTE);
  await look(27 * MINUTE);
  const [{ count = 0 } = {}] = await world.all<{ count: number }>(
    "select count(*)::int as count from request r join source s on s.id = r.source_id where s.is_system",
  );
  for (let minutes = 28; minutes < 40; minutes += 2) await look(minutes * MINUTE);
  const [{ count: after = 0 } = {}] = await world.all<{ count: number }>(
    "select count(*)::int as count from request r join source s on s.id = r.source_id where s.is_system and r.event_type like 'event.%'",
  );
  const ends = await world.all<{ connection_id: string }>(
    "select e.connection_id from request r join source s on s.id = r.source_id join event e on convert_from(r.body, 'UTF8')::json -> 'data' ->> 'event_id' = e.id join connection c on c.id = e.connection_id where s.is_system and c.source_id = s.id",
  );
  expect([count > 0, after > 0, ends]).toEqual([true, true, []]);
});
