// The resources that run, as far as a plan or an export needs them.
import type { Ctx } from "#server/auth/ctx.ts";
import type { DestinationSettings } from "#server/contracts/destination.ts";
import type { FlowResourceKind } from "#server/contracts/flow.ts";
import type { Rules } from "#server/contracts/rule.ts";
import type { SourceConfig, SourceType } from "#server/contracts/source.ts";
import { readRules } from "#server/resources/connection-rules.sql.ts";
import { openSettings } from "#server/resources/destinations.ts";
import { openConfig } from "#server/resources/sources.ts";
import type { Tx } from "#server/resources/transact.ts";
import { type Env, openEnv } from "#server/resources/transformations.ts";
import { connectionFacts, destinationFacts, type Facts, sourceFacts, transformationFacts } from "./facts.ts";
import { requireReadable, type Wanted } from "./require-readable.ts";
import { mapShared } from "./share-thread.ts";
import type { Fields } from "./spelling.ts";

interface Row {
  id: string;
  name: string;
  updatedAt: Date;
  facts: Facts;
  /** Secrets in clear, by path. They leave the server for nothing. */
  secrets: Record<string, string>;
}
export interface RunningSource extends Row {
  kind: "source";
  type: SourceType;
  config: SourceConfig;
  isSystem: boolean;
}
export interface RunningDestination extends Row {
  kind: "destination";
  settings: DestinationSettings;
  deadLetter: string | null;
}
export interface RunningConnection extends Row {
  kind: "connection";
  rules: Rules;
  transform: string | null;
}
export interface RunningTransformation extends Row {
  kind: "transformation";
  env: Env;
}
export type Running = RunningSource | RunningDestination | RunningConnection | RunningTransformation;

/** The names of everything that a resource may refer to, both ways. */
export interface Names {
  nameOf(kind: FlowResourceKind, id: string): string | undefined;
  idOf(kind: FlowResourceKind, name: string): string | undefined;
  /** Notes what was made. */
  add(kind: FlowResourceKind, name: string, id: string): void;
}

/** The same with other names for some ids, such as those that a file has for what somebody has renamed. */
export function renamed(names: Names, byId: ReadonlyMap<string, { kind: FlowResourceKind; name: string }>): Names {
  const ids = new Map([...byId].map(([id, { kind, name }]) => [`${kind}:${name}`, id]));
  return {
    nameOf: (kind, id) => byId.get(id)?.name ?? names.nameOf(kind, id),
    idOf: (kind, name) => ids.get(`${kind}:${name}`) ?? names.idOf(kind, name),
    add: names.add,
  };
}

const KINDS = ["source", "destination", "transformation"] as const;

export async function readNames(db: Tx, ctx: Ctx): Promise<Names> {
  const rows = await db.$queryRaw<{ kind: string; id: string; name: string }[]>`
    select 'source' as kind, id, name from source where team_id = ${ctx.teamId}
    union all select 'destination', id, name from destination where team_id = ${ctx.teamId}
    union all select 'transformation', id, name from transformation where team_id = ${ctx.teamId}`;
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  const names = new Map(KINDS.map((kind) => [kind, new Map(of(kind).map(({ id, name }) => [id, name]))]));
  const ids = new Map(KINDS.map((kind) => [kind, new Map(of(kind).map(({ id, name }) => [name, id]))]));
  return {
    nameOf: (kind, id) => (kind === "connection" ? undefined : names.get(kind)?.get(id)),
    idOf: (kind, name) => (kind === "connection" ? undefined : ids.get(kind)?.get(name)),
    add(kind, name, id) {
      if (kind !== "connection") ids.get(kind)?.set(name, id);
    },
  };
}

const textsOf = (prefix: string, values: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" ? [[`${prefix}.${name}`, value]] : [],
    ),
  );

/** Rows of one kind by name or id. */
const whereOf = (ctx: Ctx, wanted: Wanted | undefined) => ({
  team_id: ctx.teamId,
  ...(wanted && { OR: [{ name: { in: wanted.names } }, { id: { in: wanted.ids } }] }),
});

