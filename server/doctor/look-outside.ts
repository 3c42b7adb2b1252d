// The world outside of this machine: our own address as strangers take it, the mail server, and buckets.
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { z } from "zod";
import { S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import { CHALLENGE_HEADER, makeHealthProofs } from "#server/crypto/health-proof.ts";
import { makeKeyring, openSecrets, withSecrets } from "#server/crypto/secrets.ts";
import { type Egress, makeEgress } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { makeGatewayCalls } from "#server/egress/gateway-calls.ts";
import { makeOwnListeners } from "#server/egress/own-listeners.ts";
import type { Env } from "#server/env.ts";
import { makeMailer } from "#server/mail/mailer.ts";
import { makeObjectStore } from "#server/object-store/object-store.ts";
import { askReadOnly, BUCKETS } from "./facts.sql.ts";
import { type Finding, fail, ok, unknown, warn } from "./finding.ts";
import { withSession } from "./look-at-database.ts";

const PATIENCE_MS = 3_000;
const MAX_BUCKETS = 20;
const PUBLIC_URL = "public URL";

const Health = z.object({ ok: z.literal(true), gateway: z.string().optional(), proof: z.string().optional() });

interface Secrets {
  secret: string;
  otherSecret: string | undefined;
}

/** Asks at PUBLIC_GATEWAY_URL, by name and through whatever stands in front, and lets the gateway prove that it is ours. */
export async function lookAtPublicUrl(publicGatewayUrl: string, { secret, otherSecret }: Secrets): Promise<Finding> {
  const url = new URL(publicGatewayUrl);
  const challenge = randomBytes(16).toString("hex");
  const calls = makeGatewayCalls();
  try {
    const headers: [string, string][] = [[CHALLENGE_HEADER, challenge]];
    const outcome = await calls.askHealth({ base: publicGatewayUrl, headers, timeoutMs: PATIENCE_MS });
    if (outcome.kind === "error")
      return fail(PUBLIC_URL, `Nobody answers at ${publicGatewayUrl} (${outcome.code}).`, remedyOf(outcome.code));
    if (outcome.status !== 200)
      return fail(
        PUBLIC_URL,
        `${publicGatewayUrl}/healthz is answered with ${outcome.status}.`,
        "Let the proxy in front pass every path on to the gateway, and set PUBLIC_GATEWAY_URL to its own address.",
      );
    const read = readHealth(outcome.body);
    if (!read)
      return fail(
        PUBLIC_URL,
        `Another program answers at ${publicGatewayUrl}.`,
        "Correct PUBLIC_GATEWAY_URL, or where the proxy leads.",
      );
    if (read.gateway === undefined || read.proof === undefined)
      return warn(
        PUBLIC_URL,
        "A gateway answers there that does not prove which one it is.",
        "An older version does not, and a proxy may take the header away: look at its version.",
      );
    if (!makeHealthProofs(secret, otherSecret).isGenuine(challenge, { gateway: read.gateway, proof: read.proof }))
      return fail(
        PUBLIC_URL,
        "A gateway of another installation answers there.",
        "Correct PUBLIC_GATEWAY_URL, or where the proxy leads.",
      );
    return judgeWay(url, await addressesOf(url), read.gateway);
  } finally {
    await calls.close();
  }
}

const REMEDIES: Record<string, string> = {
  DNS_LOOKUP_FAILED: "Make a DNS record for the host, or correct PUBLIC_GATEWAY_URL.",
  TLS_ERROR: "Look at the certificate of the proxy: its names, its chain and its end.",
  CONNECTION_REFUSED: "Start the gateway and the proxy in front of it, or correct PUBLIC_GATEWAY_URL.",
};
const remedyOf = (code: string) => REMEDIES[code] ?? "Look at the proxy in front of the gateway, and at firewalls.";

function readHealth(body: Buffer): z.infer<typeof Health> | undefined {
  try {
    return Health.safeParse(JSON.parse(body.toString())).data;
  } catch {
    return undefined;
  }
}

const addressesOf = (url: URL) =>
  lookup(url.hostname.replace(/^\[|\]$/g, ""), { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );

const LOOPBACK = /^(?:127\.|::1$)/;
const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80)/i;

function judgeWay({ protocol, host }: URL, addresses: string[], gateway: string): Finding {
  const said = `Our gateway ${gateway} answers at ${host} (${addresses.join(", ")})`;
  if (addresses.every((address) => LOOPBACK.test(address)))
    return warn(
      PUBLIC_URL,
      `${said}: only programs on this machine reach that.`,
      "Set PUBLIC_GATEWAY_URL to the address that providers are to call, with TLS in front.",
    );
  if (addresses.some((address) => PRIVATE.test(address)))
    return warn(
      PUBLIC_URL,
      `${said}: a private address, which nobody outside of this network reaches.`,
      "Where providers call from the internet, set PUBLIC_GATEWAY_URL to a public name.",
    );
  if (protocol === "http:")
    return warn(
      PUBLIC_URL,
      `${said}, without TLS: everybody on the way reads along.`,
      "Put a proxy with a certificate in front, and set PUBLIC_GATEWAY_URL to https.",
    );
  return ok(PUBLIC_URL, `${said}; whether a firewall lets others through cannot be known from here.`);
}

export async function lookAtMail(mail: Env["mail"]): Promise<Finding> {
  if (!mail) return ok("mail", "None is sent: SMTP_URL is not set.");
  const server = `${mail.host}:${mail.port}`;
  const outcome = await makeMailer(mail).verify(PATIENCE_MS);
  if (outcome.kind === "error")
    return fail("mail", `${server} cannot be used (${outcome.code}).`, "Correct SMTP_URL, or start the mail server.");
  return outcome.status < 300
    ? ok("mail", `${server} takes ${mail.login === null ? "our connection" : "our log-in"}; no mail was sent.`)
    : fail("mail", `${server} says ${outcome.status} ${outcome.text}`.trim(), "Correct user and password in SMTP_URL.");
}

interface BucketRow {
  id: string;
  team_id: string;
  name: string;
  config: object;
  secrets: string | null;
}

export async function lookAtBuckets(
  databaseUrl: string,
  env: Env,
  { secret, otherSecret }: Secrets,
): Promise<Finding[]> {
  const rows = await withSession(databaseUrl, (client) => askReadOnly<BucketRow>(client, BUCKETS, [MAX_BUCKETS + 1]));
  if ("unreachable" in rows) return [];
  const keyring = makeKeyring(secret, otherSecret);
  const egressPolicy = makeEgressPolicy(env.egressAllow, makeOwnListeners({ ...env, databaseUrl }));
  const egress = makeEgress({ policy: egressPolicy });
  const more =
    rows.length > MAX_BUCKETS
      ? [unknown("buckets", `There are more than ${MAX_BUCKETS}; the others were not asked.`)]
      : [];
  try {
    const looks = rows.slice(0, MAX_BUCKETS).map(async (row) => {
      const opened = openSecrets(keyring, "destination", row);
      const check = `bucket of ${row.id}`;
      if (opened.kind === "unusable") return fail(check, opened.reason, "Give the destination its keys again.");
      const config = S3DestinationConfig.safeParse(withSecrets(row.config, opened.secrets));
      if (!config.success) return unknown(check, "Its settings are those of another version.");
      return lookAtBucket(check, config.data, {
        egress,
        policy: egressPolicy.forTeam(row.team_id),
        teamId: row.team_id,
      });
    });
    return [...(await Promise.all(looks)), ...more];
  } finally {
    await egress.close();
  }
}

/** What is wrong with a bucket is its team's to mend: it never fails the look of the whole installation. */
async function lookAtBucket(
  check: string,
  config: S3DestinationConfig,
  tools: { egress: Egress; policy: Parameters<typeof makeObjectStore>[1]["policy"]; teamId: string },
): Promise<Finding> {
  const settings = { ...config, timeout_ms: Math.min(config.timeout_ms, PATIENCE_MS) };
  const { outcome } = await makeObjectStore(settings, tools).look();
  if (outcome.kind === "error")
    return warn(
      check,
      `The store of ${config.bucket} cannot be reached (${outcome.code}).`,
      "Correct the endpoint of the destination, or see EGRESS_ALLOW.",
    );
  const code = /<Code>(\w+)<\/Code>/.exec(outcome.body.toString())?.[1] ?? String(outcome.status);
  if (code === "NoSuchKey" || outcome.status < 300) return ok(check, `${config.bucket} is there and takes our key.`);
  if (code === "NoSuchBucket")
    return warn(check, `There is no bucket ${config.bucket}.`, "Make it, or correct the destination.");
  if (code === "InvalidAccessKeyId" || code === "SignatureDoesNotMatch")
    return warn(check, `The store does not take our key (${code}).`, "Give the destination a key that is good.");
  return code === "AccessDenied"
    ? unknown(
        check,
        `${config.bucket} answers, and our key may not read there.`,
        "A key that may only write is well: see whether events of the destination are delivered.",
      )
    : warn(check, `${config.bucket} is answered with ${code}.`, "See the region and the endpoint of the destination.");
}
