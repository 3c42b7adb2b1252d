// The log-in library's own endpoint of ours: the link of the first start makes the owner and signs them in.
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import type { App } from "#server/auth/ctx.ts";
import { makeOwner, type OwnerMade } from "#server/auth/owner.ts";
import { Email, NewPassword } from "#server/contracts/person.ts";
import { hashOf } from "./passwords.ts";

const FirstRun = z.object({
  token: z.string().max(64),
  email: Email,
  password: NewPassword,
  team: z.string().trim().min(1, "Give the team a name.").max(155, "A team's name has at most 155 characters."),
});

const SENTENCES: Record<Exclude<OwnerMade["kind"], "made">, string> = {
  exists: "There is an owner already: sign in, or ask them for an invitation.",
  used: "This link was used: an owner was made with it.",
  none: "This link is not known or has expired: start the server again, which prints a new one.",
};

export const doors = (app: Pick<App, "db" | "now">) => ({
  id: "switchyard-doors",
  endpoints: {
    firstRun: createAuthEndpoint("/first-run", { method: "POST", body: FirstRun }, async (ctx) => {
      const { token, email, password, team } = ctx.body;
      const owner = { email, passwordHash: await hashOf(password), teamName: team };
      const made = await makeOwner(app.db, owner, token, app.now());
      if (made.kind !== "made")
        throw new APIError("FORBIDDEN", { code: `LINK_${made.kind.toUpperCase()}`, message: SENTENCES[made.kind] });
      const user = await ctx.context.internalAdapter.findUserById(made.userId);
      const session = await ctx.context.internalAdapter.createSession(made.userId);
      if (!user || !session) throw new APIError("INTERNAL_SERVER_ERROR");
      await setSessionCookie(ctx, { session, user });
      return ctx.json({ ok: true });
    }),
  },
});
