// The configuration in memory: the door, routing and the lanes read it without a query. It follows the database through
// `config_change`, whose versions become visible in commit order. LISTEN makes it quick, and a poll makes it sure.
import { DESTINATION_KINDS, type DestinationSettings } from "#server/contracts/destination.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { QuietHours } from "#server/contracts/quiet-hours.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { heldConfig, type SourceConfig, type SourceType } from "#server/contracts/source.ts";
import { type Keyring, openSecrets, type SecretFields, withSecrets } from "#server/crypto/secrets.ts";
import type { Pool } from "#server/database/db.ts";
import { listen } from "#server/database/listen.ts";
import { refuseOtherSecret } from "#server/database/master-key.ts";
import type { Log } from "#server/process/log.ts";
import { type ConfigRow, type ReadConfig, readConfig, readVersion } from "./config-cache.sql.ts";

export interface CachedSource {
  id: string;
  teamId: string;
  key: string;
  name: string;
  type: SourceType;
  /** It takes nothing from outside. */
  isSystem: boolean;
  /** With `auth` in clear, and the masks of the team beside its own. Never leaves the process. */
  config: SourceConfig;
  /** The reason why the source accepts nothing: its secrets are missing from `config`. */
  unusable?: string;
  isDisabled: boolean;
  /** Its last change, which tells one revision of it from another. */
  updatedAt: Date;
}
/** A destination whose `config` has `auth` in clear. It never leaves the process. */
export type CachedDestination = DestinationSettings & {
  id: string;
  teamId: string;
  name: string;
  /** The reason why nothing can be sent to it: its secrets are missing from `config`. */
  unusable?: string;
  isDisabled: boolean;
  /** Of an endpoint: why it gets nothing for now. */
  endpointHold: HoldReason | null;
};
export interface CachedConnection {
  id: string;
  teamId: string;
  name: string;
  sourceId: string;
  destinationId: string;
  rules: Rule[];
  /** Of a connection of the team's system source alone. */
  quietHours: QuietHours | null;
  isPaused: boolean;
  isDisabled: boolean;
}
export interface CachedTransformation {
  id: string;
  teamId: string;
  code: string;
  /** The values in clear. They leave the process for the sandbox only. */
  env: Record<string, string>;
  version: number;
  /** The reason why it cannot run: its `env` is missing. */
  unusable?: string;
}

/**
 * The configuration as of one version. A snapshot never changes: a newer one takes its place, so a batch is judged by one
 * configuration.
 */
export interface ConfigSnapshot {
  version: bigint;
  sourcesByKey: ReadonlyMap<string, CachedSource>;
  sources: ReadonlyMap<string, CachedSource>;
  destinations: ReadonlyMap<string, CachedDestination>;
  connections: ReadonlyMap<string, CachedConnection>;
  connectionsBySource: ReadonlyMap<string, readonly CachedConnection[]>;
  /** Destinations that several connections lead to. */
  sharedDestinations: ReadonlySet<string>;
  transformations: ReadonlyMap<string, CachedTransformation>;
}

export interface ConfigCache {
  /** The newest snapshot in memory, without waiting. */
  current(): ConfigSnapshot;
  /** A snapshot that holds at least everything committed before the call. One cheap query when nothing changed. */
  upToDate(): Promise<ConfigSnapshot>;
  /** A snapshot of this version or a later one; no query when memory has it. */
  atLeast(version: bigint): Promise<ConfigSnapshot>;
  /** Called after each change with the new snapshot; returns the way to stop. */
  onChange(listener: (snapshot: ConfigSnapshot) => void): () => void;
  close(): Promise<void>;
}

const POLL_MS = 10_000;

/** Loads everything once, then follows. Throws when the first load fails, or when the database belongs to another secret. */
export async function makeConfigCache(options: {
  pool: Pool;
  databaseUrl: string;
  keyring: Keyring;
  log: Log;
}): Promise<ConfigCache> {
  const { pool, keyring, log } = options;
  const open: OpenRow = (row) => {
    const opened = openSecrets(keyring, row.kind, row);
    if (opened.kind === "open") return { secrets: opened.secrets };
    log.error({ [`${row.kind}_id`]: row.id, team_id: row.team_id }, opened.reason);
    return { secrets: {}, unusable: opened.reason };
  };
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>();
  await refuseOtherSecret(async (sql) => (await pool.query(sql)).rows, keyring);
  let snapshot = buildSnapshot(await readConfig(pool, null), open);
  let running: Promise<ConfigSnapshot> | null = null;
  let queued: Promise<ConfigSnapshot> | null = null;
  /** The latest version that somebody has told of. */
  let heardOf = snapshot.version;
  let isClosed = false;

  async function catchUp(): Promise<ConfigSnapshot> {
    // A look whether there is news is spared where it was told of.
    if (heardOf <= snapshot.version && (await readVersion(pool)) === snapshot.version) return snapshot;
    const told = heardOf;
    const changes = await readConfig(pool, snapshot.version);
    snapshot = changes.isComplete
      ? patchSnapshot(snapshot, changes, open)
      : buildSnapshot(await readConfig(pool, null), open);
    // A database that was set back does not know what was told of before.
    if (heardOf === told) heardOf = snapshot.version;
    for (const listener of listeners) listener(snapshot);
    return snapshot;
  }

  // Callers that come during a read need one that starts after their call; they share the next one.
  function upToDate(): Promise<ConfigSnapshot> {
    if (!running) {
      running = catchUp().finally(() => {
        running = null;
      });
      return running;
    }
    queued ??= running
      .catch(() => snapshot)
      .then(() => {
        queued = null;
        return upToDate();
      });
    return queued;
  }

  async function atLeast(version: bigint): Promise<ConfigSnapshot> {
    heardOf = later(heardOf, version);
    // The read that is under way may bring it.
    if (snapshot.version < version) await running?.catch(() => {});
    return snapshot.version >= version ? snapshot : upToDate();
  }

  const follow = () => {
    upToDate().catch((error: Error) =>
      log.warn({ error: error.message }, "The configuration could not be refreshed; trying again."),
    );
  };
  /** One change makes a notice for each row. */
  const onNotice = (told: string) => {
    heardOf = later(heardOf, BigInt(told));
    if (BigInt(told) !== snapshot.version) follow();
  };
  const poll = setInterval(follow, POLL_MS);
  const { databaseUrl } = options;
  const stopListening = listen({ databaseUrl, channel: "config_changed", onNotice, onConnect: follow });

  return {
    current: () => snapshot,
    upToDate,
    atLeast,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(poll);
      await stopListening();
    },
  };
}

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The secrets of a row, or why they are missing. */
type OpenRow = (row: Exclude<ConfigRow, { kind: "connection" }>) => {
  secrets: Record<string, unknown>;
  unusable?: string;
};

