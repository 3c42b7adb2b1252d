// Open loop: requests leave by a schedule that does not wait for answers, so that a stall is paid for by every request
// that was due in it, not by the one that met it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Waited } from "#test/bench/stalls.ts";
import { quantile } from "#test/bench/statistics.ts";
import { type Client, openClients } from "./client.ts";
import { type Message, makeMessage, type Target } from "./payload.ts";
import type { Receiver } from "./receiver.ts";
import { writeSequence } from "./wire.ts";

export interface OpenLoopInput {
  target: Target;
  /** Of many sources, one request to each in turn; else all go to the target's. */
  paths?: readonly string[];
  connections: number;
  /** Deliveries that one request makes; what counts is the last. Default 1; 0: nobody waits for them. */
  fanOut?: number;
  ratePerSecond: number;
  warmUpSeconds: number;
  seconds: number;
  /** Whether each of them is told, not only what most of them took. */
  tellsAll?: boolean;
}
export interface OpenLoopResult {
  sent: number;
  /** Within the patience; the latencies are of these. */
  received: number;
  refused: number;
  /** Milliseconds from the moment a request was due to its answer. */
  ack: { p50: number; p99: number; max: number };
  /** Milliseconds from the answer to the arrival at the receiver; 0 when it arrived first. */
  toReceiver: { p50: number; p99: number };
  /** Milliseconds from the moment a request was due to its arrival at the receiver. */
  total: { p50: number; p99: number };
  /** Where it was asked for, in the order in which they were due. By the clock of the wall. */
  all?: { ack: Waited[]; total: Waited[] };
}

const DRAIN_PATIENCE_MS = 10_000;

/** The door ends a connection on which nothing comes for longer, and one event in two seconds has few connections. */
const LONGEST_GAP_MS = 5_000;

/** Arrivals of a Poisson process but for its longest gaps, in milliseconds from its start. At one in two seconds they are a tenth more. */
function makeSchedule(ratePerSecond: number, seconds: number): Float64Array {
  const times: number[] = [];
  let at = 0;
  for (;;) {
    at += Math.min(LONGEST_GAP_MS, (-Math.log(1 - Math.random()) / ratePerSecond) * 1000);
    if (at >= seconds * 1000) return Float64Array.from(times);
    times.push(at);
  }
}

export async function arrive(receiver: Receiver, input: OpenLoopInput): Promise<OpenLoopResult> {
  const { fanOut = 1, paths = [input.target.path] } = input;
  const dueAt = makeSchedule(input.ratePerSecond, input.warmUpSeconds + input.seconds);
  const ackAt = new Float64Array(dueAt.length);
  const receiptAt = new Float64Array(dueAt.length);
  const clients = await openClients(input.target, input.connections);
  const messages = paths.map((path) => makeMessage({ ...input.target, path }, { kind: "plain" }, 0));
  const free = [...clients];
  let [next, answered, received, refused] = [0, 0, 0, 0];
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;

  receiver.onReceipt((sequence) => {
    received++;
    receiptAt[sequence] = now();
  });
  const send = (client: Client, sequence: number) => {
    const { bytes, bodyAt } = messages[sequence % messages.length] as Message;
    writeSequence(bytes, bodyAt, sequence);
    // A copy: what the socket has not taken yet must not change.
    client.send(Buffer.from(bytes), (status) => {
      ackAt[sequence] = now();
      answered++;
      if (status !== 200) refused++;
      free.push(client);
      sendDue();
    });
  };
  const sendDue = () => {
    const nowMs = now();
    // In turns: the server closes a connection that is never used.
    for (let client = free[0]; client && next < dueAt.length && (dueAt[next] ?? 0) <= nowMs; client = free[0]) {
      free.shift();
      send(client, next++);
    }
  };
  while (next < dueAt.length) {
    sendDue();
    await sleep(1);
  }
  const deadline = now() + DRAIN_PATIENCE_MS;
  while (answered < dueAt.length && now() < deadline) await sleep(20);
  for (const client of clients) client.close();
  while (received < dueAt.length * fanOut && now() < deadline) await sleep(20);
  receiver.onReceipt(null);
  const fromMs = input.warmUpSeconds * 1000;
  return {
    ...{ sent: dueAt.length, received, refused, ...latencies(dueAt, ackAt, receiptAt, fromMs) },
    ...(input.tellsAll && {
      all: tellAll(dueAt, ackAt, receiptAt, { fromMs, beganMs: performance.timeOrigin + startedAt }),
    }),
  };
}

function latencies(dueAt: Float64Array, ackAt: Float64Array, receiptAt: Float64Array, fromMs: number) {
  const acks: number[] = [];
  const deliveries: number[] = [];
  const totals: number[] = [];
  dueAt.forEach((due, i) => {
    const [ack, receipt] = [ackAt[i] ?? 0, receiptAt[i] ?? 0];
    if (due < fromMs || ack === 0) return;
    acks.push(ack - due);
    // What never came is counted as the patience that was had with it.
    deliveries.push(receipt === 0 ? DRAIN_PATIENCE_MS : Math.max(0, receipt - ack));
    totals.push(receipt === 0 ? DRAIN_PATIENCE_MS : receipt - due);
  });
  const both = (samples: number[]) => ({ p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) });
  return { ack: { ...both(acks), max: quantile(acks, 1) }, toReceiver: both(deliveries), total: both(totals) };
}

function tellAll(
  dueAt: Float64Array,
  ackAt: Float64Array,
  receiptAt: Float64Array,
  { fromMs, beganMs }: { fromMs: number; beganMs: number },
) {
  const until = (endAt: Float64Array): Waited[] =>
    [...dueAt].flatMap((due, i) => {
      const end = endAt[i] ?? 0;
      return due < fromMs ? [] : { dueMs: beganMs + due, tookMs: end === 0 ? DRAIN_PATIENCE_MS : end - due };
    });
  return { ack: until(ackAt), total: until(receiptAt) };
}
