// The calls of a run: right ones, ones with one thing wrong, and ones that are no call of the API at all.
import type { Operation } from "./document.ts";
import { callOf, type Parts, type SentCall, type Team } from "./sent-call.ts";
import { HOSTILE_TEXTS, spoiledValue } from "./spoiled-value.ts";
import { type Making, validValue } from "./valid-value.ts";

export interface Caller extends Making {
  team: Team;
  key: string;
  readKey: string;
  /** The other team's ids. */
  foreign: Record<string, string>;
  foreignTeam: string;
  /** A body that the contract accepts, and what its query cannot do without; where there is one. */
  known(operation: Operation): Known;
}

/** What is known to be right for an operation besides what the document says: ids that fit, a body, and what its query cannot do without. */
export interface Known {
  path?: Record<string, unknown>;
  query?: string;
  body?: unknown;
}

const READ_SHARE = 0.05;
const keyOf = ({ random, key, readKey }: Caller) => (random.isOneOf(READ_SHARE) ? readKey : key);

function pathOf(caller: Caller, { parameters, resource }: Operation): Record<string, unknown> {
  const inPath = parameters.filter((each) => each.in === "path");
  return Object.fromEntries(
    inPath.map(({ name, schema }) => {
      const ids =
        name === "id" || name === "number"
          ? caller.pool.ids(resource)
          : caller.pool.ids(`${name.replace(/_id$/, "")}s`);
      return [name, ids.length > 0 ? caller.random.pick(ids) : validValue(caller, schema, name, resource)];
    }),
  );
}

function queryOf(caller: Caller, { parameters, resource }: Operation, share: number): Record<string, unknown> {
  const chosen = parameters.filter(
    (each) =>
      each.in === "query" &&
      (each.required || (each.name !== "next" && each.name !== "prev" && caller.random.isOneOf(share))),
  );
  const query = Object.fromEntries(
    chosen.map(({ name, schema }) => [name, validValue(caller, schema, name, resource, 3)]),
  );
  const cursors = parameters.some(({ name }) => name === "next") ? caller.pool.values("next") : [];
  // A cursor belongs to the list and the filters that it is of.
  if (cursors.length > 0 && caller.random.isOneOf(share / 4)) query.next = caller.random.pick(cursors);
  return query;
}

/** Names of its own in place of those of the example, which would be taken. */
function fresh({ random, mark }: Caller, body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("name" in body)) return body;
  return { ...body, name: `${mark}-${random.below(1e9).toString(36)}` };
}

function bodyOf(caller: Caller, { body, resource }: Operation, known: unknown): unknown {
  if (!body) return undefined;
  const way = caller.random.below(4);
  if (way === 0 && body.example !== undefined) return fresh(caller, body.example);
  if (way <= 1 && known !== undefined) return fresh(caller, known);
  const made = validValue(caller, body.schema, "", resource);
  // What is known to be right, with more.
  return way === 2 && known !== undefined ? { ...(made as object), ...(fresh(caller, known) as object) } : made;
}

/** @param isLeast with nothing that may be left out */
export function rightParts(caller: Caller, operation: Operation, isLeast: boolean): Parts {
  const known = caller.known(operation);
  const least = known.body === undefined && operation.body ? {} : known.body;
  const needed = Object.fromEntries(new URLSearchParams(known.query));
  return {
    path: { ...pathOf(caller, operation), ...(isLeast && known.path) },
    query: { ...needed, ...queryOf(caller, operation, isLeast ? 0 : 0.2) },
    body: isLeast && operation.body ? fresh(caller, least) : bodyOf(caller, operation, known.body),
  };
}

export const rightCall = (caller: Caller, operation: Operation, isLeast: boolean): SentCall =>
  callOf(caller.team, operation, rightParts(caller, operation, isLeast), caller.key);

function wrongPath(caller: Caller, operation: Operation, parts: Parts): Parts {
  const { random, foreign } = caller;
  const names = Object.keys(parts.path);
  if (names.length === 0) return wrongQuery(caller, operation, parts);
  const name = random.pick(names);
  const theirs = foreign[operation.resource];
  const value =
    theirs && random.isOneOf(0.5)
      ? theirs
      : random.pick([...HOSTILE_TEXTS.filter(({ length }) => length < 2_000), "%zz", "%c0%af", "%ff", "%2"]);
  return { ...parts, path: { ...parts.path, [name]: value } };
}

