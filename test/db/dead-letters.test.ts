// An event that has failed for good is told to another destination, once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forwardDeadLetters } from "#server/delivery/forward-dead-letters.ts";
import { countDeadLetters } from "#server/metrics/count-dead-letters.ts";
import { type Clock, systemClock } from "#server/process/clock.ts";
import { deleteConnection } from "#server/resources/connections.ts";
import { createDestination, deleteDestination, updateDestination } from "#server/resources/destinations.ts";
import { getEvent, retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await refuseLetters("");
  await world.pool.query(
    "create trigger refuse_letters before insert on event for each row execute function refuse_letter()",
  );
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const makeDestination = async (config: object = { url: "http://127.0.0.1:1024/" }) =>
  (await createDestination(world.ctx, { name: `dead-letters-${++made}`, config })).id;
const NO_RETRY = [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const];

/** A branch whose receiver fails, and its dead letters. */
async function makeFailing(letters: Receiver, status = 500) {
  const receiver = await startReceiver({ status, body: "out of order" });
  const deadLetters = await makeDestination({ url: letters.url });
  const to = { url: receiver.url, dead_letter_destination_id: deadLetters };
  const branch = await makeBranch(world, { to, rules: NO_RETRY });
  return { receiver, branch, deadLetters };
}
const isFailed = (branch: Branch) =>
  eventually(
    () => world.events(branch.id),
    (rows) => rows.some(({ status }) => status === "FAILED"),
  );
const sweepOnce = () => {
  const { pool, config, log, lanes } = world.worker;
  return sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
};
const forward = (clock: Pick<Clock, "monotonicMs"> = systemClock) => {
  const { pool, log, lanes } = world.worker;
  return forwardDeadLetters({ pool, log, clock, wakeLanes: lanes.wake });
};

describe("a dead letter", () => {
  test("has the request, the event, why it failed and its last attempts, and is an event of its own", async () => {
    await using letters = await startReceiver();
    const { receiver, branch, deadLetters } = await makeFailing(letters);
    await using _receiver = receiver;
    const body = '{"amount":12345678901234567890.10,"note":"ü"}';
    await branch.post(body, { authorization: "Bearer of-the-producer", "x-kept": "1" }, "/orders?a=1");
    await isFailed(branch);
    await sweepOnce();
    const [letter] = await letters.received(1);
    const [failed, told] = (await world.events(branch.id)).toSorted(
      (a, b) => Number(a.created_at) - Number(b.created_at),
    );
    const envelope = JSON.parse(letter?.body.toString() ?? "");
    expect(envelope).toMatchObject({
      type: "dead_letter",
      event: {
        id: failed?.id,
        status: "FAILED",
        ended_because: "exhausted",
        attempts: 1,
        response_status: 500,
        destination: { id: branch.destinationId },
      },
      request: { id: failed?.request_id, method: "POST", path: "/orders", query: "a=1", body },
      attempts: [{ number: 1, trigger: "INITIAL", response_status: 500, response_body: "out of order" }],
    });
    expect(envelope.request.headers).toContainEqual(["x-kept", "1"]);
    expect(letter?.body.toString()).not.toContain("of-the-producer");
    expect(letter?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": told?.id,
      "x-switchyard-trigger": "DEAD_LETTER",
      "webhook-signature": expect.stringContaining("v1,"),
    });
    const detail = await getEvent(world.ctx, { id: told?.id ?? "" });
    expect(detail).toMatchObject({ dead_letter_of: failed?.id, destination_id: deadLetters, trigger: "DEAD_LETTER" });
    expect(detail.why[0]).toEqual({
      step: "dead_letter",
      outcome: "forwarded",
      event_id: failed?.id,
      because: "exhausted",
    });
  });

  test("of bytes that are no text has them in base 64, and one of a 410 says that the receiver is gone", async () => {
    await using letters = await startReceiver();
    const { receiver, branch } = await makeFailing(letters, 410);
    await using _receiver = receiver;
    await branch.post(new Uint8Array([0, 255, 254]), { "content-type": "application/octet-stream" });
    await isFailed(branch);
    await sweepOnce();
    const [letter] = await letters.received(1);
    expect(JSON.parse(letter?.body.toString() ?? "")).toMatchObject({
      event: { ended_because: "gone" },
      request: { body_base64: "AP/+" },
    });
  });

  test("is written once, whatever happens at the same time and however often its event fails", async () => {
    await using letters = await startReceiver();
    const { receiver, branch, deadLetters } = await makeFailing(letters);
    await using _receiver = receiver;
    await branch.send({});
    await isFailed(branch);
    await Promise.all([forward(), forward(), sweepOnce(), forward()]);
    await letters.received(1);
    const failed = (await world.events(branch.id)).find(({ status }) => status === "FAILED");
    await retryEvent(world.ctx, { id: failed?.id ?? "" });
    await eventually(
      () => world.attempts(failed?.id ?? ""),
      (rows) => rows.length === 2,
    );
    await isFailed(branch);
    await forward();
    expect(await world.all("select id from event where destination_id = $1", [deadLetters])).toHaveLength(1);
    expect(await world.all("select 1 from dead_letter")).toEqual([]);
    const [counted] = await world.all(
      "select sum(event_count)::int as n from rollup_minute where destination_id = $1",
      [deadLetters],
    );
    expect(counted).toEqual({ n: 1 });
  });

  test("that cannot be delivered itself is told to nobody, though its destination has one for its own events", async () => {
    await using last = await startReceiver();
    const { receiver, branch, deadLetters } = await makeFailing(last);
    await using _receiver = receiver;
    await using broken = await startReceiver({ status: 410 });
    const third = await makeDestination({ url: last.url });
    await updateDestination(world.ctx, {
      id: deadLetters,
      config: { url: broken.url, dead_letter_destination_id: third },
    });
    await world.worker.config.upToDate();
    await branch.send({});
    await isFailed(branch);
    await forward();
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 2 && rows.every(({ status }) => status === "FAILED"),
    );
    await forward();
    expect(await world.all("select id from event where destination_id = $1", [third])).toEqual([]);
    expect(last.receipts).toEqual([]);
  });

  test("that waits for its time ends at once when its connection is deleted", async () => {
    await using broken = await startReceiver({ status: 500 });
    const { receiver, branch, deadLetters } = await makeFailing(broken);
    await using _receiver = receiver;
    const retry = { strategy: "linear", interval: 3_600_000, count: 2 } as const;
    await updateDestination(world.ctx, { id: deadLetters, config: { url: broken.url, retry } });
    await world.worker.config.upToDate();
    await branch.send({});
    await isFailed(branch);
    await forward();
    const reaches = (wanted: string) =>
      eventually(
        () => world.events(branch.id),
        (rows) => rows.some(({ destination_id, status }) => destination_id === deadLetters && status === wanted),
      );
    await reaches("RETRYING");
    await deleteConnection(world.ctx, { id: branch.id });
    await reaches("CANCELLED");
  });
});

