// Closed loops: each connection sends its next request when it has the answer to the last, and, over the whole path, while
// not too many of its requests are still on their way to the receiver.
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, openClients } from "./client.ts";
import { type Message, makeMessage, type Payload, type Target } from "./payload.ts";
import type { Receiver } from "./receiver.ts";
import { writeSequence } from "./wire.ts";

export interface HammerInput {
  target: Target;
  payload: Payload;
  connections: number;
  warmUpSeconds: number;
  seconds: number;
  /** Ends earlier, when so many were sent. */
  count?: number;
}
export interface HammerResult {
  /** All of them, also those of the warm-up. */
  answers: number;
  answersPerSecond: number;
  /** Answers of another status than 200. */
  refused: number;
}

/** Sequence numbers, and with them provider event ids, are never used twice in a run. */
let nextSequence = 0;
/** Signed in advance, so that the generator spends on them what it spends on plain ones. */
const SIGNED_PER_SECOND = 12_000;

/** A plain message is one buffer per connection in which the number changes; a signed one is made anew for each request. */
function makeSource({ target, payload, connections, warmUpSeconds, seconds }: HammerInput): (index: number) => Buffer {
  if (payload.kind === "plain") {
    const own: Message[] = Array.from({ length: connections }, () => makeMessage(target, payload, 0));
    return (index) => {
      const message = own[index] as Message;
      writeSequence(message.bytes, message.bodyAt, nextSequence++);
      return message.bytes;
    };
  }
  const count = Math.ceil(SIGNED_PER_SECOND * (warmUpSeconds + seconds));
  const ready = Array.from({ length: count }, () => makeMessage(target, payload, nextSequence++).bytes);
  return () => ready.pop() ?? makeMessage(target, payload, nextSequence++).bytes;
}

/** As many requests as `connections` can get answered. */
export async function hammer(input: HammerInput): Promise<HammerResult> {
  const nextMessage = makeSource(input);
  const clients = await openClients(input.target, input.connections);
  let answers = 0;
  let refused = 0;
  let left = input.count ?? Number.POSITIVE_INFINITY;
  let isOver = false;
  const finished = clients.map(
    (client, index) =>
      new Promise<void>((resolve) => {
        const answered = (status: number) => {
          answers++;
          if (status !== 200) refused++;
          sendNext();
        };
        const sendNext = () => {
          if (isOver || left-- <= 0) resolve();
          else client.send(nextMessage(index), answered);
        };
        sendNext();
      }),
  );
  await sleep(input.warmUpSeconds * 1000);
  const [answersBefore, startedAt] = [answers, performance.now()];
  await Promise.race([sleep(input.seconds * 1000), Promise.all(finished)]);
  const answersPerSecond = ((answers - answersBefore) / (performance.now() - startedAt)) * 1000;
  isOver = true;
  await Promise.all(finished);
  for (const client of clients) client.close();
  return { answers, answersPerSecond, refused };
}

export interface PathInput {
  target: Target;
  /** Of many sources, one request to each in turn; else all go to the target's. More than there are connections. */
  paths?: readonly string[];
  /** Else as large as everywhere. */
  bodyBytes?: number | undefined;
  connections: number;
  /** Deliveries that one request makes. */
  fanOut: number;
  /** Requests that may be on their way from the door to the receiver. */
  maxUnderWay: number;
  warmUpSeconds: number;
  seconds: number;
}
export interface PathResult {
  receiptsPerSecond: number;
  sent: number;
  received: number;
  refused: number;
}

const DRAIN_PATIENCE_MS = 30_000;

/** Requests in at the door as fast as their deliveries come out: what the whole path sustains. Returns when all have come. */
export async function flow(receiver: Receiver, input: PathInput): Promise<PathResult> {
  const clients = await openClients(input.target, input.connections);
  const { target, paths = [], bodyBytes } = input;
  // A buffer carries one request at a time: one for each connection, or for each of more paths than there are connections.
  const toEach = paths.length > 1 ? paths : clients.map(() => paths[0] ?? target.path);
  const messages = toEach.map((path) => makeMessage({ ...target, path }, { kind: "plain" }, 0, bodyBytes));
  const resting: number[] = clients.map((_, index) => index);
  const [receivedBefore] = [receiver.received()];
  let [sent, answered, refused] = [0, 0, 0];
  let isOver = false;
  const underWay = () => sent - (receiver.received() - receivedBefore) / input.fanOut;

  const sendNext = (index: number) => {
    const message = messages[paths.length > 1 ? sent % paths.length : index] as Message;
    const client = clients[index] as Client;
    sent++;
    writeSequence(message.bytes, message.bodyAt, nextSequence++);
    client.send(message.bytes, (status) => {
      answered++;
      if (status !== 200) refused++;
      resting.push(index);
      sendWhatMay();
    });
  };
  const sendWhatMay = () => {
    while (!isOver && resting.length > 0 && underWay() < input.maxUnderWay) sendNext(resting.pop() as number);
  };
  receiver.onReceipt(sendWhatMay);
  sendWhatMay();

  await sleep(input.warmUpSeconds * 1000);
  const [countBefore, startedAt] = [receiver.received(), performance.now()];
  await sleep(input.seconds * 1000);
  const receiptsPerSecond = ((receiver.received() - countBefore) / (performance.now() - startedAt)) * 1000;
  isOver = true;
  const deadline = performance.now() + DRAIN_PATIENCE_MS;
  while ((answered < sent || underWay() > 0) && performance.now() < deadline) await sleep(20);
  receiver.onReceipt(null);
  for (const client of clients) client.close();
  return { receiptsPerSecond, sent, received: receiver.received() - receivedBefore, refused };
}
