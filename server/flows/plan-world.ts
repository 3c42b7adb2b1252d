// The part of a team's configuration that a file speaks of, and what of the file does not fit it.
import type { Ctx } from "#server/auth/ctx.ts";
import type { FlowProblem, FlowResourceKind } from "#server/contracts/flow.ts";
import type { Tx } from "#server/resources/transact.ts";
import { type Declared, type DeclaredFlows, problemAt } from "./declared.ts";
import { type Owned, readOwned } from "./ownership.ts";
import type { Wanted } from "./require-readable.ts";
import { type Names, type Running, readNames, readRunning, renamed } from "./running.ts";

const KINDS: readonly FlowResourceKind[] = ["transformation", "destination", "source", "connection"];

/** A declared resource beside the one that runs. */
export interface Found {
  declared: Declared;
  running: Running | undefined;
  owned: Owned | undefined;
}

export interface World {
  names: Names;
  running: Running[];
  owned: Owned[];
  knownFlows: Set<string>;
}

const keyOf = ({ kind, name }: { kind: FlowResourceKind; name: string }) => `${kind}:${name}`;

/** What somebody has renamed and the file calls as before, by id. */
function renamesOf(owned: readonly Owned[], names: Names, declared: readonly Declared[]) {
  const keys = new Set(declared.map(keyOf));
  return new Map(
    owned
      .filter((each) => {
        const name = names.nameOf(each.kind, each.id);
        const isRenamed = name !== undefined && name !== each.name && names.idOf(each.kind, each.name) === undefined;
        return isRenamed && keys.has(keyOf(each)) && !keys.has(keyOf({ kind: each.kind, name }));
      })
      .map((each) => [each.id, each]),
  );
}

export async function readWorld(db: Tx, ctx: Ctx, { flows, declared }: DeclaredFlows): Promise<World> {
  const flowNames = flows.map(({ name }) => name);
  const mine = await readOwned(db, ctx, flowNames, []);
  const found = await readNames(db, ctx);
  const names = renamed(found, renamesOf(mine, found, declared));
  const wanted = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      {
        names: declared.filter((each) => each.kind === kind).map(({ name }) => name),
        ids: mine.filter((each) => each.kind === kind).map(({ id }) => id),
      } satisfies Wanted,
    ]),
  ) as Record<FlowResourceKind, Wanted>;
  const running = await readRunning(db, ctx, names, wanted);
  const owned = await readOwned(
    db,
    ctx,
    flowNames,
    running.map(({ id }) => id),
  );
  const known = await db.flow.findMany({
    where: { team_id: ctx.teamId, name: { in: flowNames } },
    select: { name: true },
  });
  return { names, running, owned, knownFlows: new Set(known.map(({ name }) => name)) };
}

/** What refers to something that neither the file nor the team has. */
export function strayReferences({ declared, references }: DeclaredFlows, names: Names): FlowProblem[] {
  const own = new Set(declared.map(keyOf));
  return references
    .filter(({ kind, name }) => !own.has(`${kind}:${name}`) && names.idOf(kind, name) === undefined)
    .map(({ kind, name, origin }) =>
      problemAt(
        origin.flow,
        origin.at,
        `There is no ${kind} called ${name}: declare it in the file, or take one of GET /${kind}s.`,
      ),
    );
}

/** Finds what runs for a declared resource: by its name, or, where somebody has renamed it, by what the flow owns. */
export function finderOf({ running, owned }: World, { declared: all }: DeclaredFlows) {
  const declaredKeys = new Set(all.map(keyOf));
  const byName = new Map(running.map((each) => [keyOf(each), each]));
  const byId = new Map(running.map((each) => [each.id, each]));
  const ownedById = new Map(owned.map((each) => [each.id, each]));
  const ownedByName = new Map(owned.map((each) => [keyOf(each), each]));
  return (declared: Declared) => {
    const renamed = byId.get(ownedByName.get(keyOf(declared))?.id ?? "");
    const isFree = renamed !== undefined && !declaredKeys.has(keyOf(renamed));
    const known = byName.get(keyOf(declared)) ?? (isFree ? renamed : undefined);
    return { running: known, owned: known && ownedById.get(known.id) };
  };
}

