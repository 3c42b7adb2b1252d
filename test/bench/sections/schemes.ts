// What it costs the door to verify one request, by scheme: against the digest and the reading of the body alone.
import { createHash } from "node:crypto";
import type { ProviderType } from "#server/contracts/provider.ts";
import { wantedAt } from "#server/json/json-outline.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describe, describedFields } from "#server/providers/describe.ts";
import { fetchNoKey, type Inbound } from "#server/providers/inbound.ts";
import { prepareAuth, verify } from "#server/providers/verify.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { inbound } from "#test/support/inbound.ts";
import { NOW_S, URL_OF_SOURCE } from "#test/support/provider-rows/row.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";
import type { Bench } from "./section.ts";

const SECRET = "shh-0123456789abcdef";
/** One provider of each way to prove a sender. */
const SCHEMES: [type: ProviderType, words: string][] = [
  ["DATADOG", "token in a header"],
  ["GITHUB", "HMAC of the body"],
  ["STRIPE", "HMAC of time and body"],
  ["CLERK", "Standard Webhooks"],
  ["HUBSPOT", "HMAC of method, URL, body and time"],
  ["TWILIO", "HMAC of URL and form"],
  ["FUSIONAUTH", "JWT, HS256"],
  ["DISCORD", "Ed25519"],
  ["SENDGRID", "ECDSA P-256"],
  ["WISE", "RSA of the body"],
];
const BODY_BYTES = 2048;

const TYPE_AND_ID = wantedAt(["type", "id"]);

/** Digests of the kind that Node makes cheapest, and one pass over the body. */
const bare = (one: Inbound, contentType: string | null) => {
  createHash("sha256").update(one.body).digest();
  outlineBody(one.body, contentType, TYPE_AND_ID);
};

function micros(work: () => void, times: number): number {
  const from = process.hrtime.bigint();
  for (let i = 0; i < times; i++) work();
  return Number(process.hrtime.bigint() - from) / 1000 / times;
}

export async function measureSchemes({ isQuick }: Bench): Promise<Figure[]> {
  const times = isQuick ? 2_000 : 10_000;
  return SCHEMES.map(([type, words]) => {
    const { one, contentType } = signed(type);
    const auth = prepareAuth(type, ROWS[type]?.auth ?? { secret: SECRET });
    const door = () => {
      verify(auth, one, NOW_S * 1000, fetchNoKey);
      describe(type, auth, one, () => outlineBody(one.body, contentType, describedFields(type, auth)));
    };
    const rounds = Array.from({ length: 7 }, () => ({
      door: micros(door, times),
      bare: micros(() => bare(one, contentType), times),
    }));
    const value = median(rounds.map((round) => round.door));
    const least = median(rounds.map((round) => round.bare));
    return {
      section: "schemes",
      name: `verify and name: ${words}`,
      value,
      unit: "us",
      bar: null,
      detail: `${type}, ${one.body.length} bytes; ${least.toFixed(1)} us for SHA-256 and the reading alone`,
    };
  });
}

/** A request of the provider, filled up to the size of most. */
function signed(type: ProviderType): { one: Inbound; contentType: string } {
  const row = ROWS[type];
  if (!row) throw new Error(`${type} has no row.`);
  const isForm = typeof row.body === "string";
  const filler = "x".repeat(BODY_BYTES);
  const body = isForm
    ? `${row.body}&Filler=${filler}`
    : JSON.stringify(Array.isArray(row.body) ? [...row.body, { filler }] : { ...(row.body as object), filler });
  const secret = row.secret ?? String(row.auth?.secret ?? SECRET);
  const { headers = [] } = row.sign({ secret, body, url: URL_OF_SOURCE, method: "POST", seconds: NOW_S });
  const contentType = isForm ? "application/x-www-form-urlencoded" : "application/json";
  const all = [["Content-Type", contentType] as [string, string], ...(row.headers ?? []), ...headers];
  return { one: inbound(body, all, { urls: [URL_OF_SOURCE] }), contentType };
}
