// One operation of the REST API: what it is called, what goes in, what comes out and which verb does it.
import type { z } from "zod";
import type { Ctx } from "#server/auth/ctx.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { parseInput } from "#server/field-issues.ts";
import type { TurnKind } from "#server/shares/team-shares.ts";
import { requireStorable } from "./storable.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Bytes as they are, in place of JSON. */
export interface RawAnswer {
  content_type: string | null;
  body: Buffer;
}

/** How much a body may bring: bytes as sent, and JSON values, which cost more than their bytes. */
export interface BodyLimits {
  bytes: number;
  values: number;
}
const CONFIG_BODY: BodyLimits = { bytes: 1024 * 1024, values: 10_000 };
/** Room for the longest code of a transformation in its worst escaping, and for a request to try it on. */
export const CODE_BODY: BodyLimits = { bytes: 2 * 1024 * 1024, values: 50_000 };

interface Described {
  method: Method;
  /** Below /v1, with `:name` for parameters. */
  path: `/${string}`;
  /** A sentence without its full stop. */
  summary: string;
  /** Path parameters, query and body are one object to it. */
  input: z.ZodObject;
  status: 200 | 201;
  /** Whatever changes, sends or computes needs write: only a GET does without. */
  needs: ApiKeyScope;
  body: BodyLimits;
  turns: TurnKind;
}
export type Operation = Described &
  (
    | { kind: "json"; output: z.ZodType; run(ctx: Ctx, input: unknown): Promise<unknown> }
    | { kind: "raw"; run(ctx: Ctx, input: unknown): Promise<RawAnswer> }
  );

const read = <I extends z.ZodObject>(contract: I, value: unknown): z.output<I> => {
  requireStorable(value);
  return parseInput(contract, value);
};

/** `verb` gets the input as `input` reads it; its answer is cut to `output`. */
export function route<I extends z.ZodObject, O extends z.ZodType>(
  method: Method,
  path: `/${string}`,
  summary: string,
  input: I,
  output: O,
  verb: (ctx: Ctx, input: z.output<I>) => Promise<z.output<O>>,
  { status = 200, body = CONFIG_BODY, turns = "verbs" }: Partial<Pick<Described, "status" | "body" | "turns">> = {},
): Operation {
  const run = (ctx: Ctx, value: unknown) => verb(ctx, read(input, value));
  const needs = method === "GET" ? "read" : "write";
  return { kind: "json", method, path, summary, input, output, status, needs, body, turns, run };
}

/** A GET that answers bytes. */
export function rawRoute<I extends z.ZodObject>(
  path: `/${string}`,
  summary: string,
  input: I,
  verb: (ctx: Ctx, input: z.output<I>) => Promise<RawAnswer>,
): Operation {
  const run = (ctx: Ctx, value: unknown) => verb(ctx, read(input, value));
  const constant = { method: "GET", status: 200, needs: "read", body: CONFIG_BODY, turns: "verbs" } as const;
  return { kind: "raw", ...constant, path, summary, input, run };
}

/** The names of the parameters in an operation's path. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/:([a-z_]+)/g)].map((match) => match[1] ?? "");
