// The spool as it is seen by somebody who only looks: nothing is made, changed or read away.
import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import type { ByteSeals } from "#server/crypto/byte-seal.ts";
import type { SpoolSettings } from "#server/env-spool.ts";
import { limitOf, loginOf, STREAM_NOT_FOUND } from "./spool-stream.ts";
import { type Tried, tryFirst } from "./try-first.ts";

const CONNECT_MS = 2_000;
const ASK_MS = 2_000;

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
  /** The first messages, as far as they were tried; null where no secret was given. */
  opened: Tried | null;
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
    // Where this number was drained, the next message of any team is meant.
    const from = (seq: number) => ({ seq, next_by_subj: `${stream}.*` });
    const read = (seq: number) => jsm.streams.getMessage(stream, from(seq));
    return { kind: "there", ...contentsOf(info), opened: seals ? await tryFirst(read, info, seals) : null };
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
