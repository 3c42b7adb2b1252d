// A webhook as a source's own provider would send it, for a test of the way in and for the example that an owner copies.
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { HttpMethod } from "#server/contracts/http.ts";
import type { SourceConfig, SourceType } from "#server/contracts/source.ts";
import { authSchemes } from "./auth-schemes.ts";
import { digestOf } from "./hmac-proof.ts";
import type { Inbound } from "./inbound.ts";
import { providerOfType } from "./list.ts";
import type { Proof, ProvedParts, SampleEvent } from "./provider.ts";

/** The auth of a source: its secrets in clear where something is to be signed, masked where only the form is wanted. */
export interface SampleSource {
  type: SourceType;
  url: string;
  config: Pick<SourceConfig, "auth_type" | "auth" | "allowed_http_methods">;
}

export interface UnprovedSample {
  method: string;
  url: string;
  headers: HeaderList;
  body: Buffer;
  /** Null where only the sender can prove itself. */
  proof: Proof | null;
}

/** By preference: what webhooks mostly come by first. */
const SENT_METHODS: readonly HttpMethod[] = ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"];
const WITHOUT_BODY: ReadonlySet<HttpMethod> = new Set(["GET", "HEAD", "OPTIONS"]);
const FORM = "application/x-www-form-urlencoded";

const plainEvent = (id: string): SampleEvent => ({
  headers: [],
  body: { id, type: "test.sent", data: { note: "A test of the way here." } },
});

function written(event: SampleEvent): { contentType: string; body: Buffer } {
  if ("form" in event) return { contentType: FORM, body: Buffer.from(new URLSearchParams(event.form).toString()) };
  return { contentType: "application/json", body: Buffer.from(JSON.stringify(event.body)) };
}

/**
 * Which event it is and how its sender proves itself. Null when the auth is incomplete.
 *
 * @param id tells this one from others
 */
export function makeSample(source: SampleSource, id: string, nowMs: number): UnprovedSample | null {
  const { allowed_http_methods: methods } = source.config;
  const event = (providerOfType(source.type)?.sample ?? plainEvent)(id);
  const method = SENT_METHODS.find((each) => methods.includes(each)) ?? "POST";
  const hasBody = !WITHOUT_BODY.has(method);
  const { contentType, body } = hasBody ? written(event) : { contentType: FORM, body: Buffer.alloc(0) };
  const headers: HeaderList = [["content-type", contentType], ...event.headers];
  return withProof(source, { method, url: source.url, headers, body }, { nowMs, id });
}

/** A webhook that is there, as its sender would prove it now. Null when the auth is incomplete. */
export function makeOwnSample(
  source: SampleSource,
  webhook: Omit<UnprovedSample, "proof">,
  at: { nowMs: number; id: string },
): UnprovedSample | null {
  const sample = withProof(source, webhook, at);
  if (!sample?.proof) return sample;
  const replaced = namesOf(sample.proof);
  // What it brings was signed at another time, perhaps with another secret.
  return { ...sample, headers: sample.headers.filter(([name]) => !replaced.includes(name.toLowerCase())) };
}

const namesOf = (proof: Proof): string[] => {
  if (proof.kind === "basic") return ["authorization"];
  if (proof.kind === "token") return [proof.header.toLowerCase()];
  if (proof.kind === "hmac")
    return [proof.header, ...proof.headers.map(([name]) => name)].map((name) => name.toLowerCase());
  return [];
};

function withProof(
  source: SampleSource,
  webhook: Omit<UnprovedSample, "proof">,
  { nowMs, id }: { nowMs: number; id: string },
): UnprovedSample | null {
  const scheme = authSchemes[source.config.auth_type];
  const settings = scheme.settings.safeParse(source.config.auth);
  if (!settings.success) return null;
  const { method, url, headers, body } = webhook;
  const draft: Inbound = {
    ...{ method, urls: [url], headers, body },
    header: (name) => headers.find(([each]) => each.toLowerCase() === name)?.[1],
  };
  return { ...webhook, proof: scheme.prove(settings.data, draft, { nowMs, id }) };
}

/** A sample with its proof by `secret`; null where it cannot be made here. */
export function proveSample(sample: UnprovedSample, secret: string): ProvedParts | null {
  const { url, body, proof } = sample;
  if (proof?.kind === "written") return proof.write(secret);
  const headers = provedHeaders(sample, secret);
  return headers && { url, headers, body };
}

function provedHeaders({ headers, proof }: UnprovedSample, secret: string): HeaderList | null {
  switch (proof?.kind) {
    case undefined:
    case "written":
      return null;
    case "none":
      return headers;
    case "token":
      return [...headers, [proof.header, (proof.prefix ?? "") + Buffer.from(secret, "utf8").toString("latin1")]];
    case "basic": {
      const credentials = Buffer.from(`${proof.username}:${secret}`, "utf8").toString("base64");
      return [...headers, ["authorization", `Basic ${credentials}`]];
    }
    case "hmac": {
      const digest = digestOf(proof, secret);
      return digest === null ? null : [...headers, ...proof.headers, [proof.header, proof.value(digest)]];
    }
  }
}

/** The secret that the sender would use now; empty where there is none. */
export function currentSecret({ auth_type, auth }: Pick<SourceConfig, "auth_type" | "auth">): string {
  const field = authSchemes[auth_type].rotation?.field;
  const secret = field === undefined ? undefined : auth[field];
  return typeof secret === "string" ? secret : "";
}
