// The shapes that nearly all HMAC providers share; a provider's own file names which, with what separators.
import type { HmacAlgorithm } from "#server/crypto/hmac.ts";
import type { Encoding, HmacScheme, SignedMessage } from "./hmac-scheme.ts";
import type { KeyFormat } from "./key-format.ts";
import { template } from "./template.ts";
import { notATimestamp, type ParseTimestamp, readTimestamp, spellTimestamp, unixSeconds } from "./timestamps.ts";

/** A header sent twice and one joined with commas mean the same (RFC 9110, 5.3). */
const listed = (values: readonly string[]) => values.flatMap((value) => value.split(/[\s,]+/));

/**
 * The body alone is signed; the signature may stand behind `sha256=`, `v1=` and the like.
 *
 * @param prefix the one that the provider writes
 */
export function overBody(shape: { algorithm: HmacAlgorithm; encoding: Encoding | null }, prefix = ""): HmacScheme {
  return {
    ...shape,
    write: () => ({ headers: [], value: (digest) => prefix + digest }),
    toleranceSeconds: null,
    covers: "body",
    read: (inbound, _header, values) => ({
      kind: "read",
      candidates: listed(values),
      messages: [{ parts: [inbound.body], timestampMs: null }],
    }),
  };
}

/**
 * A template of what is signed, with the timestamp in a header of its own where there is one.
 */
export function overTemplate(shape: {
  /** docs/decisions/068: `{timestamp}.{body}`, `{url}{body}`, `{x-request-id}{timestamp}{body}`. */
  sign: string;
  encoding: Encoding;
  algorithm?: HmacAlgorithm;
  /** Stands before the digest; a candidate without it is left alone. */
  prefix?: string;
  timestamp?: { header: string; parse: ParseTimestamp; toleranceSeconds: number | null };
  key?: KeyFormat;
  /** Of the URL, where the provider signs another than it calls. */
  spellings?: (url: string) => readonly string[];
}): HmacScheme {
  const { encoding, algorithm = "sha256", prefix = "", timestamp, key } = shape;
  const signed = template(shape.sign, shape.spellings);
  return {
    algorithm,
    encoding,
    key,
    covers: signed.words,
    toleranceSeconds: timestamp?.toleranceSeconds ?? null,
    read: (inbound, _header, values) => {
      const time = readTimestamp(inbound, timestamp);
      if (time.kind === "unreadable") return time;
      const filled = signed.fill(inbound, time.text);
      if (filled.kind === "unreadable") return filled;
      return {
        kind: "read",
        candidates: listed(values)
          .filter((text) => text.startsWith(prefix))
          .map((text) => text.slice(prefix.length)),
        messages: filled.messages.map((parts) => ({ parts, timestampMs: time.ms })),
        ...(signed.signsUrl && { checked: inbound.urls }),
      };
    },
    write: ({ nowMs, id, header }) => ({
      headers: [
        ...(timestamp ? [[timestamp.header, spellTimestamp(timestamp.parse, nowMs)] as [string, string]] : []),
        ...signed.headers
          .filter((name) => name !== timestamp?.header && name !== header)
          .map((name): [string, string] => [name, id]),
      ],
      value: (digest) => prefix + digest,
    }),
  };
}

/** Two differing timestamps can come of a header sent twice; each more would cost one more pass over the body. */
const MAX_TIMESTAMPS = 2;

/** Timestamp and signatures stand in one header as `t=…,v1=…,v1=…`; the timestamp, `joint` and the body are signed. */
export function overTimestampInSignature(shape: {
  separator: "," | ";" | " ";
  timestampKey: string;
  signatureKey: string;
  joint: string;
  /** Null where the provider names none. */
  toleranceSeconds: number | null;
  algorithm?: HmacAlgorithm;
  encoding?: Encoding;
  parse?: ParseTimestamp;
}): HmacScheme {
  const { algorithm = "sha256", encoding = "hex", parse = unixSeconds } = shape;
  return {
    algorithm,
    encoding,
    covers: "time and body",
    toleranceSeconds: shape.toleranceSeconds,
    read: (inbound, header, values) => {
      const timestamps = new Set<string>();
      const candidates: string[] = [];
      for (const value of values) {
        for (const pair of value.split(shape.separator)) {
          const at = pair.indexOf("=");
          const key = pair.slice(0, at).trim();
          if (key === shape.timestampKey) timestamps.add(pair.slice(at + 1));
          else if (key === shape.signatureKey) candidates.push(pair.slice(at + 1).trim());
        }
      }
      if (timestamps.size === 0) return { kind: "unreadable", detail: `${header} has no ${shape.timestampKey}=.` };
      if (timestamps.size > MAX_TIMESTAMPS) {
        return { kind: "unreadable", detail: `${header} has more than ${MAX_TIMESTAMPS} different timestamps.` };
      }
      const messages: SignedMessage[] = [];
      for (const timestamp of timestamps) {
        const timestampMs = parse(timestamp);
        if (timestampMs === null) return notATimestamp(`${shape.timestampKey}= in ${header}`);
        messages.push({ parts: [timestamp + shape.joint, inbound.body], timestampMs });
      }
      return { kind: "read", candidates, messages };
    },
    write: ({ nowMs }) => ({
      headers: [],
      value: (digest) => {
        const timestamp = `${shape.timestampKey}=${spellTimestamp(parse, nowMs)}`;
        return `${timestamp}${shape.separator}${shape.signatureKey}=${digest}`;
      },
    }),
  };
}
