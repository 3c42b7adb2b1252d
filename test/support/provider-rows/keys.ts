// Keys of the tests' own, made anew in each run.
import { createSign, generateKeyPairSync, sign } from "node:crypto";

const ed25519 = generateKeyPairSync("ed25519");
const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const spki = (key: typeof ed25519.publicKey) => key.export({ format: "der", type: "spki" });

export const ED25519_HEX = spki(ed25519.publicKey).subarray(-32).toString("hex");
export const ED25519_BASE64 = Buffer.from(ED25519_HEX, "hex").toString("base64");
export const P256_SPKI = spki(p256.publicKey).toString("base64");

export const signEd25519 = (text: string): Buffer => sign(null, Buffer.from(text), ed25519.privateKey);
export const signP256 = (text: string): Buffer => createSign("sha256").update(text).sign(p256.privateKey);
