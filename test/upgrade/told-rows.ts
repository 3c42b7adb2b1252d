// All that a version tells by its API: each list of its OpenAPI document, and each of its rows by id. Two versions over one
// database have to tell the same.
import { API_KEY } from "#test/support/system.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Row = { [name: string]: Json };

/** The rows of a list by id, and some of them as they are told alone. */
interface ToldList {
  rows: Map<string, Row>;
  alone: Map<string, Row>;
}

/** By path, as `/v1/requests`. */
export type ToldRows = Map<string, ToldList>;

interface Operation {
  parameters?: { in: string; required?: boolean }[];
}
interface OpenApi {
  paths: Record<string, { get?: Operation }>;
}

const PAGE = 250;
/** The newest rows of a list that are looked at, and of them those that are asked for by id. */
const ROWS = 1_000;
const ALONE = 25;

const get = (url: string, path: string) =>
  fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${API_KEY}` },
    signal: AbortSignal.timeout(30_000),
  });

/** @throws with the answer's text where it is not 2xx */
async function ask<T>(url: string, path: string): Promise<T> {
  const response = await get(url, path);
  if (!response.ok) throw new Error(`GET ${url}${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

export interface ToldPaths {
  lists: string[];
  /** Of each list that has one: `/v1/requests/{id}`. */
  alone: Map<string, string>;
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text).data);
  } catch {
    return false;
  }
}

/** The lists that can be read with nothing but a key. @throws where a door answers 5xx */
export async function readPaths(url: string): Promise<ToldPaths> {
  const { paths } = await ask<OpenApi>(url, "/v1/openapi.json");
  const needsNothing = ([, { get }]: [string, { get?: Operation }]) =>
    get !== undefined && !(get.parameters ?? []).some((one) => one.required && one.in === "query");
  const readable = Object.entries(paths)
    .filter(needsNothing)
    .map(([path]) => (path.startsWith("/v1") ? path : `/v1${path}`));
  const lists: string[] = [];
  for (const path of readable.filter((one) => !one.includes("{"))) {
    const response = await get(url, path);
    const text = await response.text();
    if (response.status > 499) throw new Error(`GET ${url}${path}: ${response.status} ${text}`);
    // Others are for people only, or no JSON.
    if (response.ok && isList(text)) lists.push(path);
  }
  const alone = new Map(
    lists.flatMap((list) => readable.filter((path) => path === `${list}/{id}`).map((path) => [list, path] as const)),
  );
  return { lists, alone };
}

async function readList(url: string, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? "" : `&next=${encodeURIComponent(next)}`;
    const page = await ask<{ data?: unknown; pagination?: { next: string | null } }>(
      url,
      `${path}?limit=${PAGE}${cursor}`,
    ).catch((error: Error) => {
      // Not every list has pages.
      if (next === null && / 4\d\d /.test(error.message)) return ask<{ data?: unknown }>(url, path);
      throw error;
    });
    if (!Array.isArray(page.data)) return rows;
    rows.push(...page.data.filter(isRow));
    next = "pagination" in page ? (page.pagination?.next ?? null) : null;
  } while (next !== null && rows.length < ROWS);
  return rows;
}

/** @param known what another version told: the rows that it told alone are asked for here, in place of the newest */
export async function readTold(url: string, { lists, alone }: ToldPaths, known?: ToldRows): Promise<ToldRows> {
  const told: ToldRows = new Map();
  for (const path of lists) {
    const rows = new Map(
      (await readList(url, path)).flatMap((row) => (typeof row.id === "string" ? [[row.id, row]] : [])),
    );
    const one = alone.get(path);
    const ids = one === undefined ? [] : [...(known?.get(path)?.alone.keys() ?? rows.keys())].slice(0, ALONE);
    const single = new Map<string, Row>();
    for (const id of ids) single.set(id, await ask<Row>(url, `${one}`.replace("{id}", encodeURIComponent(id))));
    told.set(path, { rows, alone: single });
  }
  return told;
}

/** Whether all that `before` says is said by `after`, which may say more. */
function holds(before: Json | undefined, after: Json | undefined): boolean {
  if (isRow(before) && isRow(after)) return Object.keys(before).every((name) => holds(before[name], after[name]));
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((one, i) => holds(one, after[i]));
  return before === after;
}

const UNFINISHED = new Set<Json | undefined>(["QUEUED", "SCHEDULED", "RETRYING", "HOLD"]);

/** Whoever runs goes on with an event that is not at its end. */
const isUnderWay = (row: Row) => UNFINISHED.has(row.status);

/** What is made of a request may be made by both, one after the other. */
const GROWING = new Set(["events_count", "ignored_count"]);
const hasGrown = (name: string, before: Json | undefined, after: Json | undefined) =>
  GROWING.has(name) && typeof before === "number" && typeof after === "number" && after > before;

interface Compared {
  before: ToldRows;
  after: ToldRows;
  /** Read after `after` from whoever told `before`: what had changed by then says nothing. */
  again: ToldRows;
}

/** What `after` tells otherwise than `before`, a sentence each. It may tell more. Pure. */
export function compareTold({ before, after, again }: Compared): string[] {
  const different: string[] = [];
  const compare = (path: string, which: "rows" | "alone", list: string) => {
    for (const [id, row] of before.get(list)?.[which] ?? []) {
      const [other, later] = [after, again].map((told) => told.get(list)?.[which].get(id));
      const isShown = later !== undefined && (after.get(list)?.[which].size ?? 0) < ROWS;
      if (!other && isShown) different.push(`${path}: ${id} is not told any more.`);
      if (!other || !later || isUnderWay(row)) continue;
      for (const name of Object.keys(row)) {
        const [was, is] = [row[name], other[name]];
        if (!holds(was, later[name]) || holds(was, is) || hasGrown(name, was, is)) continue;
        different.push(`${path}: ${name} of ${id} was ${JSON.stringify(was)}, now ${JSON.stringify(is)}.`);
      }
    }
  };
  for (const list of before.keys()) {
    compare(list, "rows", list);
    compare(`${list}/{id}`, "alone", list);
  }
  return different;
}
