// A real log-in provider on loopback (OpenID Connect), whose people are asked nothing: the test says who they are.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
// @ts-expect-error it brings no types
import Provider from "oidc-provider";

export const CLIENT = { id: "switchyard-test", secret: "a secret of the client, for the provider alone" };

export interface ProviderAccount {
  subject: string;
  email?: string;
  isVerified?: boolean;
}

export type LoginProviderServer = Awaited<ReturnType<typeof startLoginProvider>>;

/** @param redirectUri where it sends people back to */
export async function startLoginProvider(redirectUri: string) {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let account: ProviderAccount = { subject: "nobody" };
  const asked: string[] = [];
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    pkce: { required: () => true },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, email: account.email, email_verified: account.isVerified ?? true }),
    }),
    // Nobody is asked what the client may see.
    async loadExistingGrant({ oidc }: GrantContext) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  server.on("request", async (req, res) => {
    asked.push(`${req.method} ${(req.url ?? "").split("?", 1)[0]}`);
    if (!req.url?.startsWith("/interaction/")) return handle(req, res);
    await provider.interactionFinished(req, res, { login: { accountId: account.subject } });
  });
  return {
    issuer,
    /** Method and path of everything that it was asked. */
    asked,
    /** Who sits at the browser from now on. */
    becomes: (next: ProviderAccount) => {
      account = next;
    },
    /** Goes through the provider as a browser does. Gives the address that it is sent back to. */
    async follow(url: string): Promise<URL> {
      const cookies = new Map<string, string>();
      let next = new URL(url);
      while (next.origin === issuer) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const answer = await fetch(next, { redirect: "manual", headers: { cookie } });
        for (const set of answer.headers.getSetCookie()) {
          const [pair = ""] = set.split(";", 1);
          cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
        }
        const location = answer.headers.get("location");
        if (location === null)
          throw new Error(`${next.pathname} was answered ${answer.status}: ${await answer.text()}`);
        next = new URL(location, next);
      }
      return next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface GrantContext {
  oidc: {
    client: { clientId: string };
    session: { accountId: string };
    provider: { Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<unknown> } };
  };
}
