import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { authenticate } from "#server/auth/authenticate.ts";
import { type App, type Ctx, requireCan } from "#server/auth/ctx.ts";
import { inTurn } from "#server/auth/in-turn.ts";
import { AppError, type AppErrorCode, CallerGone, ConflictError } from "#server/errors/app-error.ts";
import { docsPath } from "#server/errors/docs-path.ts";
import { fieldIssues, unprocessable } from "#server/errors/field-issues.ts";
import { exactNumbersTransport } from "#server/json/transport.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { type JsonOperation, requireCall } from "./operation.ts";

/**
 * The context of a call. A procedure finds out its caller, so that an invalid key becomes its answer. Undefined: a
 * stranger.
 */
export interface TrpcContext {
  caller(): Ctx | undefined | Promise<Ctx | undefined>;
  /** Tells open pages of changes. */
  live?: LiveHub;
}

/** The context of a caller that may send an API key. */
export const createContext = (app: App, headers: Headers, ip: string): TrpcContext => ({
  async caller() {
    const authorization = headers.get("authorization") ?? undefined;
    if (authorization === undefined) return undefined;
    return authenticate(app, { authorization, teamId: headers.get("x-team-id") ?? undefined, ip });
  },
});

const TRPC_CODE = {
  BAD_REQUEST: "BAD_REQUEST",
  UNAUTHORIZED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  CONFLICT: "CONFLICT",
  PAYLOAD_TOO_LARGE: "PAYLOAD_TOO_LARGE",
  UNPROCESSABLE: "UNPROCESSABLE_CONTENT",
  TOO_MANY_REQUESTS: "TOO_MANY_REQUESTS",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
} as const satisfies Record<AppErrorCode, TRPCError["code"]>;

/** The caller's mistake behind a failure; undefined for a bug of ours. Zod speaks of the input when tRPC says BAD_REQUEST. */
function mistakeBehind(error: TRPCError): AppError | undefined {
  const { cause } = error;
  if (cause instanceof AppError) return cause;
  if (cause instanceof ZodError && error.code === "BAD_REQUEST") return unprocessable(fieldIssues(cause));
  return undefined;
}

const t = initTRPC.context<TrpcContext>().create({
  transformer: exactNumbersTransport,
  // Proxies end silent connections, and a client that hears nothing connects anew.
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const mistake = mistakeBehind(error);
    const isOurs = mistake === undefined && error.code === "INTERNAL_SERVER_ERROR";
    return {
      ...shape,
      message: isOurs ? "Something failed on our side; the log says what." : (mistake?.message ?? shape.message),
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        issues: mistake?.issues,
        docs: mistake && docsPath(mistake.code, mistake.issues),
        changed_since: mistake instanceof ConflictError ? mistake.changedSince : undefined,
      },
    };
  },
});

export const { router, mergeRouters } = t;

/** The caller's mistake as tRPC says it. */
export const toTrpcError = (mistake: AppError): TRPCError =>
  new TRPCError({ code: TRPC_CODE[mistake.code], message: mistake.message, cause: mistake });

const appErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof CallerGone)
    throw new TRPCError({ code: "CLIENT_CLOSED_REQUEST", message: cause.message, cause });
  const mistake = mistakeBehind(result.error);
  if (!mistake) return result;
  throw toTrpcError(mistake);
});

/**
 * Returns the caller, who must be able to read.
 * @throws AppError UNAUTHORIZED, FORBIDDEN
 */
export async function reader(ctx: TrpcContext): Promise<Ctx> {
  const caller = await ctx.caller();
  if (!caller) throw new AppError("UNAUTHORIZED", "Log in, or send an API key.");
  requireCan(caller, "data.read");
  return caller;
}

/** A procedure that takes no turn, because it does not end. */
export const openProcedure = t.procedure.use(appErrors);

/**
 * An operation as a procedure of one team: a query where it reads, a mutation where it writes. Its verb gets the caller as `ctx`.
 * The operation reads its input itself, so that a mistake has the same words in every transport.
 */
export function procedureOf(operation: JsonOperation) {
  const procedure = t.procedure
    .use(appErrors)
    .use(async ({ ctx, signal, next }) => {
      const caller = await ctx.caller();
      if (!caller) throw new AppError("UNAUTHORIZED", "Log in, or send an API key.");
      requireCall(caller, operation);
      const asked = { ...caller, signal };
      return inTurn(asked, operation.turns, () => next({ ctx: asked }));
    })
    .input((input: unknown) => input ?? {})
    .output(operation.output);
  return operation.effect === "read"
    ? procedure.query(({ ctx, input }) => operation.run(ctx, input))
    : procedure.mutation(({ ctx, input }) => operation.run(ctx, input));
}
