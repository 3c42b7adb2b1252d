// A kill -9 of a worker at every point of an event's way through it. Locks of the database and receivers that keep their answer back halt it
// there, so each point is met with certainty, and one kill meets them all. Postgres may finish a statement whose client is dead or drop it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { type HeldUp, holdUp, workersAreSilent } from "#test/support/held-statements.ts";
import { expectAllDelivered, findInFlight, settled } from "#test/support/invariants.ts";
import { type Answer, startLoad } from "#test/support/load.ts";
import { type Receiver, startGate } from "#test/support/receiver.ts";
import { callApi, connect, type RoleProcess, type Wiring } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let system: System;
let gateway: RoleProcess;
let worker: RoleProcess;

beforeAll(async () => {
  system = await startSystem();
  await system.pool.query(HOLDABLE_SENDS);
  [gateway, worker] = await Promise.all([system.startGateway(), system.startWorker()]);
});
afterAll(() => system?.[Symbol.asyncDispose]());

/** Each with how many deliveries come again where Postgres finishes the statement, and where it drops it. */
const POINTS = {
  claim: { at: "in the claim of its hand-off", finished: 0, dropped: 0 },
  route: { at: "in the commit of its route", finished: 0, dropped: 0 },
  lease: { at: "as its lane takes the lease", finished: 0, dropped: 0 },
  // That of the event before it, which is on the wire.
  unsent: { at: "before the send", finished: 1, dropped: 1 },
  sent: { at: "after the send", finished: 1, dropped: 1 },
  answered: { at: "after the answer", finished: 1, dropped: 1 },
  settling: { at: "in the settle", finished: 0, dropped: 1 },
} as const;
type Point = keyof typeof POINTS;
const NAMES = Object.keys(POINTS) as Point[];

/** More than the door tells routing of by itself: it has to be claimed. */
const CLAIMED_BYTES = 100_000;

/** Its first event is on the wire and takes all of it. The one after it goes as soon as the limit is raised. */
const ONE_A_MINUTE = { rate_limit: 1, rate_limit_period: "minute" };
const RAISED = { rate_limit: 1_000 };

interface Way {
  wiring: Wiring;
  receiver: Receiver & { open: () => void };
  answers: Answer[];
  /** Sends one more request with at least so many bytes. */
  send(bytes?: number): Promise<void>;
}

async function makeWay(name: string, config: object): Promise<Way> {
  const receiver = await startGate();
  // No attempt may time out while it is held up.
  const patient = { url: receiver.url, timeout_ms: 60_000, ...config };
  const wiring = await connect(gateway, { name, destination: { name, config: patient } });
  const answers: Answer[] = [];
  return {
    ...{ wiring, receiver, answers },
    async send(bytes = 0) {
      const body = () => Buffer.from(JSON.stringify({ n: answers.length, text: "x".repeat(bytes) }));
      answers.push(
        ...(await startLoad({ urls: [`${gateway.url}${wiring.path}`], maxRequests: 1, pauseMs: 0, body }).done),
      );
    },
  };
}

/**
 * What a lane notes before it sends asks for a lock of its destination. A lock of the row would stop the renewal of all leases too, which
 * takes a connection that others need to get as far as they should.
 */
const HOLDABLE_SENDS = `
create function hold_send() returns trigger language plpgsql as $$ begin
  perform pg_advisory_xact_lock_shared(hashtext(new.destination_id));
  return new;
end $$;
create trigger hold_send before update of rate_log on lane for each row execute function hold_send()`;

const lockLane = (way: Way, lock: string) => holdUp(system.pool, lock, [way.wiring.destinationId]);

/** Sends until the door tells the worker of it: it looks for workers once a second. Nothing may be held up yet. */
async function untilTold(way: Way): Promise<void> {
  const told =
    "select from hand_off where claimed_until is not null and claimed_by is null and requests #>> '{0,1}' = $1";
  await eventually(async () => {
    worker.freeze();
    await way.send();
    const { rowCount } = await system.pool.query(told, [way.answers.at(-1)?.requestId]);
    worker.thaw();
    await settled(system, way.wiring, 15_000);
    return rowCount === 1;
  }, Boolean);
}

