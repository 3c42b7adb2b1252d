import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { verify as verifyGithub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SourceAuthType, SourceType } from "#server/contracts/source.ts";
import { childEnv } from "#server/env.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { providers } from "#server/providers/list.ts";
import { currentSecret, makeSample, proveSample } from "#server/providers/sample.ts";
import { sampleCommand } from "#server/providers/sample-command.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const NOW = 1_760_000_000_123;
const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECRET = 'it\'s a $(secret) "to" `everybody`';

/** Settings with which every auth type can be proved here. */
const AUTH: Record<string, Record<string, unknown>> = {
  NONE: {},
  HMAC: { secret: SECRET, signature_header: "x-signature" },
  BASIC_AUTH: { username: "us'er $(id)", password: SECRET },
  API_KEY: { api_key: SECRET, header: "x-api-key" },
  STANDARD_WEBHOOKS: { secret: WHSEC },
};
const authOf = (authType: string) => AUTH[authType] ?? { secret: SECRET };
const typeOf = (authType: SourceAuthType): SourceType =>
  ["NONE", "HMAC", "BASIC_AUTH", "API_KEY", "STANDARD_WEBHOOKS"].includes(authType)
    ? "WEBHOOK"
    : (authType as SourceType);

interface Case {
  name: string;
  type: SourceType;
  authType: SourceAuthType;
  auth: Record<string, unknown>;
}
/** The samples of all other providers are in the test of their rows. */
const PROVABLE: SourceAuthType[] = [
  ...(["NONE", "HMAC", "BASIC_AUTH", "API_KEY", "STANDARD_WEBHOOKS"] as const),
  ...(["STRIPE", "GITHUB", "GITLAB", "OKTA", "SHOPIFY", "TWILIO", "SLACK"] as const),
];
const KNOWN_HEADERS = /^(calendly|linear|paddle|twitch|typeform|vercel|webflow|woocommerce|zendesk|zoom)$/;
const CASES: Case[] = [
  ...PROVABLE.map((authType) => ({ name: authType, type: typeOf(authType), authType, auth: authOf(authType) })),
  ...providers
    .filter(({ name }) => KNOWN_HEADERS.test(name))
    .map(({ name, headers }) => ({
      name: `HMAC on ${name}'s header`,
      type: "WEBHOOK" as const,
      authType: "HMAC" as const,
      auth: { secret: SECRET, signature_header: headers[0] },
    })),
  ...(["base64", "base64url", "hex"] as const).map((encoding) => ({
    name: `HMAC with SHA-512 in ${encoding}`,
    type: "WEBHOOK" as const,
    authType: "HMAC" as const,
    auth: { secret: SECRET, signature_header: "x-`id`$HOME's!", algorithm: "sha512", encoding },
  })),
];

const sourceOf = ({ type, authType, auth }: Case, url = "https://hooks.example.com/e/key") => ({
  type,
  url,
  config: { auth_type: authType, auth, allowed_http_methods: ["POST" as const] },
});

function sign(one: Case) {
  const source = sourceOf(one);
  const sample = makeSample(source, "test_1", NOW);
  const proved = sample && proveSample(sample, currentSecret(source.config));
  if (!sample || !proved) throw new Error(`${one.name} cannot be signed.`);
  const { headers } = proved;
  return { ...sample, ...proved, header: (name: string) => headers.find(([each]) => each === name)?.[1] ?? "" };
}
const signAs = (name: string) => sign(CASES.find((one) => one.name === name) ?? (CASES[0] as Case));

test("there are cases of all of them", () => {
  expect(CASES).toHaveLength(PROVABLE.length + 13);
});