function buildSnapshot(read: ReadConfig, open: OpenRow): ConfigSnapshot {
  const empty: ConfigSnapshot = {
    version: read.version,
    sourcesByKey: new Map(),
    sources: new Map(),
    destinations: new Map(),
    connections: new Map(),
    connectionsBySource: new Map(),
    sharedDestinations: new Set(),
    transformations: new Map(),
  };
  return patchSnapshot(empty, read, open);
}

function readSource(row: Extract<ConfigRow, { kind: "source" }>, open: OpenRow) {
  const { secrets, ...opened } = open(row);
  const { key, type, is_system: isSystem } = row;
  return {
    key,
    type,
    isSystem,
    config: withSecrets(heldConfig(row.config, row.team_masks), secrets),
    updatedAt: new Date(row.updated_at),
    ...opened,
  };
}

/** Makes the next snapshot: the old one without the resources that changed, and with the rows that were read. */
function patchSnapshot(old: ConfigSnapshot, read: ReadConfig, open: OpenRow): ConfigSnapshot {
  const sources = new Map(old.sources);
  const destinations = new Map(old.destinations);
  const connections = new Map(old.connections);
  const transformations = new Map(old.transformations);
  for (const id of read.touched) {
    for (const map of [sources, destinations, connections, transformations]) map.delete(id);
  }
  for (const row of read.rows) {
    const base = { id: row.id, teamId: row.team_id, name: row.name };
    const isDisabled = row.is_disabled;
    if (row.kind === "source") {
      sources.set(row.id, { ...base, ...readSource(row, open), isDisabled });
    } else if (row.kind === "destination") {
      const { secrets, ...opened } = open(row);
      const settings = {
        type: row.type,
        config: withSecrets({ ...DESTINATION_KINDS[row.type]?.defaults, ...row.config } as SecretFields, secrets),
      } as DestinationSettings;
      const endpointHold = row.endpoint_hold;
      destinations.set(row.id, { ...base, ...settings, isDisabled, endpointHold, ...opened });
    } else if (row.kind === "connection") {
      const { source_id: sourceId, destination_id: destinationId, rules, is_paused: isPaused } = row;
      const quietHours = row.quiet_hours?.hours ?? null;
      connections.set(row.id, { ...base, sourceId, destinationId, rules, quietHours, isPaused, isDisabled });
    } else {
      const { secrets, ...opened } = open(row);
      const env = { ...row.env, ...(secrets as CachedTransformation["env"]) };
      transformations.set(row.id, { ...base, code: row.code, env, version: row.version, ...opened });
    }
  }
  return {
    version: read.version,
    sources,
    // Nobody outside may speak for the system source, nor for a team's own services.
    sourcesByKey: new Map(
      [...sources.values()]
        .filter(({ isSystem, type }) => !isSystem && type !== "PUBLISH")
        .map((source) => [source.key, source]),
    ),
    destinations,
    connections,
    connectionsBySource: regroup(old, connections, read),
    sharedDestinations: findShared(connections.values()),
    transformations,
  };
}

/** Only the lists in which something changed are made anew: a team may have ten thousand connections of one source. */
function regroup(
  old: ConfigSnapshot,
  connections: ReadonlyMap<string, CachedConnection>,
  { touched, rows }: ReadConfig,
): Map<string, readonly CachedConnection[]> {
  const gone = new Set(touched);
  const added = rows.flatMap(({ kind, id }) => (kind === "connection" ? (connections.get(id) ?? []) : []));
  const bySource = new Map(old.connectionsBySource);
  const addedBySource = Map.groupBy(added, ({ sourceId }) => sourceId);
  const changed = new Set(addedBySource.keys());
  for (const id of touched) {
    const was = old.connections.get(id);
    if (was) changed.add(was.sourceId);
  }
  for (const sourceId of changed) {
    const kept = (bySource.get(sourceId) ?? []).filter(({ id }) => !gone.has(id));
    const list = [...kept, ...(addedBySource.get(sourceId) ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    if (list.length > 0) bySource.set(sourceId, list);
    else bySource.delete(sourceId);
  }
  return bySource;
}

function findShared(connections: Iterable<CachedConnection>): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { destinationId } of connections) (seen.has(destinationId) ? shared : seen).add(destinationId);
  return shared;
}