function wrongQuery({ random, document }: Caller, operation: Operation, parts: Parts): Parts {
  const named = operation.parameters.filter((each) => each.in === "query");
  const text = () => random.pick(HOSTILE_TEXTS.filter(({ length }) => length < 5_000));
  const other = random.pick([
    "no_such",
    "x[]",
    "__proto__",
    "a[__proto__]",
    "limit",
    "date_range[start]",
    "constructor[prototype]",
  ]);
  if (named.length === 0 || random.isOneOf(0.1)) return { ...parts, query: { ...parts.query, [other]: text() } };
  const { name, schema } = random.pick(named);
  const value = random.isOneOf(0.5) ? text() : spoiledValue(document, random, parts.query[name] ?? text(), schema);
  return { ...parts, query: { ...parts.query, [name]: value } };
}

const BROKEN_BODIES: readonly (string | Buffer)[] = [
  "",
  "{",
  "nul",
  "null",
  "[]",
  '"x"',
  "1",
  "{}{}",
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '{"name":"a","name":"b"}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  "\ufeff{}",
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from([0x1f, 0x8b, 0x08, 0x00]),
  Buffer.from('{"a":"\u0000"}'),
  "[".repeat(100_000),
  `{"a":${"9".repeat(5_000)}}`,
  `{"name":"${"x".repeat(1024 * 1024)}"}`,
  `[${"0,".repeat(20_000)}0]`,
];

const ODD_HEADERS: readonly Record<string, string>[] = [
  { "content-type": "text/plain" },
  { "content-type": "application/xml" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "multipart/form-data" },
  { "content-type": "application/cloudevents+json" },
  { "content-type": "application/cloudevents-batch+json" },
  { "content-type": "" },
  { "content-type": "a".repeat(500) },
  { "content-encoding": "gzip" },
  { accept: "text/html" },
  { "x-team-id": "tm_nobody" },
  { "x-team-id": "" },
  { "x-http-method-override": "DELETE" },
  { "x-forwarded-for": "::1, 'x" },
  { authorization: "" },
  { authorization: "Bearer" },
  { authorization: "Bearer sy_nobody-has-this-key-of-all-keys" },
  { authorization: `Bearer ${"x".repeat(5_000)}` },
  { authorization: "Basic dTpw" },
  { cookie: "a=b; __proto__=c" },
  { "if-none-match": "*" },
  { range: "bytes=0-1" },
];

const ODD_TARGETS = [
  "/v1",
  "/v1/",
  "/v1/nothing",
  "/v1/sources/%00/x",
  "/v1//sources",
  "/v1/../sources",
  "/v1/%zz",
  "/",
  "/v1/sources/a/b/c/d?e=f",
];

function oddCall(caller: Caller, operation: Operation, right: SentCall): SentCall {
  const { random, foreignTeam } = caller;
  const way = random.below(5);
  if (way === 0) {
    const method = random.pick(["GET", "POST", "PUT", "PATCH", "DELETE"]);
    return { ...right, method, target: random.pick(ODD_TARGETS), operation: null, body: null };
  }
  if (way === 1 && operation.body) {
    const { json: _, ...rest } = right;
    return { ...rest, body: Buffer.from(random.pick(BROKEN_BODIES)) };
  }
  const odd = random.isOneOf(0.1) ? { "x-team-id": foreignTeam } : random.pick(ODD_HEADERS);
  const { json: _, ...rest } = right;
  return { ...rest, headers: { ...right.headers, ...odd } };
}

/** A call with a parameter that no operation has. */
export function strangeCall(caller: Caller, operation: Operation): SentCall {
  const parts = rightParts(caller, operation, true);
  return callOf(caller.team, operation, { ...parts, query: { ...parts.query, no_such_parameter: 1 } }, caller.key);
}

/** A call with one thing wrong with it, which some operations nevertheless take. */
export function wrongCall(caller: Caller, operation: Operation): SentCall {
  const { random, document } = caller;
  const parts = rightParts(caller, operation, false);
  const way = random.below(10);
  const send = (wrong: Parts) => callOf(caller.team, operation, wrong, keyOf(caller));
  if (way < 5 && operation.body)
    return send({ ...parts, body: spoiledValue(document, random, parts.body, operation.body.schema) });
  if (way < 7) return send(wrongQuery(caller, operation, parts));
  if (way < 8) return send(wrongPath(caller, operation, parts));
  return oddCall(caller, operation, send(parts));
}
