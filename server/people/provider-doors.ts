// The log-in library's endpoints of ours for the company's own log-in. The browser comes back to a page of ours, which hands on
// the address that it was called with: so the port has no route that another site may call.
import { APIError, createAuthEndpoint } from "better-auth/api";
import { z } from "zod";
import type { App } from "#server/auth/ctx.ts";
import { type Admission, admitProviderPerson } from "#server/auth/provider-person.ts";
import { type LoginProvider, LoginUnderWay } from "./login-provider.ts";
import { signIn } from "./sign-in.ts";

/** A person looks for their password at the provider, and for the code besides. */
const UNDER_WAY_S = 10 * 60;
const COOKIE = "provider_log_in";
// A place that is too long for a cookie keeps nobody out: the way back leads to the first page.
const Begin = z.object({ next: z.string().max(2_000).default("/").catch("/") });
const Finish = z.object({ search: z.string().max(8_000).regex(/^\?/) });

const SENTENCES = {
  NO_PROVIDER: "This installation has no log-in of its company: sign in another way.",
  PROVIDER_AWAY: "The log-in of your company did not answer: try again, or sign in another way.",
  PROVIDER_REFUSED:
    "This log-in did not hold: it took too long, was used already, or was begun elsewhere. Begin again.",
  NO_ADDRESS: "The log-in of your company has not verified your e-mail address: ask whoever runs it.",
  UNKNOWN: "Nobody invited you here yet: ask an admin of the team for an invitation to the address of your log-in.",
} as const;
const refusal = (
  status: "FORBIDDEN" | "NOT_FOUND" | "SERVICE_UNAVAILABLE" | "UNAUTHORIZED",
  code: keyof typeof SENTENCES,
) => new APIError(status, { code, message: SENTENCES[code] });

export interface ProviderDoor {
  provider: LoginProvider;
  admission: Admission;
  /** Gets why a log-in did not hold; never a secret. */
  onRefusal: (because: string) => void;
}

/** @param door undefined where the operator names no provider */
export const providerDoors = (app: Pick<App, "db" | "now">, door: ProviderDoor | undefined) => ({
  id: "switchyard-provider-doors",
  endpoints: {
    providerBegin: createAuthEndpoint("/oidc/begin", { method: "POST", body: Begin }, async (ctx) => {
      if (!door) throw refusal("NOT_FOUND", "NO_PROVIDER");
      const begun = await door.provider.begin(ctx.body.next);
      if (!begun) throw refusal("SERVICE_UNAVAILABLE", "PROVIDER_AWAY");
      const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: UNDER_WAY_S });
      await ctx.setSignedCookie(name, JSON.stringify(begun.underWay), ctx.context.secret, attributes);
      return ctx.json({ url: begun.url });
    }),
    providerFinish: createAuthEndpoint("/oidc/sign-in", { method: "POST", body: Finish }, async (ctx) => {
      if (!door) throw refusal("NOT_FOUND", "NO_PROVIDER");
      const { name, attributes } = ctx.context.createAuthCookie(COOKIE, { maxAge: UNDER_WAY_S });
      const kept = await ctx.getSignedCookie(name, ctx.context.secret);
      ctx.setCookie(name, "", { ...attributes, maxAge: 0 });
      if (!kept) throw refusal("UNAUTHORIZED", "PROVIDER_REFUSED");
      const underWay = LoginUnderWay.parse(JSON.parse(kept));
      const answer = await door.provider.finish(ctx.body.search, underWay);
      if (answer.kind === "refused") {
        door.onRefusal(answer.because);
        throw refusal("UNAUTHORIZED", "PROVIDER_REFUSED");
      }
      const admitted = await admitProviderPerson(app.db, answer.person, door.admission, app.now());
      if (admitted.kind === "no-address") throw refusal("FORBIDDEN", "NO_ADDRESS");
      if (admitted.kind === "unknown") throw refusal("FORBIDDEN", "UNKNOWN");
      await signIn(ctx, admitted.userId);
      return ctx.json({ next: underWay.next });
    }),
  },
});