async function readSources(db: Tx, ctx: Ctx, wanted?: Wanted): Promise<RunningSource[]> {
  const rows = await db.source.findMany({ where: whereOf(ctx, wanted), orderBy: { name: "asc" } });
  return mapShared(rows, (row) => {
    const { config } = openConfig(ctx, row);
    const isDisabled = row.disabled_at !== null;
    return {
      kind: "source",
      id: row.id,
      name: row.name,
      updatedAt: row.updated_at,
      type: row.type as SourceType,
      isSystem: row.is_system,
      config,
      secrets: textsOf("config.auth", config.auth),
      facts: sourceFacts({ ...row, isDisabled, config }),
    };
  });
}

async function readDestinations(db: Tx, ctx: Ctx, names: Names, wanted?: Wanted): Promise<RunningDestination[]> {
  const rows = await db.destination.findMany({ where: whereOf(ctx, wanted), orderBy: { name: "asc" } });
  return mapShared(rows, (row) => {
    const { settings } = openSettings(ctx, row);
    const { auth = {}, headers = {} } = settings.config as { auth?: Fields; headers?: Fields };
    const to = settings.config.dead_letter_destination_id;
    const deadLetter = to === null ? null : (names.nameOf("destination", to) ?? to);
    return {
      kind: "destination",
      id: row.id,
      name: row.name,
      updatedAt: row.updated_at,
      settings,
      deadLetter,
      secrets: { ...textsOf("config.auth", auth), ...textsOf("config.headers", headers) },
      facts: destinationFacts({ ...row, isDisabled: row.disabled_at !== null, config: settings.config }, deadLetter),
    };
  });
}

async function readConnections(db: Tx, ctx: Ctx, names: Names, wanted?: Wanted): Promise<RunningConnection[]> {
  const rows = await db.connection.findMany({ where: whereOf(ctx, wanted), orderBy: { name: "asc" } });
  const rules = await readRules(
    db,
    ctx,
    rows.map(({ id }) => id),
  );
  return mapShared(rows, (row) => {
    const own = rules.get(row.id) ?? [];
    const used = own.find((rule) => rule.type === "transform")?.transformation_id;
    const transform = used === undefined ? null : (names.nameOf("transformation", used) ?? used);
    return {
      kind: "connection",
      id: row.id,
      name: row.name,
      updatedAt: row.updated_at,
      rules: own,
      transform,
      secrets: {},
      facts: connectionFacts({
        name: row.name,
        description: row.description,
        source: names.nameOf("source", row.source_id) ?? row.source_id,
        destination: names.nameOf("destination", row.destination_id) ?? row.destination_id,
        rules: own,
        transform,
        isPaused: row.paused_at !== null,
        isDisabled: row.disabled_at !== null,
      }),
    };
  });
}

async function readTransformations(db: Tx, ctx: Ctx, wanted?: Wanted): Promise<RunningTransformation[]> {
  const rows = await db.transformation.findMany({ where: whereOf(ctx, wanted), orderBy: { name: "asc" } });
  return mapShared(rows, (row) => {
    const { env } = openEnv(ctx, row);
    const { id, name, description, code } = row;
    return {
      kind: "transformation",
      id,
      name,
      updatedAt: row.updated_at,
      env,
      secrets: textsOf("env", env),
      facts: transformationFacts({ name, description, code }),
    };
  });
}

/**
 * @param wanted by kind; everything of the team where it is left out
 * @throws AppError UNPROCESSABLE where that is more than the memory of a gateway should hold
 */
export async function readRunning(
  db: Tx,
  ctx: Ctx,
  names: Names,
  wanted?: Record<FlowResourceKind, Wanted>,
): Promise<Running[]> {
  await requireReadable(db, ctx, wanted);
  const isWanted = (kind: FlowResourceKind) => {
    const of = wanted?.[kind];
    return of === undefined || of.names.length + of.ids.length > 0;
  };
  return [
    ...(isWanted("transformation") ? await readTransformations(db, ctx, wanted?.transformation) : []),
    ...(isWanted("destination") ? await readDestinations(db, ctx, names, wanted?.destination) : []),
    ...(isWanted("source") ? await readSources(db, ctx, wanted?.source) : []),
    ...(isWanted("connection") ? await readConnections(db, ctx, names, wanted?.connection) : []),
  ];
}