/** A resource has one owner: another flow keeps it unless the same file takes it away from there. */
export function ownedElsewhere(pairs: readonly Found[], { flows }: DeclaredFlows): FlowProblem[] {
  const inFile = new Set(flows.map(({ name }) => name));
  return pairs.flatMap(({ declared: { kind, name, origin }, owned }) => {
    if (!owned || owned.flow === origin.flow.name || inFile.has(owned.flow)) return [];
    const remedy = kind === "source" || kind === "destination" ? `write ref: ${name}` : "choose another name";
    return [
      problemAt(origin.flow, `${origin.at}.name`, `The ${kind} ${name} belongs to the flow ${owned.flow}: ${remedy}.`),
    ];
  });
}

export function systemSources(pairs: readonly Found[]): FlowProblem[] {
  return pairs.flatMap(({ declared: { name, origin }, running }) =>
    running?.kind === "source" && running.isSystem
      ? [
          problemAt(
            origin.flow,
            origin.at,
            `${name} is the system source, which is set by its own operations: write ref: ${name}.`,
          ),
        ]
      : [],
  );
}

export type Undeclared = { running: Running; owned: Owned };

/** The ids among `ids` that a connection names which is none of them, or a destination which is none of them, each with what names it. */
const readUses = (db: Tx, ctx: Ctx, ids: string[]) => db.$queryRaw<{ id: string; kind: string; name: string }[]>`
  select used.id, 'connection' as kind, c.name
  from connection c
    cross join lateral (
      select c.source_id as id union all select c.destination_id
      union all select rule ->> 'transformation_id' from jsonb_array_elements(c.rules) as rule
    ) as used
  where c.team_id = ${ctx.teamId} and used.id = any(${ids}) and not c.id = any(${ids})
  union all
  select config ->> 'dead_letter_destination_id', 'destination', name
  from destination
  where team_id = ${ctx.teamId} and config ->> 'dead_letter_destination_id' = any(${ids}) and not id = any(${ids})`;

/** What declared resources lead to. */
const referredBy = (declared: Declared): string[] => {
  if (declared.kind === "destination")
    return declared.deadLetter === null ? [] : [`destination:${declared.deadLetter}`];
  if (declared.kind !== "connection") return [];
  const { source, destination, transform } = declared;
  return [`source:${source}`, `destination:${destination}`, `transformation:${transform}`];
};

/**
 * What something of somebody else's uses stays, and so does what the file only refers to, and what takes the dead letters of what stays.
 * @param declared as they would be by the choices of whoever applies them
 */
export async function removable(db: Tx, ctx: Ctx, undeclared: Undeclared[], declared: readonly Declared[]) {
  if (undeclared.length === 0) return { removed: [], kept: [] };
  const uses = await readUses(
    db,
    ctx,
    undeclared.map(({ running }) => running.id),
  );
  // What the file declares leads to where the file says.
  const own = new Set(declared.map(keyOf));
  const referred = new Set(declared.flatMap(referredBy));
  const stays = new Set([
    ...uses.flatMap(({ id, kind, name }) => (own.has(`${kind}:${name}`) ? [] : [id])),
    ...undeclared.flatMap(({ running }) => (referred.has(keyOf(running)) ? [running.id] : [])),
  ]);
  const destinations = new Map(
    undeclared.flatMap(({ running }) => (running.kind === "destination" ? [[running.name, running]] : [])),
  );
  for (const { id, deadLetter } of destinations.values()) {
    if (!stays.has(id)) continue;
    let taker = destinations.get(deadLetter ?? "");
    for (; taker && !stays.has(taker.id); taker = destinations.get(taker.deadLetter ?? "")) stays.add(taker.id);
  }
  const [kept, removed] = [true, false].map((isKept) =>
    undeclared.filter(({ running }) => stays.has(running.id) === isKept),
  );
  return { removed: removed ?? [], kept: kept ?? [] };
}

/** Owned by a flow of the file, and declared by none of it. */
export function undeclaredOf(
  { running, owned }: World,
  pairs: readonly { running: Running | undefined }[],
  { flows }: DeclaredFlows,
) {
  const kept = new Set(pairs.map((pair) => pair.running?.id));
  const inFile = new Set(flows.map(({ name }) => name));
  const byId = new Map(running.map((each) => [each.id, each]));
  return owned.flatMap((each) => {
    const found = byId.get(each.id);
    return found && inFile.has(each.flow) && !kept.has(each.id) ? [{ running: found, owned: each }] : [];
  });
}
