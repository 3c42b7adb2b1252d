// A code of an authenticator is good once (RFC 6238 section 5.2): whoever saw it typed cannot use it after its owner did.
import { APIError, createAuthMiddleware } from "better-auth/api";
import { deleteSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import type { App } from "#server/auth/ctx.ts";
import { noteOnce, tryKey } from "./tries.ts";

const VERIFY = "/two-factor/verify-totp";
/** A code is taken a step of 30 s early, in its own, and one late. */
const GOOD_FOR_MS = 120_000;
const Body = z.object({ code: z.string() });

/** Runs after the library has found a code right, and takes its session back when the code was used before. */
export const codesOnce = (app: Pick<App, "db" | "now">) => ({
  id: "switchyard-codes-once",
  hooks: {
    after: [
      {
        matcher: ({ path }: { path?: string | undefined }) => path === VERIFY,
        handler: createAuthMiddleware(async (ctx) => {
          const made = ctx.context.newSession;
          if (!made) return;
          const { code } = Body.parse(ctx.body);
          if (await noteOnce(app, tryKey("code", `${made.user.id}:${code.trim()}`), GOOD_FOR_MS)) return;
          await ctx.context.internalAdapter.deleteSession(made.session.token);
          deleteSessionCookie(ctx);
          throw new APIError("UNAUTHORIZED", {
            code: "INVALID_CODE",
            message: "This code was used: wait for the next.",
          });
        }),
      },
    ],
  },
});
