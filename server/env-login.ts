// OIDC_*: the company's own log-in.

/** What somebody may become without an invitation: owners and admins are made by people. */
export const PROVIDER_ROLES = ["viewer", "member"] as const;

export interface LoginProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call it. */
  name: string;
  /** Whose verified addresses come in without an invitation. */
  domains: string[];
  role: (typeof PROVIDER_ROLES)[number];
}

/** Reads a variable that was well-formed, or the fallback. */
type Read = <T>(
  name: `OIDC_${"ISSUER" | "CLIENT_ID" | "CLIENT_SECRET" | "NAME" | "ALLOWED_DOMAINS" | "ROLE"}`,
  fallback: T,
) => T;

/** Undefined: there is none. */
export function readLoginProvider(read: Read, problems: string[]): LoginProviderSettings | undefined {
  const issuer = read("OIDC_ISSUER", "");
  const clientId = read("OIDC_CLIENT_ID", "");
  const clientSecret = read("OIDC_CLIENT_SECRET", "");
  const given = [issuer, clientId, clientSecret].filter((value) => value !== "");
  if (given.length === 0) return undefined;
  if (given.length < 3 && problems.length === 0)
    problems.push("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all three or none.");
  const name = read("OIDC_NAME", URL.parse(issuer)?.hostname ?? "");
  return {
    issuer,
    clientId,
    clientSecret,
    name,
    domains: read("OIDC_ALLOWED_DOMAINS", []),
    role: read("OIDC_ROLE", "viewer"),
  };
}