/** Letters of six failed events, as settling leaves them. */
async function makeLetters(): Promise<{ deadLetters: string; eventIds: string[] }> {
  const branch = await makeBranch(world, { to: { url: "http://127.0.0.1:1024/" }, rules: NO_RETRY });
  const deadLetters = (await createDestination(world.ctx, { name: `dead-letters-${++made}`, type: "MOCK" })).id;
  for (let n = 0; n < 6; n++) await branch.send({ n });
  const events = await eventually(
    () => world.events(branch.id),
    (rows) => rows.length === 6 && rows.every(({ status }) => status === "FAILED"),
  );
  const eventIds = events.map(({ id }) => id).toSorted();
  await world.all(
    "insert into dead_letter (team_id, event_id, destination_id) select $1, unnest($2::text[]), $3 returning event_id",
    [world.ctx.teamId, eventIds, deadLetters],
  );
  return { deadLetters, eventIds };
}

/** Another body for the trigger: a trigger that came and went would wait for the worker's statements, and they for it. */
const refuseLetters = (body: string) =>
  world.pool.query(`create or replace function refuse_letter() returns trigger language plpgsql as
    $$ begin ${body} return new; end $$`);

test("letters that cannot be written hold up none behind them, and are tried again", async () => {
  const { eventIds } = await makeLetters();
  await refuseLetters(
    `if new.dead_letter_of < '${eventIds[5]}' then raise exception 'This letter cannot be written.'; end if;`,
  );
  const leftIds = async () =>
    (await world.all<{ event_id: string }>("select event_id from dead_letter order by event_id")).map(
      ({ event_id }) => event_id,
    );
  expect(await forward()).toBe(false);
  expect(await leftIds()).toEqual(eventIds.slice(0, 5));
  await refuseLetters("");
  expect(await forward()).toBe(false);
  expect(await leftIds()).toEqual([]);
});

