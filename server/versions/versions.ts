// The versions of a team's configuration as its people read them. docs/decisions/086
import type { Ctx } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import { SECRET_AUTH_FIELDS } from "#server/contracts/source.ts";
import type {
  GetVersion,
  ListVersions,
  Version,
  VersionChange,
  VersionField,
  VersionSummary,
} from "#server/contracts/version.ts";
import { notFound } from "#server/errors/app-error.ts";
import { parseJson } from "#server/json/parse.ts";
import { shorten } from "#server/json/show.ts";
import { namesOf } from "#server/resources/audit-names.ts";
import { differingFields, documentOf, type Fields, isFields, type State } from "./document.ts";
import {
  type ChangeRow,
  type StateRow,
  selectChanges,
  selectNewest,
  selectStates,
  selectVersion,
  selectVersions,
  type VersionRow,
} from "./versions.sql.ts";

/** What a list shows of each version; the rest it counts. */
const LISTED_CHANGES = 3;
const LISTED_FIELDS = 4;
/** What one answer shows of a comparison. */
const MAX_CHANGES = 500;

const SECRETS: ReadonlySet<string> = new Set(SECRET_AUTH_FIELDS);

export const parsedState = (text: string | null): State | null =>
  text === null ? null : (parseJson(text) as unknown as State);

const parsedFields = (text: string | null): Fields => {
  const value: unknown = text === null ? null : parseJson(text);
  return isFields(value) ? value : {};
};

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});

/** The secrets that an entry of the audit log names, by path, masked. */
function secretsIn(entry: Fields): Map<string, unknown> {
  const { auth, headers } = fieldsIn(entry.config);
  const named = [
    ...Object.entries(fieldsIn(auth)).flatMap(([name, value]) =>
      SECRETS.has(name) ? [[`config.auth.${name}`, value] as const] : [],
    ),
    ...Object.entries(fieldsIn(headers)).map(([name, value]) => [`config.headers.${name}`, value] as const),
    ...Object.entries(fieldsIn(entry.env)).map(([name, value]) => [`env.${name}`, value] as const),
  ];
  return new Map(named);
}

function secretFields(row: ChangeRow): VersionField[] {
  const [before, after] = [secretsIn(parsedFields(row.noted_before)), secretsIn(parsedFields(row.noted_after))];
  return [...new Set([...before.keys(), ...after.keys()])].map((path) => ({
    path,
    before: before.get(path) ?? null,
    after: after.get(path) ?? null,
    is_secret: true,
  }));
}

/** A change of a resource from one state to the other. */
function changeBetween(
  { resource_kind, resource_id }: Pick<StateRow, "resource_kind" | "resource_id">,
  before: State | null,
  after: State | null,
): VersionChange {
  const [one, other] = [before, after].map((state) => (state ? documentOf(resource_kind, state) : {}));
  const fields = differingFields(one ?? {}, other ?? {});
  const action = before === null ? "create" : after === null ? "delete" : "update";
  return { resource_kind, resource_id, resource_name: (after ?? before)?.name ?? resource_id, action, fields };
}

const changeOf = (row: ChangeRow): VersionChange => {
  const change = changeBetween(row, parsedState(row.before), parsedState(row.after));
  return { ...change, action: row.action, fields: [...change.fields, ...secretFields(row)] };
};

/** What the first entry of a version says that it is part of. */
function causeIn(rows: readonly ChangeRow[]): Pick<Version, "flow" | "restored_from"> {
  const { flow, restored_version: restored } = parsedFields(rows[0]?.noted_after ?? null);
  return {
    flow: typeof flow === "string" ? flow : null,
    restored_from: typeof restored === "number" ? restored : null,
  };
}

const nameActors = (ctx: Ctx, rows: readonly VersionRow[]) =>
  namesOf(
    ctx.app.db,
    ctx.teamId,
    rows.map(({ actor_kind, actor_id }) => [actor_kind, actor_id] as const),
  );

