import type { X509Certificate } from "node:crypto";
import type { HeaderList } from "#server/contracts/header-list.ts";

/** One request at the door, before anything of it is parsed. */
export interface Inbound {
  method: string;
  /**
   * The public URL exactly as the producer called it, query included: Twilio signs it. Several where proxies on the way leave
   * open which it was, the likeliest first.
   */
  urls: readonly string[];
  /** In the order, case and repetition they were received in; values hold one character per byte (latin1). */
  headers: HeaderList;
  /** The joined value of a header, for what is only read, never for what is signed or tells events apart. */
  header(nameLower: string): string | undefined;
  body: Buffer;
}

/** What is left of a request beside its parsed body when its events are judged. */
export type SentHeaders = Pick<Inbound, "headers">;

/** Every value sent under a header, in order: proxies and senders repeat signature headers. */
export function headerValues(inbound: SentHeaders, nameLower: string): string[] {
  const values: string[] = [];
  for (const [name, value] of inbound.headers) {
    if (name.length === nameLower.length && name.toLowerCase() === nameLower) values.push(value);
  }
  return values;
}

/** The first value under a header: a copy behind it, which no signature covers, changes nothing. */
export function firstHeader(inbound: SentHeaders, nameLower: string): string | undefined {
  return headerValues(inbound, nameLower)[0];
}

export type Verification =
  /** By a signature over what was sent. */
  | { kind: "verified"; with: "secret" | "previous_secret" }
  /** By a shared secret that was sent itself: it proves the sender, and nothing of what was sent. */
  | { kind: "authenticated"; with: "secret" | "previous_secret" }
  /** The source asks for no proof: accepted, and recorded as not verified. */
  | { kind: "unattempted" }
  | {
      kind: "rejected";
      cause: "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE";
      /** For the owner: names the header and what was wrong with it, never a secret or an expected signature. */
      detail: string;
    };

/** One call to a provider. Whoever makes it has checked whose URL it is. */
export interface ProviderCall {
  url: URL;
  /** GET where it is left out. */
  method?: "GET" | "POST";
  headers?: HeaderList;
  body?: string;
}

/** The body of an answer with the status 200; null for any other, and where there is none. */
export type CallProvider = (call: ProviderCall) => Promise<Buffer | null>;

/** What a key is asked for with. */
export interface Asking {
  call: CallProvider;
  /** The certificates that are trusted by themselves; left out, those that are known. */
  roots: () => readonly X509Certificate[];
  nowMs: number;
}

/** A key as text; `untilMs` where it is not to be kept for as long as its question says. `why`: for the owner, without a full stop. */
export type KeyAnswer = { kind: "had"; text: string; untilMs?: number } | { kind: "missing"; why: string };

/** A key or certificate that a request names and its provider serves. */
export interface KeyQuestion {
  /** What is served is kept under it, for every team: it names all that the answer depends on. */
  id: string;
  /** Whose credentials the calls are made with: of each few are under way and few may fail. Left out where none are needed, it is the team. */
  owner?: string;
  /** Left out where what is served at `id` never changes. */
  keptForMs?: number;
  ask: (asking: Asking) => Promise<KeyAnswer>;
}

/** The answer to a question, had now or before. */
export type FetchKey = (question: KeyQuestion) => Promise<KeyAnswer>;

/** Asks nobody. */
export const fetchNoKey: FetchKey = async () => ({ kind: "missing", why: "none is asked for here" });

/**
 * Judges one request; compiled once per configuration, never throws or rejects. `nowMs` is Unix time. Only a check that has to wait
 * makes a promise.
 */
export type Check = (inbound: Inbound, nowMs: number, fetchKey: FetchKey) => Verification | Promise<Verification>;

export const rejected = (detail: string): Verification => ({ kind: "rejected", cause: "VERIFICATION_FAILED", detail });