test("a flood of letters is written in turns, so that other jobs come in between", async () => {
  const { deadLetters } = await makeLetters();
  let nowMs = 0;
  const clock = { monotonicMs: () => (nowMs += 5_000) };
  expect(await forward(clock)).toBe(true);
  const written = () => world.all("select id from event where destination_id = $1", [deadLetters]);
  expect((await written()).length).toBeLessThan(6);
  while (await forward(clock));
  expect(await written()).toHaveLength(6);
});

test("what has failed is counted by connection, destination and reason", async () => {
  await using letters = await startReceiver();
  const { receiver, branch } = await makeFailing(letters, 410);
  await using _receiver = receiver;
  await branch.send({ n: 1 });
  await branch.send({ n: 2 });
  await eventually(
    () => world.events(branch.id),
    (rows) => rows.filter(({ status }) => status === "FAILED").length === 2,
  );
  const { id: connection_id, destinationId: destination_id } = branch;
  expect(await countDeadLetters(world.ctx, { destination_id: [destination_id] })).toEqual({
    data: [{ connection_id, destination_id, ended_because: "gone", count: 2, last_attempt_at: expect.any(String) }],
    is_at_least: false,
  });
  const other = { ...world.ctx, teamId: "tm_other" };
  expect((await countDeadLetters(other, { destination_id: [destination_id] })).data).toEqual([]);
  // The lane of a destination that was deleted while its breaker was open.
  await world.all(`insert into lane (destination_id, token, breaker) values ('des_gone', 1, '{"state":"open"}')`, []);
  const scrape = await (await fetch(`${world.doorUrl}/metrics`)).text();
  expect(scrape).toMatch(/switchyard_events\{status="FAILED"\} [1-9]/);
  expect(scrape).toMatch(/switchyard_breakers\{state="open"\} 0/);
});

describe("a way of dead letters is refused", () => {
  const refusal = (id: string, to: string) =>
    updateDestination(world.ctx, { id, config: { dead_letter_destination_id: to } }).then(
      () => null,
      ({ message }: Error) => message,
    );

  test("to itself, round in a circle, to another team's destination and to none", async () => {
    const [a, b, c] = [await makeDestination(), await makeDestination(), await makeDestination()];
    expect(await refusal(a, a)).toMatch(/cannot take its own dead letters: choose another one/);
    expect(await refusal(a, b)).toBeNull();
    expect(await refusal(b, c)).toBeNull();
    expect(await refusal(c, a)).toMatch(/come back here by way of dead-letters-\d+, dead-letters-\d+: choose another/);
    expect(await refusal(c, "des_none")).toMatch(/has no destination des_none/);
    const { db } = world.ctx.app;
    await db.team.create({ data: { id: "tm_theirs", name: "theirs" } });
    const theirs = await createDestination({ ...world.ctx, teamId: "tm_theirs" }, { name: "theirs", type: "MOCK" });
    expect(await refusal(c, theirs.id)).toMatch(/This team has no destination/);
  });

  test("and a destination that others name stays", async () => {
    const [a, b] = [await makeDestination(), await makeDestination()];
    expect(await refusal(a, b)).toBeNull();
    await expect(deleteDestination(world.ctx, { id: b })).rejects.toThrow(/sends dead letters to this destination/);
    await updateDestination(world.ctx, { id: a, config: { dead_letter_destination_id: null } });
    await deleteDestination(world.ctx, { id: b });
  });
});
