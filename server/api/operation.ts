// The type of an operation: its name, input, output and verb. Every transport derives from it.
import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { parseInput } from "#server/errors/field-issues.ts";
import type { TurnKind } from "#server/shares/team-shares.ts";
import type { Json } from "./json-schema.ts";
import { requireStorable } from "./storable.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Bytes as they are, in place of JSON. */
export interface RawAnswer {
  content_type: string | null;
  body: Buffer;
}

/** The limits of a body: bytes as sent, and JSON values, which cost more than their bytes. */
export interface BodyLimits {
  bytes: number;
  values: number;
}
const CONFIG_BODY: BodyLimits = { bytes: 1024 * 1024, values: 10_000 };
/** Room for the longest code of a transformation in its worst escaping, and for a request to try it on. */
export const CODE_BODY: BodyLimits = { bytes: 2 * 1024 * 1024, values: 50_000 };

/** An operation that changes, sends or computes is a write. */
export type Effect = "read" | "write";

interface Described<E extends Effect, I extends z.ZodObject> {
  effect: E;
  /** The capability that the caller needs; its verb demands the same. */
  can: Capability;
  method: Method;
  /** Below /v1, with `:name` for parameters. */
  path: `/${string}`;
  /** A sentence without its full stop. */
  summary: string;
  /** Path parameters, query and body are one object to it. */
  input: I;
  status: 200 | 201;
  body: BodyLimits;
  turns: TurnKind;
  /** The key of an endpoint may call it, for that endpoint: its verb asks `requireOwn`. */
  isOwn?: boolean;
  /** The input of a call over HTTP; without it the body has to be a JSON object. */
  readCall?: (call: RawCall) => Record<string, unknown>;
  /** With `readCall`, for the OpenAPI document: parameters and kinds of body that are not as `input`. */
  alsoTakes?: { parameters: readonly Json[]; content: Json };
}

/** `I` and `O` are kept in the type: the router and its clients are typed by them. */
export interface JsonOperation<
  E extends Effect = Effect,
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
> extends Described<E, I> {
  kind: "json";
  output: O;
  /** Reads `input` by the contract and calls the verb; the answer is not yet cut to `output`. */
  run(ctx: Ctx, input: unknown): Promise<unknown>;
}
export interface BytesOperation extends Described<"read", z.ZodObject> {
  kind: "raw";
  run(ctx: Ctx, input: unknown): Promise<RawAnswer>;
}
export type Operation = JsonOperation | BytesOperation;
/** A call as it came, for an operation that takes more than a JSON object. */
export interface RawCall {
  headers: IncomingHttpHeaders;
  query: Record<string, unknown>;
  body: Buffer;
  /** The body as JSON, safe and exact. @throws AppError where it is none */
  json(): unknown;
}

/** With its key in the table, as `connections.pause`. */
export type NamedOperation = Operation & { name: string };

type Options = Partial<
  Pick<Described<Effect, z.ZodObject>, "status" | "body" | "turns" | "can" | "readCall" | "isOwn" | "alsoTakes">
>;
const DEFAULTS = {
  status: 200,
  body: CONFIG_BODY,
  turns: "verbs",
  can: "data.read",
} as const satisfies Required<Omit<Options, "readCall" | "isOwn" | "alsoTakes">>;

/** @throws AppError UNPROCESSABLE naming each wrong field */
const readInput = <I extends z.ZodObject>(contract: I, value: unknown): z.output<I> => {
  requireStorable(value);
  return parseInput(contract, value);
};

/** A GET that answers JSON. */
export function read<I extends z.ZodObject, O extends z.ZodType>(
  path: `/${string}`,
  summary: string,
  input: I,
  output: O,
  verb: (ctx: Ctx, input: z.output<I>) => Promise<z.output<O>>,
  options: Pick<Options, "turns" | "can" | "isOwn"> = {},
): JsonOperation<"read", I, O> {
  const run = (ctx: Ctx, value: unknown) => verb(ctx, readInput(input, value));
  return { ...DEFAULTS, ...options, kind: "json", effect: "read", method: "GET", path, summary, input, output, run };
}

/** A GET over a table that grows without end. It waits for connections of its own, and holds up no other call of its team. */
export const search: typeof read = (path, summary, input, output, verb) =>
  read(path, summary, input, output, verb, { turns: "searches" });

/** A GET that answers bytes. */
export function readBytes<I extends z.ZodObject>(
  path: `/${string}`,
  summary: string,
  input: I,
  verb: (ctx: Ctx, input: z.output<I>) => Promise<RawAnswer>,
): BytesOperation {
  const run = (ctx: Ctx, value: unknown) => verb(ctx, readInput(input, value));
  return { ...DEFAULTS, kind: "raw", effect: "read", method: "GET", path, summary, input, run };
}

/** Anything that changes, sends or computes: it needs more than to read, unless its input alone makes it a POST. */
export function write<I extends z.ZodObject, O extends z.ZodType>(
  can: Capability,
  method: Exclude<Method, "GET">,
  path: `/${string}`,
  summary: string,
  input: I,
  output: O,
  verb: (ctx: Ctx, input: z.output<I>) => Promise<z.output<O>>,
  options: Omit<Options, "can"> = {},
): JsonOperation<"write", I, O> {
  const run = (ctx: Ctx, value: unknown) => verb(ctx, readInput(input, value));
  return { ...DEFAULTS, ...options, kind: "json", effect: "write", can, method, path, summary, input, output, run };
}

/** @throws AppError FORBIDDEN to a caller who may not call the operation, whatever it is called with */
export function requireCall(ctx: Ctx, { can, isOwn = false }: Pick<Operation, "can" | "isOwn">): void {
  if (ctx.endpointId === undefined || !isOwn) requireCan(ctx, can);
}

/** The names of the parameters in an operation's path. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] ?? "");
