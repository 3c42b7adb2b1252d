// The spool as it is seen by somebody who only looks: nothing is made, changed or read away.
import { type JetStreamManager, jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import type { ByteSeals } from "#server/crypto/byte-seal.ts";
import type { SpoolSettings } from "#server/env-spool.ts";
import { openArrival } from "./sealed-arrival.ts";
import { limitOf, loginOf, STREAM_NOT_FOUND } from "./spool-stream.ts";

const CONNECT_MS = 2_000;
const ASK_MS = 2_000;
/** The first messages are tried: what cannot be stored stays while those that come later are drained. */
const MAX_TRIED = 50;
const TRY_MS = 2_500;
const TRIED_BYTES = 8 * 1024 * 1024;

export interface SpoolContents {
  messages: number;
  bytes: number;
  maxMessages: number;
  maxBytes: number;
  /** When the first one came, as ISO; null where there is none. */
  oldestAt: string | null;
  /** Of the stream, and those of them that have all that is in it. */
  replicas: number;
  currentReplicas: number;
  /** First messages that were tried, and those of them that the secret does not open; null where none was given. */
  opened: { tried: number; shut: number } | null;
}

export interface SpoolLook {
  /** Servers that no connection is made with, as `host:port`. */
  away: string[];
  /** `refused`: they take no such log-in. */
  stream:
    | { kind: "away" | "refused" | "without JetStream" | "not made" }
    | { kind: "unreadable"; reason: string }
    | ({ kind: "there" } & SpoolContents);
}

/** Never rejects for what the servers do. @param seals undefined: no secret is known, and nothing is opened */
export async function lookAtSpool(settings: SpoolSettings, seals: ByteSeals | undefined): Promise<SpoolLook> {
  const tries = await Promise.all(
    settings.servers.map(async (server) => ({ server, ...(await connectTo(server, settings)) })),
  );
  const connections = tries.flatMap(({ connection }) => connection ?? []);
  try {
    const away = tries.filter((each) => !each.connection).map(({ server }) => server);
    const [connection] = connections;
    if (!connection)
      return { away, stream: { kind: tries.some(({ failure }) => failure === "refused") ? "refused" : "away" } };
    return { away, stream: await lookAtStream(connection, settings, seals) };
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

async function connectTo(
  server: string,
  settings: SpoolSettings,
): Promise<{ connection?: NatsConnection; failure?: "away" | "refused" }> {
  try {
    const options = { servers: [server], name: "switchyard doctor", timeout: CONNECT_MS, reconnect: false };
    return { connection: await connect({ ...options, ignoreClusterUpdates: true, ...loginOf(settings) }) };
  } catch (error) {
    const isRefused = error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
    return { failure: isRefused ? "refused" : "away" };
  }
}

async function lookAtStream(
  connection: NatsConnection,
  { stream }: SpoolSettings,
  seals: ByteSeals | undefined,
): Promise<SpoolLook["stream"]> {
  try {
    const jsm = await jetstreamManager(connection, { timeout: ASK_MS });
    const info = await jsm.streams.info(stream);
    return { kind: "there", ...contentsOf(info), opened: seals ? await tryFirst(jsm, info, seals) : null };
  } catch (error) {
    const { name, message, code } = error as Error & { code?: number };
    // Its class is not exported.
    if (name === "JetStreamNotEnabled") return { kind: "without JetStream" };
    return code === STREAM_NOT_FOUND ? { kind: "not made" } : { kind: "unreadable", reason: message };
  }
}

function contentsOf({ state, config, cluster }: StreamInfo): Omit<SpoolContents, "opened"> {
  // Who leads it is not in the list, and a server that is alone has no list.
  const followers = (cluster?.replicas ?? []).filter(({ current, offline }) => current && !offline);
  return {
    ...{ messages: state.messages, bytes: state.bytes, maxMessages: limitOf(config.max_msgs) },
    maxBytes: limitOf(config.max_bytes),
    oldestAt: state.messages === 0 ? null : state.first_ts,
    replicas: config.num_replicas,
    currentReplicas: 1 + followers.length,
  };
}

async function tryFirst(jsm: JetStreamManager, { state, config }: StreamInfo, seals: ByteSeals) {
  const found = { tried: 0, shut: 0 };
  let bytes = 0;
  // Over a slow line a few are enough.
  const untilMs = performance.now() + TRY_MS;
  const isEnough = () => found.tried === MAX_TRIED || bytes >= TRIED_BYTES || performance.now() > untilMs;
  for (let seq = state.first_seq; !isEnough(); seq++) {
    const next = { seq, next_by_subj: `${config.name}.*` };
    const message = seq > state.last_seq ? null : await jsm.streams.getMessage(config.name, next);
    if (!message) break;
    seq = message.seq;
    bytes += message.data.length;
    found.tried++;
    const [teamId, id] = [message.subject.slice(config.name.length + 1), message.header.get("Nats-Msg-Id")];
    try {
      openArrival(seals, Buffer.from(message.data), teamId, id);
    } catch {
      found.shut++;
    }
  }
  return found;
}
