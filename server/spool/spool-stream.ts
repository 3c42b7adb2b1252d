// The stream of the spool: JetStream keeps each message on several nodes and says so before a sender is answered. Messages are
// read and removed in the order in which they came. A message is removed by us alone: none is dropped for its age or to make room.
import {
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from "@nats-io/jetstream";
import { connect, type NatsConnection, nanos } from "@nats-io/transport-node";
import type { SpoolSettings } from "#server/env-spool.ts";
import type { Log } from "#server/process/log.ts";

/** A sender waits for it, and before it for the database. */
const PUT_PATIENCE_MS = 1_000;
const ASK_PATIENCE_MS = 2_000;
const PUTS_PATIENCE_MS = 2_500;
const PUT_PAUSE_MS = 100;
const RECONNECT_MS = 500;
const RECONNECT_PATIENCE_MS = 5_000;
/** A connection that hangs is noticed after two of these. */
const PING_MS = 2_000;
/** So long a message that is put twice is stored once. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;
/** What the servers take in one message unless they are told otherwise, and no more than this. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** What a stream counts for a message beside its bytes: subject, headers and its own record of it. */
const MESSAGE_OVERHEAD_BYTES = 1024;
const MAX_MESSAGES = 1_000_000;
/** Of messages, over all gateways. */
const TEAM_PART = 0.5;
const READ_WAIT_MS = 1_000;

export interface SpoolMessage {
  seq: number;
  teamId: string;
  /** The id that it was put under; empty where somebody else put it there. */
  id: string;
  data: Buffer;
}

export interface SpoolState {
  messages: number;
  bytes: number;
  /** Of the first message, and of the last one that ever was there. */
  firstSeq: number;
  lastSeq: number;
}

export interface SpoolStream {
  /** Whether the servers are there and the stream is made. */
  isUsable(): boolean;
  /** 0 while it is usable. */
  lostForMs(): number;
  /** The largest message that fits. */
  maxMessageBytes(): number;
  /** Resolves once a majority of the replicas has it. Rejects when the stream is full or away: it may have it or not. */
  put(teamId: string, id: string, data: Buffer): Promise<void>;
  look(): Promise<SpoolState>;
  /** Whether the largest message would fit, by the limits that the stream has now. */
  hasRoom(): Promise<boolean>;
  /** Up to `count` messages from `seq` on, in order. */
  read(seq: number, count: number): Promise<SpoolMessage[]>;
  /** Removes everything before `seq`. */
  forgetBefore(seq: number): Promise<void>;
  forget(seq: number): Promise<void>;
  close(): Promise<void>;
}

/** Connects by itself, now and whenever the connection is lost, until it is closed. */
export function openSpoolStream(settings: SpoolSettings, log: Log): SpoolStream {
  const closing = new AbortController();
  let connection: NatsConnection | undefined;
  let parts: Parts | undefined;
  let isConnected = false;
  let lostAtMs = Number.NEGATIVE_INFINITY;
  let connected = Promise.withResolvers<void>();

  const isUsable = () => parts !== undefined && isConnected;
  const ask = () => {
    if (!parts || !isConnected) throw new Error("The spool is away.");
    return parts;
  };
  /** A client whose server is gone finds another one of the cluster in a moment. */
  const askSoon = async () => {
    if (!isConnected && performance.now() - lostAtMs < RECONNECT_PATIENCE_MS)
      await Promise.race([connected.promise, rest(PUT_PATIENCE_MS, closing.signal)]);
    return ask();
  };

  async function connectOnce(): Promise<void> {
    connection = await connect(optionsOf(settings));
    // It may have been closed meanwhile.
    if (closing.signal.aborted) return connection.close();
    try {
      parts = await makeParts(connection, settings);
      isConnected = true;
      log.info({ servers: settings.servers, stream: settings.stream }, "The spool is there.");
      for await (const { type } of connection.status()) {
        if (type === "disconnect") {
          isConnected = false;
          lostAtMs = performance.now();
          log.warn({ servers: settings.servers }, "The spool is away.");
        } else if (type === "reconnect") {
          isConnected = true;
          connected.resolve();
          connected = Promise.withResolvers();
          log.info({ server: connection.getServer() }, "The spool is there again.");
        }
      }
    } finally {
      isConnected = false;
      await connection.close();
    }
  }

  async function stayConnected(): Promise<void> {
    let said = "";
    while (!closing.signal.aborted) {
      await connectOnce().catch((error: Error) => {
        if (error.message !== said)
          log.warn({ servers: settings.servers, reason: error.message }, "The spool is not there.");
        said = error.message;
      });
      await rest(RECONNECT_MS, closing.signal);
    }
  }

  const opened = stayConnected();
  return {
    isUsable,
    lostForMs: () => (isUsable() ? 0 : performance.now() - lostAtMs),
    maxMessageBytes: () => parts?.maxBytes ?? 0,
    async put(teamId, id, data) {
      const options = { msgID: id, timeout: PUT_PATIENCE_MS, expect: { streamName: settings.stream } };
      for (const startedAtMs = performance.now(); ; ) {
        try {
          await (await askSoon()).js.publish(`${settings.stream}.${teamId}`, data, options);
          return;
        } catch (error) {
          // The leader of the stream may be gone, and the next one is being chosen. The id makes sure that it is stored once.
          const isOver = closing.signal.aborted || performance.now() - startedAtMs > PUTS_PATIENCE_MS;
          if (isRefusal(error) || isOver) throw error;
          await rest(PUT_PAUSE_MS, closing.signal);
        }
      }
    },
    async look() {
      const { state } = await ask().jsm.streams.info(settings.stream);
      return { messages: state.messages, bytes: state.bytes, firstSeq: state.first_seq, lastSeq: state.last_seq };
    },
    async hasRoom() {
      const { state, config } = await ask().jsm.streams.info(settings.stream);
      const bytesLeft = limitOf(config.max_bytes) - state.bytes - MESSAGE_OVERHEAD_BYTES;
      return state.messages < limitOf(config.max_msgs) && bytesLeft >= ask().maxBytes;
    },
    async read(seq, count) {
      const from = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, seq) };
      const consumer = await ask().js.consumers.get(settings.stream, from);
      const messages: SpoolMessage[] = [];
      for await (const { seq: at, subject, headers, data } of await consumer.fetch({
        max_messages: count,
        expires: READ_WAIT_MS,
      })) {
        const teamId = subject.slice(settings.stream.length + 1);
        messages.push({ seq: at, teamId, id: headers?.get("Nats-Msg-Id") ?? "", data: Buffer.from(data) });
      }
      await consumer.delete().catch(() => {});
      return messages;
    },
    async forgetBefore(seq) {
      await ask().jsm.streams.purge(settings.stream, { seq });
    },
    async forget(seq) {
      await ask().jsm.streams.deleteMessage(settings.stream, seq, false);
    },
    async close() {
      closing.abort();
      await connection?.close();
      await opened;
    },
  };
}

