// What a test knows of a provider: how it signs, by its documentation and by nothing of server/providers, and what a webhook
// of its own looks like.
import { createHmac } from "node:crypto";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { ProviderType } from "#server/contracts/provider.ts";

export const NOW_S = 1_760_000_000;
export const URL_OF_SOURCE = "https://hooks.example.com/e/key?team=a%20b&x=1";

/** What the signer is given. */
export interface Draft {
  secret: string;
  body: string;
  url: string;
  method: string;
  seconds: number;
}

/** What goes on the way in the end; what is left out stays as in the draft. */
export interface Signed {
  headers?: HeaderList;
  url?: string;
  body?: string;
}

export interface ProviderRow {
  /** `config.auth`; `{ secret }` by default. */
  auth?: Record<string, unknown>;
  /** What the provider itself signs or proves itself with, where it is not `auth.secret`. */
  secret?: string;
  /** By default by the documented way over the draft. */
  sign: (draft: Draft) => Signed;
  /** A realistic webhook: JSON, or the text of any other body with its content type among `headers`. */
  body: unknown;
  /** The headers that name the event. They are not under the signature, unless `signedHeaders` names them. */
  headers?: HeaderList;
  url?: string;
  /** Seconds that the signed time may be off; undefined where none is signed. */
  toleranceSeconds?: number;
  signsUrl?: boolean;
  /** False where the proof says nothing of the body: a token, a signature over something else. */
  signsBody?: boolean;
  /** The headers under the signature, the time's among them. */
  signedHeaders?: readonly string[];
  /** By a shared token instead of a signature. */
  isToken?: boolean;
  /** Signed here. The secret itself is taken as well: test/unit/signed-or-token.test.ts. */
  isTokenToo?: boolean;
  event: { type: string | null; id: string | null; occurredAt?: unknown; resourceId?: unknown };
  probes?: readonly Probe[];
}

/** A probe of the URL, and its answer byte for byte. */
export interface Probe {
  method: string;
  url?: string;
  headers?: HeaderList;
  body?: string;
  answer: { status: number; contentType: string; body: string; headers?: HeaderList };
}

export type ProviderRows = Partial<Record<ProviderType, ProviderRow>>;

type Text = string | Buffer;
const hmac = (algorithm: string, key: Text, text: Text) => createHmac(algorithm, key).update(text).digest();
export const hex = (key: Text, text: Text, algorithm = "sha256") => hmac(algorithm, key, text).toString("hex");
export const base64 = (key: Text, text: Text, algorithm = "sha256") => hmac(algorithm, key, text).toString("base64");
