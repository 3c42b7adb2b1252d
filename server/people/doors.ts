// The log-in library's endpoints of ours: what a link does that is good once. Each signs in whom it was for.
import { APIError, createAuthEndpoint, getSessionFromCtx } from "better-auth/api";
import { z } from "zod";
import { type Accepted, acceptInvitation, type Taker } from "#server/auth/accept-invitation.ts";
import type { App } from "#server/auth/ctx.ts";
import { makeOwner, type OwnerMade } from "#server/auth/owner.ts";
import { setPassword } from "#server/auth/password-link.ts";
import { Email, NewPassword } from "#server/contracts/person.ts";
import { TeamName } from "#server/contracts/team.ts";
import { recordOfPerson } from "./account-audit.ts";
import { hashOf } from "./passwords.ts";
import { signIn } from "./sign-in.ts";

const Token = z.string().max(64);
const FirstRun = z.object({ token: Token, email: Email, password: NewPassword, team: TeamName });
const SetPassword = z.object({ token: Token, password: NewPassword });
const AcceptInvitation = z.object({ token: Token, password: NewPassword.optional() });

const SENTENCES: Record<Exclude<OwnerMade["kind"] | Accepted["kind"], "made" | "accepted">, string> = {
  exists: "There is an owner already: sign in, or ask them for an invitation.",
  used: "This link was used: it is good once.",
  none: "This link is not known, was taken back or has expired: ask for a new one.",
  "wrong-person": "The invitation is for another address than the one you are signed in with: sign out first.",
  "has-account": "Somebody with this address logs in here already: sign in, then open the link again.",
};

const refusal = (kind: keyof typeof SENTENCES) =>
  new APIError("FORBIDDEN", { code: kind.toUpperCase().replace("-", "_"), message: SENTENCES[kind] });

export const doors = (app: Pick<App, "db" | "now">) => ({
  id: "switchyard-doors",
  endpoints: {
    firstRun: createAuthEndpoint("/first-run", { method: "POST", body: FirstRun }, async (ctx) => {
      const { token, email, password, team } = ctx.body;
      const owner = { email, passwordHash: await hashOf(password), teamName: team };
      const made = await makeOwner(app.db, owner, token, app.now());
      if (made.kind !== "made") throw refusal(made.kind);
      await signIn(ctx, made.userId);
      return ctx.json({ ok: true });
    }),
    newPassword: createAuthEndpoint("/new-password", { method: "POST", body: SetPassword }, async (ctx) => {
      const { token, password } = ctx.body;
      const userId = await setPassword(app.db, token, await hashOf(password), app.now());
      if (userId === null) throw refusal("none");
      await recordOfPerson(app, userId, { after: { password: "changed" } });
      await signIn(ctx, userId);
      return ctx.json({ ok: true });
    }),
    acceptInvitation: createAuthEndpoint(
      "/accept-invitation",
      { method: "POST", body: AcceptInvitation },
      async (ctx) => {
        const { token, password } = ctx.body;
        const there = await getSessionFromCtx(ctx);
        if (!there && password === undefined) throw refusal("has-account");
        const taker: Taker = there
          ? { kind: "signed-in", userId: there.user.id, email: there.user.email }
          : { kind: "new", passwordHash: await hashOf(password ?? "") };
        const accepted = await acceptInvitation(app.db, token, taker, app.now());
        if (accepted.kind !== "accepted") throw refusal(accepted.kind);
        if (!there) await signIn(ctx, accepted.userId);
        return ctx.json({ team_id: accepted.teamId });
      },
    ),
  },
});
