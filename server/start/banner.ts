import { ONE_TEAM, openToAll } from "#server/egress/egress-policy.ts";
import { type Env, httpUrl } from "#server/env.ts";

export interface BannerFacts {
  env: Env;
  /** Set on the start that made it. */
  apiKey: string | undefined;
  /** Of the link that makes the owner; set until there is one. */
  ownerToken: string | undefined;
}

const row = (name: string, text: string) => `  ${name.padEnd(11)}${text}`;

/** The banner: what the operator needs to know once everything runs, and nothing else. */
export function makeBanner({ env, apiKey, ownerToken }: BannerFacts): string {
  const lines = ["", "  Switchyard is running.", ""];
  if (env.roles.includes("web")) lines.push(row("Dashboard", httpUrl(env.host, env.port)));
  if (env.roles.includes("gateway")) {
    lines.push(row("Ingest", `${env.publicGatewayUrl}/e/<source key>`));
    lines.push(row("REST API", `${env.publicGatewayUrl}/v1 (reference: ${env.publicGatewayUrl}/v1/docs)`));
  }
  if (apiKey !== undefined) lines.push(row("API key", `${apiKey} (shown this once; keep it now)`));
  if (ownerToken !== undefined && env.roles.includes("web")) {
    lines.push(row("First run", `${httpUrl(env.host, env.port)}/first-run?token=${ownerToken}`));
    lines.push(row("", "(makes the owner; works once, for 24 hours)"));
  }
  const isEmbedded = env.databaseUrl === undefined;
  lines.push(row("Data", isEmbedded ? `${env.dataDir} (embedded Postgres)` : "the Postgres of DATABASE_URL"));
  if (env.egressAllow.length > 0) {
    lines.push(
      "",
      `  Deliveries may also reach ${env.egressAllow.join(", ")}; EGRESS_ALLOW, a list of CIDRs or empty, changes that.`,
    );
    const toAll = openToAll(env.egressAllow);
    if (toAll.length > 0) lines.push(`  Open for all teams: ${toAll.join(", ")}. For one team alone: ${ONE_TEAM}.`);
  }
  lines.push("", "  Ctrl-C stops everything.", "");
  return lines.join("\n");
}
