import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { authenticate } from "#server/auth/authenticate.ts";
import type { App, Ctx } from "#server/auth/ctx.ts";
import { AppError, type AppErrorCode } from "#server/errors.ts";
import { fieldIssues, unprocessable } from "#server/field-issues.ts";
import { requireStorable } from "./storable.ts";

/** Who asks is only found out by a procedure, where a key that is not valid becomes its answer. Undefined: a stranger. */
export interface TrpcContext {
  caller(): Ctx | undefined | Promise<Ctx | undefined>;
}

/** The context of a caller that may send an API key. */
export const createContext = (app: App, headers: Headers): TrpcContext => ({
  async caller() {
    const authorization = headers.get("authorization") ?? undefined;
    if (authorization === undefined) return undefined;
    return authenticate(app, { authorization, teamId: headers.get("x-team-id") ?? undefined });
  },
});

const TRPC_CODE = {
  BAD_REQUEST: "BAD_REQUEST",
  UNAUTHORIZED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  CONFLICT: "CONFLICT",
  UNPROCESSABLE: "UNPROCESSABLE_CONTENT",
} as const satisfies Record<AppErrorCode, TRPCError["code"]>;

/** The caller's mistake behind a failure; undefined for a bug of ours. Zod speaks of the input when tRPC says BAD_REQUEST. */
function mistakeBehind(error: TRPCError): AppError | undefined {
  const { cause } = error;
  if (cause instanceof AppError) return cause;
  if (cause instanceof ZodError && error.code === "BAD_REQUEST") return unprocessable(fieldIssues(cause));
  return undefined;
}

const t = initTRPC.context<TrpcContext>().create({
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
      },
    };
  },
});

export const router = t.router;

const appErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const mistake = mistakeBehind(result.error);
  if (!mistake) return result;
  throw new TRPCError({ code: TRPC_CODE[mistake.code], message: mistake.message, cause: mistake });
});

/** A procedure of one team. Its verb gets the caller as `ctx`. */
export const teamProcedure = t.procedure.use(appErrors).use(async ({ ctx, getRawInput, next }) => {
  const caller = await ctx.caller();
  if (!caller) throw new AppError("UNAUTHORIZED", "Log in, or send an API key.");
  requireStorable(await getRawInput());
  return next({ ctx: caller });
});
