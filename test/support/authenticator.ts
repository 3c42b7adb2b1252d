// An authenticator in software: it makes a key for a relying party and signs with it, as WebAuthn Level 3 describes.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const FLAGS = { present: 1, verified: 4, hasKey: 64 };

interface Said {
  /** What a browser would say of the page. */
  origin: string;
  rpId: string;
  /** Whether a finger or a PIN was asked for. */
  isVerified?: boolean;
  counter?: number;
}

const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

// CBOR (RFC 8949), as much of it as is said here.
const head = (major: number, value: number) =>
  value < 24
    ? Buffer.from([major | value])
    : value < 256
      ? Buffer.from([major | 24, value])
      : Buffer.from([major | 25, value >> 8, value & 255]);
const integer = (value: number) => (value < 0 ? head(0x20, -1 - value) : head(0, value));
const text = (value: string) => Buffer.concat([head(0x60, Buffer.byteLength(value)), Buffer.from(value)]);
const bytes = (value: Buffer) => Buffer.concat([head(0x40, value.length), value]);
const map = (...pairs: [Buffer, Buffer][]) => Buffer.concat([head(0xa0, pairs.length), ...pairs.flat()]);

export function makeAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  const cose = map(
    [integer(1), integer(2)],
    [integer(3), integer(-7)],
    [integer(-1), integer(1)],
    [integer(-2), bytes(Buffer.from(x, "base64url"))],
    [integer(-3), bytes(Buffer.from(y, "base64url"))],
  );
  let userHandle = "";
  const dataOf = ({ rpId, isVerified = true, counter = 0 }: Said, key?: Buffer) => {
    const flags = FLAGS.present | (isVerified ? FLAGS.verified : 0) | (key ? FLAGS.hasKey : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, key ?? Buffer.alloc(0)]);
  };
  const clientOf = (type: string, challenge: string, { origin }: Said) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const shown = { id: base64url(id), rawId: base64url(id), type: "public-key", clientExtensionResults: {} };
  return {
    /** Answers the options of a registration. */
    make({ challenge, user }: { challenge: string; user: { id: string } }, said: Said) {
      userHandle = user.id;
      const key = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const attestationObject = map(
        [text("fmt"), text("none")],
        [text("attStmt"), map()],
        [text("authData"), bytes(dataOf(said, key))],
      );
      const clientDataJSON = base64url(clientOf("webauthn.create", challenge, said));
      return {
        ...shown,
        response: { clientDataJSON, attestationObject: base64url(attestationObject), transports: ["internal"] },
      };
    },
    /** Answers the options of a log-in. */
    show({ challenge }: { challenge: string }, said: Said) {
      const client = clientOf("webauthn.get", challenge, said);
      const authenticatorData = dataOf(said);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(client)]), privateKey);
      return {
        ...shown,
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signature),
          userHandle,
        },
      };
    },
  };
}
