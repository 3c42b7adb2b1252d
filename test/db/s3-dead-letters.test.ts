// Dead letters in a bucket: a failed event is told as an object, or as a line of a file, once, in a real store.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDestination } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { makeBranch } from "#test/support/branch.ts";
import { BUCKET, startObjectStore, type TestStore } from "#test/support/object-store.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
let failing: Receiver;
beforeAll(async () => {
  world = await createWorld();
  failing = await startReceiver({ status: 500, body: "out of order" });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await failing[Symbol.asyncDispose]();
});

let made = 0;
/** A branch whose receiver fails, with its dead letters in the store. */
async function makeFailing(store: TestStore, config: object) {
  const settings = { ...store.config, ...config };
  const letters = await createDestination(world.ctx, { name: `bucket-${++made}`, type: "S3", config: settings });
  const to = { url: failing.url, dead_letter_destination_id: letters.id };
  const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const];
  const branch = await makeBranch(world, { to, rules });
  const { pool, config: cache, log, lanes } = world.worker;
  const tell = () => sweep({ pool, config: cache, log, now: () => new Date(), wakeLanes: lanes.wake });
  const events = async () => {
    const rows = await world.events(branch.id);
    const ofStatus = (id: string) => rows.filter(({ destination_id }) => destination_id === id);
    return { failed: ofStatus(branch.destinationId), letters: ofStatus(letters.id) };
  };
  return { branch, tell, events };
}
type Failing = Awaited<ReturnType<typeof makeFailing>>;
const whenTold = async ({ tell, events }: Failing, count: number) => {
  await eventually(
    events,
    ({ failed }) => failed.length === count && failed.every(({ status }) => status === "FAILED"),
  );
  await tell();
  return eventually(
    events,
    ({ letters }) => letters.length === count && letters.every(({ status }) => status === "DELIVERED"),
  );
};

test("is an object of its own, with the request and why it failed, and a second failure writes no other", async () => {
  await using store = await startObjectStore();
  const failed = await makeFailing(store, { key: "dead/{source}/{event_id}.json" });
  const body = '{"amount":12345678901234567890.10,"note":"ü"}';
  await failed.branch.post(body, { authorization: "Bearer canary-of-the-producer" });
  const { failed: events, letters } = await whenTold(failed, 1);
  const [key = "", ...more] = [...(await store.objects()).keys()];
  expect([key.endsWith(`/${letters[0]?.id}.json`), more]).toEqual([true, []]);
  const object = (await store.objects()).get(key)?.toString() ?? "";
  expect(JSON.parse(object)).toMatchObject({
    type: "dead_letter",
    event: { id: events[0]?.id, ended_because: "exhausted", response_status: 500 },
    request: { id: events[0]?.request_id, body },
  });
  expect(object).not.toContain("canary-of-the-producer");
  expect(await store.contentTypeOf(key)).toBe("application/json");
  await retryEvent(world.ctx, { id: events[0]?.id ?? "" });
  await eventually(
    () => world.attempts(events[0]?.id ?? ""),
    (attempts) => attempts.length === 2,
  );
  await failed.tell();
  expect([...(await store.objects()).keys()]).toEqual([key]);
});

test("are lines of one file, each once, although the store's first answer is lost", async () => {
  await using store = await startObjectStore((_request, index) => (index === 0 ? "unanswered" : undefined));
  const retry = { strategy: "linear", interval: 1_000, count: 3 };
  const batch = { format: "ndjson", batch_wait_ms: 1_000, key: "dead/{batch_id}.ndjson", retry };
  const failed = await makeFailing(store, batch);
  for (let n = 0; n < 5; n++) await failed.branch.send({ n });
  const { failed: events } = await whenTold(failed, 5);
  const texts = [...(await store.objects()).values()].map(String);
  const lines = texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => JSON.parse(line));
  const told = lines.map(({ body }) => JSON.parse(body));
  expect(told.map(({ event }) => event.id).sort()).toEqual(events.map(({ id }) => id).sort());
  expect(told.map(({ request }) => JSON.parse(request.body).n).sort()).toEqual([0, 1, 2, 3, 4]);
});

test("that a bucket refuses fail with its reason, and are told to nobody again", async () => {
  await using store = await startObjectStore();
  const none = { bucket: `no-${BUCKET}`, retry: { strategy: "linear", interval: 1_000, count: 0 } };
  const failed = await makeFailing(store, none);
  await failed.branch.send({ n: 1 });
  await eventually(failed.events, ({ failed: events }) => events[0]?.status === "FAILED");
  await failed.tell();
  const { letters } = await eventually(failed.events, ({ letters: [letter] }) => letter?.status === "FAILED");
  await failed.tell();
  expect(await world.attempts(letters[0]?.id ?? "")).toMatchObject([{ response_status: 404 }]);
  expect((await failed.events()).letters).toHaveLength(1);
});