/** The stream is full, or is not what it should be, and has not taken it; a cluster that has no leader just now answers 503. */
export const isRefusal = (error: unknown) => error instanceof JetStreamApiError && error.apiError().code !== 503;

/** The stream as a whole has no room; of one team alone it may have none, and takes what others send. */
export const isFull = (error: unknown) =>
  error instanceof JetStreamApiError && /^maximum (?:bytes|messages) exceeded/.test(error.apiError().description);

/** Never logged. */
/** JetStream says -1 where there is no limit. */
export const limitOf = (limit: number): number => (limit > 0 ? limit : Number.POSITIVE_INFINITY);

export const loginOf = ({ isSecure, login }: SpoolSettings) => ({ ...(isSecure && { tls: {} }), ...login });

function optionsOf(settings: SpoolSettings) {
  return {
    servers: settings.servers,
    name: "switchyard spool",
    timeout: ASK_PATIENCE_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    ...loginOf(settings),
  };
}

interface Parts {
  js: JetStreamClient;
  jsm: JetStreamManager;
  maxBytes: number;
}

async function makeParts(connection: NatsConnection, settings: SpoolSettings): Promise<Parts> {
  const options = { timeout: ASK_PATIENCE_MS };
  const jsm = await jetstreamManager(connection, options);
  await ensureStream(jsm, settings);
  const maxBytes = Math.min(connection.info?.max_payload ?? MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES);
  return { jsm, js: jetstream(connection, options), maxBytes };
}

/** Makes the stream, or gives it these limits. */
async function ensureStream(jsm: JetStreamManager, { stream, replicas, maxBytes }: SpoolSettings): Promise<StreamInfo> {
  const limits = {
    subjects: [`${stream}.*`],
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    max_msgs: MAX_MESSAGES,
    max_msgs_per_subject: MAX_MESSAGES * TEAM_PART,
    max_bytes: maxBytes,
    max_age: 0,
    num_replicas: replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  };
  const known = await jsm.streams.info(stream).catch((error: { code?: number }) => {
    if (error.code === STREAM_NOT_FOUND) return null;
    throw error;
  });
  return known
    ? jsm.streams.update(stream, limits)
    : jsm.streams.add({ name: stream, retention: RetentionPolicy.Limits, storage: StorageType.File, ...limits });
}

export const STREAM_NOT_FOUND = 10_059;

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
