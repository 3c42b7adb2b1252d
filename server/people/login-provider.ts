// The company's own log-in (OpenID Connect Core 1.0): authorization code with PKCE, state and nonce. What is asked of it goes
// through the guarded way out.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { z } from "zod";
import { Email } from "#server/contracts/person.ts";
import type { Egress } from "#server/egress/client.ts";
import type { LoginProviderSettings } from "#server/env-login.ts";

/** What a log-in under way is held to; it stays in a signed cookie of the browser that began it. */
export const LoginUnderWay = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });
export type LoginUnderWay = z.infer<typeof LoginUnderWay>;

/** Whom the provider vouches for. `email` is null where it has not verified one. */
export interface Vouched {
  issuer: string;
  subject: string;
  email: string | null;
}

export type ProviderAnswer =
  | { kind: "vouched"; person: Vouched }
  /** The provider, or somebody in its place, answered what does not hold. */
  | { kind: "refused"; because: string };

export interface LoginProvider {
  /** Where the browser goes, and what its way back is held to. */
  begin(next: string): Promise<{ url: string; underWay: LoginUnderWay } | null>;
  /** @param search of the address that the browser came back to */
  finish(search: string, underWay: LoginUnderWay): Promise<ProviderAnswer>;
}

export interface LoginProviderOptions {
  settings: LoginProviderSettings;
  redirectUri: string;
  egress: Pick<Egress, "send">;
  nowMs: () => number;
  /** Gets why the provider could not be asked; never a secret. */
  onFailure: (because: string) => void;
}

const TIMEOUT_MS = 10_000;
const SETTINGS_KEPT_MS = 60 * 60_000;
/** The provider is the operator's, so no team's entries of EGRESS_ALLOW apply. */
const NO_TEAM = "";
const SCOPE = "openid email";
const Claims = z.object({ email: z.string().max(320).optional(), email_verified: z.boolean().optional() });

export function makeLoginProvider({
  settings,
  redirectUri,
  egress,
  nowMs,
  onFailure,
}: LoginProviderOptions): LoginProvider {
  let known: { config: Configuration; untilMs: number } | undefined;

  /** What the provider says of itself. Nothing is kept of a failure, so that the next log-in asks again. */
  async function ask(): Promise<Configuration> {
    if (known && known.untilMs > nowMs()) return known.config;
    const issuer = new URL(settings.issuer);
    const config = await discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
      [customFetch]: fetchThrough(egress),
      timeout: TIMEOUT_MS / 1000,
      // A provider on this machine; the environment takes http for no other.
      ...(issuer.protocol === "http:" && { execute: [allowInsecureRequests] }),
    });
    known = { config, untilMs: nowMs() + SETTINGS_KEPT_MS };
    return config;
  }

  async function readEmail(config: Configuration, accessToken: string, subject: string, claims: object) {
    const inToken = Claims.parse(claims);
    const said =
      inToken.email === undefined ? Claims.parse(await fetchUserInfo(config, accessToken, subject)) : inToken;
    const email = Email.safeParse(said.email);
    return said.email_verified === true && email.success ? email.data : null;
  }

  return {
    async begin(next) {
      const underWay = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), next };
      try {
        const url = buildAuthorizationUrl(await ask(), {
          redirect_uri: redirectUri,
          scope: SCOPE,
          state: underWay.state,
          nonce: underWay.nonce,
          code_challenge: await calculatePKCECodeChallenge(underWay.verifier),
          code_challenge_method: "S256",
        });
        return { url: url.href, underWay };
      } catch (error) {
        onFailure(reasonOf(error));
        return null;
      }
    },
    async finish(search, { state, nonce, verifier }) {
      try {
        const config = await ask();
        const tokens = await authorizationCodeGrant(config, new URL(`${redirectUri}${search}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) return { kind: "refused", because: "there was no id_token" };
        const { iss: issuer, sub: subject } = claims;
        const email = await readEmail(config, tokens.access_token, subject, claims);
        return { kind: "vouched", person: { issuer, subject, email } };
      } catch (error) {
        return { kind: "refused", because: reasonOf(error) };
      }
    },
  };
}

/** What went wrong, without what was sent: answers and addresses may hold codes and tokens. */
function reasonOf(error: unknown): string {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  const inner = cause instanceof NotReached ? `: ${cause.message}` : "";
  return `${typeof code === "string" ? code : String(message).slice(0, 200)}${inner}`;
}

class NotReached extends Error {}

function fetchThrough(egress: Pick<Egress, "send">) {
  return async (url: string, { method, headers, body, signal }: FetchOptions): Promise<Response> => {
    const answer = await egress.send({
      teamId: NO_TEAM,
      url: new URL(url),
      method,
      headers: Object.entries(headers),
      body: body === null || body === undefined ? null : Buffer.from(String(body)),
      timeoutMs: TIMEOUT_MS,
      ...(signal && { signal }),
    });
    if (answer.kind === "error") throw new NotReached(`the log-in provider was not reached (${answer.code})`);
    const isBodiless = answer.status === 204 || answer.status === 304;
    return new Response(isBodiless ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers.map(([name, value]): [string, string] => [name, value]),
    });
  };
}

interface FetchOptions {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}
