// The configuration that runs as a file that says it. The same configuration gives the same bytes, and applying them changes nothing.
import type { Ctx } from "#server/auth/ctx.ts";
import type { ExportedFlows, ExportFlows } from "#server/contracts/flow.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { readOwned } from "./ownership.ts";
import { type Running, type RunningConnection, type RunningSource, readNames, readRunning } from "./running.ts";
import { type Draft, draftToFile } from "./to-file.ts";

/** Of what several sources use and no flow owns. */
const SHARED = "shared";
const MAX_NAME = 155;

const ofKind = <K extends Running["kind"]>(running: readonly Running[], kind: K) =>
  running.filter((each): each is Extract<Running, { kind: K }> => each.kind === kind);

/** Makes drafts by the name of their flow; one that no flow has yet gets a name that is free. */
class Drafts {
  readonly byName = new Map<string, Draft>();
  readonly #bySource = new Map<string, Draft>();
  #shared: Draft | undefined;

  of(name: string): Draft {
    let draft = this.byName.get(name);
    if (!draft) {
      draft = { name, source: undefined, transformations: [], destinations: [], connections: [] };
      this.byName.set(name, draft);
    }
    return draft;
  }

  #free(name: string): Draft {
    let free = name;
    for (let n = 2; this.byName.has(free); n++) free = `${name.slice(0, MAX_NAME - 5)}-${n}`;
    return this.of(free);
  }

  /** The draft whose source this is, which declares it. */
  ofSource(source: RunningSource): Draft {
    const draft = this.#bySource.get(source.id) ?? this.#free(source.name);
    return this.declareSource(draft, source);
  }

  declareSource(draft: Draft, source: RunningSource): Draft {
    draft.source = source;
    this.#bySource.set(source.id, draft);
    return draft;
  }

  shared(): Draft {
    this.#shared ??= this.#free(SHARED);
    return this.#shared;
  }
}

type OwnerOf = (id: string) => string | undefined;

/** A connection stays in the flow that owns it while that has no other source; else it goes with its source. */
function placeConnections(
  drafts: Drafts,
  sources: Map<string, RunningSource>,
  connections: RunningConnection[],
  ownerOf: OwnerOf,
) {
  for (const connection of connections) {
    const source = sources.get(String(connection.facts.source));
    const owner = ownerOf(connection.id);
    // What tells people of the team's own happenings is made by other operations.
    if (!source || (source.isSystem && owner === undefined)) continue;
    const own = owner === undefined ? undefined : drafts.of(owner);
    if (own && (own.source === undefined || own.source.id === source.id)) {
      // It belongs to another flow, or to none: here it is only named.
      own.source ??= { ...source, isReferred: true };
      own.connections.push(connection);
    } else drafts.ofSource(source).connections.push(connection);
  }
}

/** The drafts by the name of what their connections use. */
function usersBy(drafts: Iterable<Draft>, usedBy: (connection: RunningConnection) => string | null) {
  const users = new Map<string, Set<Draft>>();
  for (const draft of drafts) {
    for (const connection of draft.connections) {
      const name = usedBy(connection);
      if (name !== null) users.set(name, (users.get(name) ?? new Set()).add(draft));
    }
  }
  return users;
}

/** Declared by its owner; without one where the only source that uses it is. */
function placeUsed(drafts: Drafts, all: readonly Running[], ownerOf: OwnerOf): void {
  const used = [...drafts.byName.values()];
  const byDestination = usersBy(used, ({ facts }) => String(facts.destination));
  const byTransform = usersBy(used, ({ transform }) => transform);
  const place = (id: string, of: ReadonlySet<Draft> = new Set()) => {
    const owner = ownerOf(id);
    const [only] = of;
    return owner !== undefined ? drafts.of(owner) : only && of.size === 1 ? only : drafts.shared();
  };
  for (const each of ofKind(all, "destination")) place(each.id, byDestination.get(each.name)).destinations.push(each);
  for (const each of ofKind(all, "transformation"))
    place(each.id, byTransform.get(each.name)).transformations.push(each);
}

/** A person's machine is there as long as it listens, and an endpoint as long as it registers itself: a file would make it anew once it is gone. */
function withoutComers(running: readonly Running[], endpoints: ReadonlySet<string>): Running[] {
  const comers = new Set(
    ofKind(running, "destination").flatMap(({ id, name, settings }) =>
      settings.type === "CLI" || endpoints.has(id) ? [name] : [],
    ),
  );
  return running.filter(({ kind, name, facts }) =>
    kind === "connection" ? !comers.has(String(facts.destination)) : kind !== "destination" || !comers.has(name),
  );
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** @throws AppError UNPROCESSABLE for a source that is not the team's */
export async function exportFlows(ctx: Ctx, { source_id: sourceId }: ExportFlows): Promise<ExportedFlows> {
  const { db } = ctx.app;
  const names = await readNames(db, ctx);
  const flows = await db.flow.findMany({ where: { team_id: ctx.teamId }, select: { name: true } });
  const owned = await readOwned(
    db,
    ctx,
    flows.map(({ name }) => name),
    [],
  );
  const owners = new Map(owned.map(({ id, flow }) => [id, flow]));
  const ownerOf: OwnerOf = (id) => owners.get(id);
  const endpoints = await db.endpoint.findMany({ where: { team_id: ctx.teamId }, select: { id: true } });
  const free = endpoints.flatMap(({ id }) => (owners.has(id) ? [] : [id]));
  const all = withoutComers(await readRunning(db, ctx, names), new Set(free)).sort(byName);
  const drafts = new Drafts();
  for (const { id } of all) {
    const owner = ownerOf(id);
    if (owner !== undefined) drafts.of(owner);
  }
  const sources = ofKind(all, "source");
  for (const source of sources) {
    const owner = ownerOf(source.id);
    if (owner !== undefined) drafts.declareSource(drafts.of(owner), source);
    else if (!source.isSystem) drafts.ofSource(source);
  }
  placeConnections(drafts, new Map(sources.map((source) => [source.name, source])), ofKind(all, "connection"), ownerOf);
  placeUsed(drafts, all, ownerOf);
  const wanted = [...drafts.byName.values()].filter((draft) => sourceId === undefined || draft.source?.id === sourceId);
  if (sourceId !== undefined && wanted.length === 0) {
    throw wrongField("source_id", `There is no source with the id ${sourceId}: take one of GET /sources.`);
  }
  const texts: string[] = [];
  for (const draft of wanted.sort(byName)) texts.push(await draftToFile(draft));
  return { text: texts.join("---\n") };
}
