import { APIError } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import type { Ctx } from "./prove-again.ts";

/** Gives whoever asks a session of this person, whom the caller has made sure of. */
export async function signIn(ctx: Ctx, userId: string): Promise<{ email: string }> {
  const user = await ctx.context.internalAdapter.findUserById(userId);
  const session = await ctx.context.internalAdapter.createSession(userId);
  if (!user || !session) throw new APIError("INTERNAL_SERVER_ERROR");
  await setSessionCookie(ctx, { session, user });
  return { email: user.email };
}
