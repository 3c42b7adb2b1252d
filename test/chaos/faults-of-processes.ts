// Faults of processes: killed, stopped, frozen, each of the roles and Postgres.
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultKind } from "./fault-kinds.ts";
import { openTransaction, takeConnections } from "./foreign-sessions.ts";
import { type Hands, noted, onOne, type Strike } from "./hands.ts";
import type { Instance, Slot } from "./instance.ts";
import type { Fault } from "./schedule.ts";

const gateways = ({ instance }: { instance: Instance }) => instance.gateways;
const workers = ({ instance }: { instance: Instance }) => instance.workers;

async function kill(slot: Slot, { lengthMs }: Fault): Promise<void> {
  await slot.process.kill();
  await sleep(lengthMs);
  await slot.replace();
}

/** Whoever is still busy when its patience is over breaks off what it does: then it is a kill, and is noted as one. */
async function stop(slot: Slot, { faults }: Hands, { lengthMs }: Fault): Promise<void> {
  const fromMs = Date.now();
  const end = await slot.process.stop();
  if (end !== 0) faults.push({ kind: `${slot.role}-kill`, target: slot.name, fromMs, toMs: Date.now() });
  await sleep(lengthMs);
  await slot.replace();
}

async function freeze(slot: Slot, { lengthMs }: Fault): Promise<void> {
  slot.process.freeze();
  await sleep(lengthMs);
  slot.process.thaw();
}

/** Of a worker, ahead or back: as far as a clock is off that nobody looks after. */
const MAX_SHIFT_MS = 5_000;

async function shiftClock(slot: Slot, { lengthMs, strength }: Fault): Promise<void> {
  await slot.shiftClock(Math.round((2 * strength - 1) * MAX_SHIFT_MS));
  await sleep(lengthMs);
  await slot.shiftClock(0);
}

const POSTGRES = "postgres";

/** Postgres is one for all: nobody else breaks it meanwhile. */
const onPostgres =
  (strike: (instance: Instance, fault: Fault) => Promise<void>): Strike =>
  (hands, fault) =>
    hands.alone([POSTGRES], () => noted(hands, fault, "", () => strike(hands.instance, fault)));

/** One after the other, as a new version is brought in: each is ready before the next one goes. */
const roll: Strike = (hands, fault) => {
  const { slots } = hands.instance;
  return hands.alone(
    slots.map(({ name }) => name),
    () =>
      noted(hands, fault, "", async () => {
        for (const slot of slots) await stop(slot, hands, fault);
      }),
  );
};

/** The machine loses its power, as far as processes go. */
const killEverything: Strike = (hands, fault) => {
  const { slots, postgres } = hands.instance;
  return hands.alone([...slots.map(({ name }) => name), POSTGRES], () =>
    noted(hands, fault, "", async () => {
      await Promise.all([...slots.map(({ process }) => process.kill()), postgres.kill()]);
      await sleep(fault.lengthMs);
      await postgres.restart();
      await Promise.all(slots.map((slot) => slot.replace()));
    }),
  );
};

async function freezePostgres({ postgres }: Instance, { lengthMs }: Fault): Promise<void> {
  await postgres.freeze();
  await sleep(lengthMs);
  postgres.thaw();
}

/** Beside everything else: it holds back what Postgres clears away, and whoever wants a table for himself. */
const holdTransaction: Strike = (hands, fault) =>
  noted(hands, fault, "", () => openTransaction(hands.instance.postgres.url, fault.lengthMs));

export const PROCESS_FAULTS = {
  "gateway-kill": onOne(gateways, (slot, _, fault) => kill(slot, fault)),
  "gateway-stop": onOne(gateways, stop),
  "gateway-freeze": onOne(gateways, (slot, _, fault) => freeze(slot, fault)),
  "worker-kill": onOne(workers, (slot, _, fault) => kill(slot, fault)),
  "worker-stop": onOne(workers, stop),
  "worker-freeze": onOne(workers, (slot, _, fault) => freeze(slot, fault)),
  "worker-freeze-long": onOne(workers, (slot, _, fault) => freeze(slot, fault)),
  "worker-clock": onOne(workers, (slot, _, fault) => shiftClock(slot, fault)),
  "rolling-restart": roll,
  "everything-kill": killEverything,
  "postgres-kill": onPostgres(async ({ postgres }, { lengthMs }) => {
    await postgres.kill();
    await sleep(lengthMs);
    await postgres.restart();
  }),
  "postgres-stop": onPostgres(async ({ postgres }, { lengthMs }) => {
    await postgres.stop();
    await sleep(lengthMs);
    await postgres.restart();
  }),
  "postgres-freeze-long": onPostgres(freezePostgres),
  "connections-taken": onPostgres(async ({ postgres, slots }, { lengthMs }) => {
    // Whoever is connected is cut off, and finds no room when he comes again.
    for (const { proxy } of slots) proxy.cut();
    await takeConnections(postgres.url, lengthMs);
  }),
  "long-transaction": holdTransaction,
  "long-transaction-long": holdTransaction,
  "fail-over": onPostgres(async ({ postgres }) => postgres.failOver?.()),
  "standby-kill": onPostgres(async ({ postgres }, { lengthMs }) => postgres.loseStandby?.(lengthMs)),
  "disk-full": onPostgres(async ({ postgres }, { lengthMs }) => postgres.fillDisk?.(lengthMs)),
  "postgres-freeze": onPostgres(freezePostgres),
} satisfies Partial<Record<FaultKind, Strike>>;
