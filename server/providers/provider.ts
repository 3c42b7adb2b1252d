import type { z } from "zod";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { HttpMethod } from "#server/contracts/http.ts";
import type { CustomResponse } from "#server/contracts/source.ts";
import type { HmacProof } from "./hmac-proof.ts";
import type { HmacScheme, SignatureMade } from "./hmac-scheme.ts";
import type { Check, Inbound, SentHeaders } from "./inbound.ts";

/** A provider's name and id of its event, as they stand in headers or body; `describe` cleans and cuts both. */
export interface RawIdentity {
  eventType: unknown;
  providerEventId: unknown;
  /** The id stands where the provider's signature does not reach: by itself it tells nothing. */
  isIdUnsigned?: boolean;
  /** Other events may come under the same id: only the same body makes one a repetition. */
  isIdShared?: boolean;
}

/** An answer that the provider expects instead of the source's usual one. */
export interface Challenge {
  status: number;
  contentType: string;
  body: string;
  /** Besides those that every answer has. */
  headers?: HeaderList;
  /** What the probe brings the owner, as a sentence. Such a probe is kept as evidence, any other is not stored. */
  forOwner?: string;
}

/**
 * A provider's probe of a URL that it is about to use.
 *
 * An answer to an unsigned probe goes to whoever asks. Where it is made with the secret, `answer` must refuse any text that
 * could be the signed text of an event: otherwise a stranger has his events signed by us.
 */
export interface Handshake<S extends z.ZodType = z.ZodType> {
  /** A signed probe is answered after verification. An unsigned one is answered before it, whatever methods are allowed. */
  readonly isSigned: boolean;
  /**
   * @param body the `bodyFields` of the body; undefined where there are none
   * @param settings the source's `config.auth` with its secrets; null unless it is set as the provider asks
   * @returns null for an ordinary event
   */
  answer(inbound: Inbound, body: () => unknown, settings: z.output<S> | null): Challenge | null;
}

/** A provider: the headers that it is recognised by, and how it names its events. */
export interface Provider<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** The headers that it proves itself by, in lower case. The first that is present is read. */
  readonly headers: readonly string[];
  /** The one of `headers` that holds a shared token, where the others hold signatures. */
  readonly tokenHeader?: string;
  /** Others prove themselves in the same headers: a request does not tell by them that it is this provider's. */
  readonly isHeaderShared?: boolean;
  /** Its signature, where it is symmetric: plain HMAC on one of its headers verifies by this too. */
  readonly hmac: HmacScheme | null;
  /** The paths in a body that `identify` and the handshake read, such as `data.id` and `events.*.type`: the door reads no others. */
  readonly bodyFields?: readonly string[];
  /**
   * `body` reads lazily: a provider that tells everything in headers must not call it. `signatureHeaders` are those that the
   * source takes a signature from, in order of preference.
   */
  readonly identify: (inbound: Inbound, body: () => unknown, signatureHeaders: readonly string[]) => RawIdentity;
  readonly handshake?: Handshake<S>;
  /** A webhook as it sends them, with the id that tells this one apart. Without it a plain JSON event is taken. */
  readonly sample?: (id: string) => SampleEvent;
}

/** A body, as JSON or as a form, and the headers by which the provider names its event. */
export type SampleEvent = { headers: HeaderList } & (
  | { body: Record<string, unknown> | readonly unknown[] }
  | { form: Record<string, string> }
);

/** A request's parts that a proof is written into. */
export interface ProvedParts {
  url: string;
  headers: HeaderList;
  body: Buffer;
}

/** How a sender proves itself in a request that is not signed yet. */
export type Proof =
  | { kind: "none" }
  /** The secret itself stands in a header, behind `prefix`. */
  | { kind: "token"; header: string; prefix?: string }
  /** Written in a way that no line of a shell shows: into the URL or the body, or as a token of several parts. */
  | { kind: "written"; write: (secret: string) => ProvedParts | null }
  | { kind: "basic"; username: string }
  | HmacProof;

/** The fields of a rotation: the new secret, and the one before it. */
export interface SecretRotation {
  field: string;
  /** The field that keeps the previous secret valid; null when the other side accepts only one. */
  previous: string | null;
  /** The kind of secret that is made here when none is given; null when the other side makes it. */
  made: "token" | "whsec" | null;
}

export interface AuthProblem {
  /** A field of `config.auth`. */
  field: string;
  message: string;
}

/**
 * One way to prove a sender. The methods take what `settings` has parsed, so a scheme with settings of its own is an
 * `AuthScheme` like any other.
 */
export interface AuthScheme<S extends z.ZodType = z.ZodType> {
  /** The shape of `config.auth`. The keys named in `SECRET_AUTH_FIELDS` are stored encrypted and read masked. */
  readonly settings: S;
  readonly rotation: SecretRotation | null;
  /** It proves the sender alone, and vouches for nothing of what was sent. */
  readonly isOverSenderAlone?: boolean;
  /** Compiled once per version of a source's configuration. */
  makeCheck(settings: z.output<S>): Check;
  /** Settings that are well formed and with which no request could ever be verified: a sentence for each. */
  problems(settings: z.output<S>): AuthProblem[];
  /**
   * How the sender would prove itself in `draft`, for a test and for the example that an owner copies; null where only the
   * sender can, as with a key that it alone holds.
   */
  prove(settings: z.output<S>, draft: Inbound, made: Omit<SignatureMade, "header">): Proof | null;
  /** The headers that carry the secret itself, in lower case: their values are never stored. */
  secretHeaders(auth: Record<string, unknown>): readonly string[];
  /** The parameters of the query that carry the secret itself: their values are never stored either. */
  readonly secretParameters?: readonly string[];
}

/** What an event tells of itself, as it stands there: read after a request is stored, and whatever it is, no error. */
export interface RawFacts {
  /** When it happened: a text, or a number of Unix seconds or milliseconds. */
  occurredAt: unknown;
  /** The id of what it is about. */
  resourceId: unknown;
}

/** The words of one field of `config.auth`. */
export interface FieldWords {
  label: string;
  help?: string;
}

/** A provider with an auth type of its own. */
export interface SourceProvider<S extends z.ZodType = z.ZodType> extends Provider<S>, AuthScheme<S> {
  /** Its name as people know it, and the letters of its tile. */
  readonly title: string;
  readonly tile: string;
  /** The page that its scheme was looked up in. */
  readonly docs: string;
  /** False where the scheme is known from common use, and no page or library of the provider's own was found that says so. */
  readonly isConfirmed: boolean;
  /** How its senders are proved, in words. */
  readonly about: string;
  /** Of fields that the provider calls otherwise than most do. */
  readonly fieldWords?: Readonly<Record<string, FieldWords>>;
  /** The methods that a new source of its type accepts. */
  readonly methods: readonly HttpMethod[];
  /** What a new source of its type answers, where the provider takes no other answer. */
  readonly response?: CustomResponse;
  /** What a new source of its type shows to nobody: a token that stands in the body. */
  readonly maskedPaths?: readonly string[];
  /** @param body JSON, or a form as an object; undefined where it is neither */
  readonly normalise?: (sent: SentHeaders, body: unknown) => RawFacts;
  /** The paths in a body that `normalise` reads: of a large one no others are. */
  readonly factFields?: readonly string[];
}

/** What proves the senders of a provider, without the rest of it. */
export type ProviderProof<S extends z.ZodType = z.ZodType> = AuthScheme<S> &
  Pick<SourceProvider<S>, "headers" | "tokenHeader" | "hmac" | "about" | "maskedPaths">;