const shown = (row: VersionRow, names: Map<string, string>, changes: readonly ChangeRow[]) => ({
  ...row,
  created_at: row.created_at.toISOString(),
  actor_name: names.get(row.actor_id) ?? null,
  ...causeIn(changes),
});

const short = (value: unknown) => shorten(value as Parameters<typeof shorten>[0]);

function summarized(change: VersionChange): VersionChange {
  const fields = change.fields.slice(0, LISTED_FIELDS);
  return { ...change, fields: fields.map((f) => ({ ...f, before: short(f.before), after: short(f.after) })) };
}

/** The newest first; `pagination.next` is the `before` of the next page. */
export async function listVersions(ctx: Ctx, input: ListVersions): Promise<Page<VersionSummary>> {
  const { limit, before, resource_id, resource_kind } = input;
  const filter = {
    before: before ?? null,
    resourceId: resource_id ?? null,
    resourceKind: resource_kind ?? null,
    take: limit + 1,
  };
  const found = await ctx.app.searches.run<VersionRow>(ctx, selectVersions(ctx.teamId, filter));
  const rows = found.slice(0, limit);
  const numbers = rows.map(({ number }) => number);
  const changes = await ctx.app.searches.run<ChangeRow>(ctx, selectChanges(ctx.teamId, numbers, LISTED_CHANGES, false));
  const names = await nameActors(ctx, rows);
  const byNumber = Map.groupBy(changes, ({ number }) => number);
  const data = rows.map((row) => {
    const of = byNumber.get(row.number) ?? [];
    return { ...shown(row, names, of), changes: of.map(changeOf).map(summarized) };
  });
  const next = found.length > limit ? String(rows.at(-1)?.number) : null;
  return { data, pagination: { limit, order_by: "number", dir: "desc", next, prev: null } };
}

/** The number of the version that runs; 0 where nothing was ever configured. */
export async function newestVersion(ctx: Ctx): Promise<number> {
  const rows = await ctx.app.searches.run<{ number: number }>(ctx, selectNewest(ctx.teamId));
  return rows[0]?.number ?? 0;
}

/** @throws AppError NOT_FOUND */
export async function findVersion(ctx: Ctx, number: number): Promise<VersionRow> {
  const [row] = await ctx.app.searches.run<VersionRow>(ctx, selectVersion(ctx.teamId, number));
  if (row) return row;
  throw notFound("version", String(number));
}

async function comparison(ctx: Ctx, against: number, number: number): Promise<VersionChange[]> {
  const changed = { since: Math.min(against, number), until: Math.max(against, number) };
  const statesAt = async (at: number) => {
    const rows = await ctx.app.searches.run<StateRow>(ctx, selectStates(ctx.teamId, at, changed, MAX_CHANGES));
    return new Map(rows.map((row) => [row.resource_id, row]));
  };
  const [before, after] = [await statesAt(against), await statesAt(number)];
  return [...new Map([...before, ...after]).values()]
    .map((row) =>
      changeBetween(
        row,
        parsedState(before.get(row.resource_id)?.state ?? null),
        parsedState(after.get(row.resource_id)?.state ?? null),
      ),
    )
    .filter(({ fields }) => fields.length > 0);
}

/** A version with what differs from the one before, or from any other. */
export async function getVersion(ctx: Ctx, input: GetVersion): Promise<Version> {
  const { number } = input;
  const row = await findVersion(ctx, number);
  const against = input.against ?? number - 1;
  if (against > 0 && input.against !== undefined) await findVersion(ctx, against);
  const own = await ctx.app.searches.run<ChangeRow>(ctx, selectChanges(ctx.teamId, [number], MAX_CHANGES, true));
  const changes = against === number - 1 ? own.map(changeOf) : await comparison(ctx, against, number);
  const names = await nameActors(ctx, [row]);
  return { ...shown(row, names, own), against, newest: await newestVersion(ctx), changes };
}
