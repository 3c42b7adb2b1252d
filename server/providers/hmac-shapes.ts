// The three shapes that nearly all HMAC providers share; a provider's own file names which, with what separators.
import type { HmacAlgorithm } from "#server/crypto/hmac.ts";
import type { Encoding, HmacScheme, SignedMessage } from "./hmac-scheme.ts";
import type { Inbound } from "./inbound.ts";
import { notATimestamp, type ParseTimestamp, soleHeader, spellTimestamp, unixSeconds } from "./timestamps.ts";

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
    read: (inbound, _header, values) => ({
      kind: "read",
      candidates: listed(values),
      messages: [{ parts: [inbound.body], timestampMs: null }],
    }),
  };
}

/** The timestamp has a header of its own; `sign` says how it is put together with the body. */
export function overTimestampHeader(shape: {
  encoding: Encoding;
  timestampHeader: string;
  parseTimestamp: ParseTimestamp;
  toleranceSeconds: number | null;
  /** The signature's version, where the provider writes one: others are left alone. */
  version?: string;
  sign: (timestamp: string, inbound: Inbound) => SignedMessage["parts"];
}): HmacScheme {
  const prefix = shape.version ? `${shape.version}=` : "";
  return {
    algorithm: "sha256",
    encoding: shape.encoding,
    toleranceSeconds: shape.toleranceSeconds,
    read: (inbound, _header, values) => {
      const timestamp = soleHeader(inbound, shape.timestampHeader);
      if (timestamp.kind === "unreadable") return timestamp;
      const timestampMs = shape.parseTimestamp(timestamp.text);
      if (timestampMs === null) return notATimestamp(shape.timestampHeader);
      return {
        kind: "read",
        candidates: listed(values)
          .filter((text) => text.startsWith(prefix))
          .map((text) => text.slice(prefix.length)),
        messages: [{ parts: shape.sign(timestamp.text, inbound), timestampMs }],
      };
    },
    write: ({ nowMs }) => ({
      headers: [[shape.timestampHeader, spellTimestamp(shape.parseTimestamp, nowMs)]],
      value: (digest) => prefix + digest,
    }),
  };
}

/** Two differing timestamps can come of a header sent twice; each more would cost one more pass over the body. */
const MAX_TIMESTAMPS = 2;

/** Timestamp and signatures stand in one header as `t=…,v1=…,v1=…`; the timestamp, `joint` and the body are signed. */
export function overTimestampInSignature(shape: {
  separator: "," | ";";
  timestampKey: string;
  signatureKey: string;
  joint: "." | ":";
  toleranceSeconds: number;
}): HmacScheme {
  return {
    algorithm: "sha256",
    encoding: "hex",
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
        const timestampMs = unixSeconds(timestamp);
        if (timestampMs === null) return notATimestamp(`${shape.timestampKey}= in ${header}`);
        messages.push({ parts: [timestamp + shape.joint, inbound.body], timestampMs });
      }
      return { kind: "read", candidates, messages };
    },
    write: ({ nowMs }) => ({
      headers: [],
      value: (digest) => {
        const timestamp = `${shape.timestampKey}=${spellTimestamp(unixSeconds, nowMs)}`;
        return `${timestamp}${shape.separator}${shape.signatureKey}=${digest}`;
      },
    }),
  };
}