describe("a signed sample", () => {
  test.each(CASES)("of $name is what the door verifies, and with another body or secret it is not", (one) => {
    const { headers, body, url } = sign(one);
    const auth = prepareAuth(one.authType, one.auth);
    const kind = { NONE: "unattempted", BASIC_AUTH: "authenticated", API_KEY: "authenticated" }[one.authType as string];
    const isToken = ["GITLAB", "OKTA"].includes(one.authType);
    const as = (given: string | Buffer) => verify(auth, inbound(given, headers, { urls: [url] }), NOW);
    expect(as(body)).toMatchObject({ kind: kind ?? (isToken ? "authenticated" : "verified") });
    if (kind === undefined && !isToken) expect(as(`${body}x`)).toMatchObject({ kind: "rejected" });
    if (one.authType === "NONE") return;
    const others = Object.fromEntries(
      Object.entries(one.auth).map(([name, value]) =>
        ["secret", "password", "api_key"].includes(name) ? [name, "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI="] : [name, value],
      ),
    );
    const other = prepareAuth(one.authType, others);
    expect(verify(other, inbound(body, headers, { urls: [url] }), NOW)).toMatchObject({ kind: "rejected" });
  });

  test("is what the providers' own libraries verify", async () => {
    const stripe = signAs("STRIPE");
    expect(() =>
      Stripe.webhooks.constructEvent(stripe.body, stripe.header("stripe-signature"), SECRET, 300, undefined, NOW),
    ).not.toThrow();
    const github = signAs("GITHUB");
    expect(await verifyGithub(SECRET, github.body.toString(), github.header("x-hub-signature-256"))).toBe(true);
    const twilio = signAs("TWILIO");
    const form = Object.fromEntries(new URLSearchParams(twilio.body.toString()));
    expect(validateRequest(SECRET, twilio.header("x-twilio-signature"), twilio.url, form)).toBe(true);
    const slack = signAs("SLACK");
    const base = `v0:${slack.header("x-slack-request-timestamp")}:${slack.body}`;
    expect(slack.header("x-slack-signature")).toBe(`v0=${createHmac("sha256", SECRET).update(base).digest("hex")}`);
    const source = sourceOf({ name: "", type: "WEBHOOK", authType: "STANDARD_WEBHOOKS", auth: { secret: WHSEC } });
    const sample = makeSample(source, "test_1", Date.now());
    const headers = Object.fromEntries((sample && proveSample(sample, WHSEC)?.headers) ?? []);
    expect(() => new Webhook(WHSEC).verify(sample?.body ?? "", headers)).not.toThrow();
  });

  test("cannot be made where only the provider has the key, or where the settings are incomplete", () => {
    const paypal = sourceOf({ name: "", type: "PAYPAL", authType: "PAYPAL", auth: { webhook_id: "1AB" } });
    expect(makeSample(paypal, "test_1", NOW)?.proof).toBe(null);
    expect(sampleCommand(paypal)).toBe(null);
    const incomplete = sourceOf({ name: "", type: "STRIPE", authType: "STRIPE", auth: {} });
    expect(makeSample(incomplete, "test_1", NOW)).toBe(null);
    expect(sampleCommand(incomplete)).toBe(null);
  });
});

describe("the command to copy", () => {
  const received = new Map<string, { request: IncomingMessage; body: Buffer }>();
  const server = createServer(async (request, response) => {
    received.set(request.url ?? "", { request, body: Buffer.concat(await request.toArray()) });
    response.end("ok");
  });
  let origin = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  /** Runs the command in a shell, and returns what came of it. */
  async function run(one: Case): Promise<Inbound> {
    const path = `/e/${CASES.indexOf(one)}`;
    const command = sampleCommand(sourceOf(one, origin + path));
    const secret = String(one.auth.secret ?? one.auth.password ?? one.auth.api_key ?? "");
    const env = childEnv(command?.secretVariable ? { [command.secretVariable]: secret } : {});
    await promisify(execFile)("bash", ["-ec", `${command?.text} -sS`], { env });
    const { request, body } = received.get(path) ?? { request: undefined, body: Buffer.alloc(0) };
    const raw = request?.rawHeaders ?? [];
    const headers = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ""] as [string, string]] : []));
    return inbound(body, headers, { urls: [origin + path] });
  }

  test("sends what the door verifies, whatever the owner's names do to a shell", { timeout: 30_000 }, async () => {
    // One of each way to write a time, a body, a key and a digest.
    const told = /^(NONE|BASIC|API|STANDARD|STRIPE|GITHUB|GITLAB|SHOPIFY|TWILIO|SLACK)|twitch|webflow|base64url/;
    const verdicts = await Promise.all(
      CASES.filter(({ name }) => told.test(name)).map(async (one) => {
        const sent = await run(one);
        expect(sent.body.length, one.name).toBeGreaterThan(10);
        return [one.name, verify(prepareAuth(one.authType, one.auth), sent, Date.now()).kind];
      }),
    );
    const good = (name = "") =>
      name === "NONE"
        ? "unattempted"
        : ["BASIC_AUTH", "API_KEY", "GITLAB", "OKTA"].includes(name)
          ? "authenticated"
          : "verified";
    expect(verdicts).toHaveLength(13);
    expect(verdicts).toEqual(verdicts.map(([name]) => [name, good(name)]));
  });

  test("holds no secret, and names the variable for it where one is needed", () => {
    for (const one of CASES) {
      const command = sampleCommand(sourceOf(one));
      expect(command?.text).not.toMatch(/everybody|MfKQ9r8/);
      expect(command?.secretVariable).toBe(one.authType === "NONE" ? null : "SOURCE_SECRET");
    }
  });
});