/** Brings the worker to each of the points, with an event of its own at each. */
async function haltAtAll(ways: Record<Point, Way>, hold: (held: HeldUp) => HeldUp): Promise<void> {
  const { claim, route, lease, unsent, sent, answered, settling } = ways;
  for (const { receiver } of [claim, route, lease]) receiver.open();
  await untilTold(route);
  for (const way of [unsent, sent, answered, settling]) await way.send();
  for (const { receiver } of [unsent, sent, answered, settling]) await receiver.received(1);
  await unsent.send();
  await eventually(
    () => system.pool.query("select from event where connection_id = $1", [unsent.wiring.connectionId]),
    ({ rowCount }) => rowCount === 2,
  );

  const event = "select from event where connection_id = $1 for update";
  const settle = hold(await holdUp(system.pool, event, [settling.wiring.connectionId]));
  settling.receiver.open();
  await settle.waiting("update event e set");
  // Results go in one batch after the other: this one waits in the worker behind the one that is held up.
  answered.receiver.open();

  const lane = hold(await lockLane(lease, "insert into lane (destination_id) values ($1)"));
  await lease.send();
  await lane.waiting("insert into lane");

  // Nothing may be handed over while the table is locked, and nothing routed before: so the worker sleeps meanwhile.
  worker.freeze();
  await route.send();
  await claim.send(CLAIMED_BYTES);
  const handOffs = hold(await holdUp(system.pool, "lock table hand_off in share mode"));
  worker.thaw();
  await handOffs.waiting("delete from hand_off");
  await handOffs.waiting("update hand_off set claimed_until");

  // No event is routed any more, so this one waits for its rate.
  const sends = hold(await lockLane(unsent, "select pg_advisory_xact_lock(hashtext($1))"));
  await callApi(gateway, "PATCH", `/destinations/${unsent.wiring.destinationId}`, { config: RAISED });
  await sends.waiting("set rate_log");
}

describe.each(["finished", "dropped"] as const)(
  "a worker dies, its statements are %s, and the event that it has",
  (fate) => {
    const disposal = new AsyncDisposableStack();
    const ways = {} as Record<Point, Way>;
    const inFlight = {} as Record<Point, ReadonlySet<string>>;

    beforeAll(async () => {
      for (const name of NAMES) {
        ways[name] = await makeWay(`${name}-${fate}`, name === "unsent" ? ONE_A_MINUTE : {});
        disposal.use(ways[name].receiver);
      }
      const holds: HeldUp[] = [];
      await haltAtAll(ways, (held) => {
        holds.push(disposal.use(held));
        return held;
      });
      await worker.kill();
      for (const { receiver } of Object.values(ways)) receiver.open();
      if (fate === "dropped") for (const held of holds) await held.dropWaiting();
      for (const held of holds) await held.release();
      await workersAreSilent(system.pool);
      for (const name of NAMES) {
        const { wiring, receiver } = ways[name];
        inFlight[name] = await findInFlight(system, wiring, receiver.receipts);
      }
      worker = await system.startWorker();
    });
    afterAll(() => disposal.disposeAsync());

    test.each(NAMES.map((name) => [POINTS[name].at, name] as const))(
      "%s is delivered, and again only where it was on the wire",
      async (_at, name) => {
        const { wiring, answers, receiver } = ways[name];
        const { receipts } = receiver;
        await expectAllDelivered(system, wiring, { answers, receipts, again: inFlight[name], patienceMs: 15_000 });
        expect(receipts.length - answers.length).toBe(POINTS[name][fate]);
        const { rows } = await system.pool.query(
          `select e.attempts, array_agg(a.number) as numbers, array_agg(a.response_status) as statuses
         from event e join attempt a on a.event_id = e.id where e.connection_id = $1 group by e.id, e.attempts`,
          [wiring.connectionId],
        );
        // The attempt of the dead is recorded by its own settle or not at all.
        expect(rows).toEqual(answers.map(() => ({ attempts: 1, numbers: [1], statuses: [200] })));
      },
    );
  },
);
