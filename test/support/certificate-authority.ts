// A local authority: certificates in DER, right and wrong, for the tests of those that providers sign with.
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";

type Der = Buffer;
const der = (tag: number, ...parts: Der[]): Der => {
  const value = Buffer.concat(parts);
  const size = value.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
};
const sequence = (...parts: Der[]) => der(0x30, ...parts);
const identifier = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const octets = (inner: Der) => der(0x04, inner);
const TRUE = der(0x01, Buffer.from([0xff]));

const named = (commonName: string) =>
  sequence(der(0x31, sequence(identifier("550403"), der(0x0c, Buffer.from(commonName)))));
const time = (at: number) =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-T:]/g, "").slice(2, 14)}Z`));

const SIGNED_WITH = {
  ec: { sha256: "2a8648ce3d040302", sha1: "2a8648ce3d0401" },
  rsa: { sha256: "2a864886f70d01010b", sha1: "2a864886f70d010105" },
};
export const USES = { server: "2b06010505070301", mail: "2b06010505070304" };
/** The bits of `keyUsage` that a signer has and an authority has. */
export const KEY_USAGE = { signer: 0x80, authority: 0x06 };

interface Told {
  fromMs?: number;
  untilMs?: number;
  /** Left out of the certificate with null. */
  isAuthority?: boolean | null;
  pathLength?: number;
  keyUsage?: number | null;
  uses?: readonly string[] | null;
  dnsNames?: readonly string[];
  hash?: "sha256" | "sha1";
  /** Where the issuer's own certificate is said to be. */
  issuerUrl?: string;
  /** The object identifier of a critical extension that holds nothing, in hex. */
  critical?: string;
}

interface Party {
  name: string;
  publicKey: KeyObject;
}

export interface Authority {
  certificate: X509Certificate;
  /** Certifies another's key. */
  certify: (party: Party, told?: Told) => X509Certificate;
  /** An authority below this one. */
  authority: (name: string, told?: Told) => Authority;
}

const FROM_MS = Date.UTC(2026, 5);
const UNTIL_MS = Date.UTC(2027, 5);
export const ISSUER_URL = "http://crt.r2m01.amazontrust.com/r2m01.cer";
let serial = 1;

function extensions(told: Told): Der[] {
  const {
    isAuthority = false,
    pathLength,
    keyUsage = null,
    uses = [USES.server],
    dnsNames = [],
    issuerUrl,
    critical,
  } = told;
  const found: Der[] = [];
  const add = (id: string, inner: Der, isCritical = false) =>
    found.push(sequence(identifier(id), ...(isCritical ? [TRUE] : []), octets(inner)));
  const constraints = [
    ...(isAuthority ? [TRUE] : []),
    ...(pathLength === undefined ? [] : [der(0x02, Buffer.from([pathLength]))]),
  ];
  if (isAuthority !== null) add("551d13", sequence(...constraints), true);
  if (keyUsage !== null) add("551d0f", der(0x03, Buffer.from([0, keyUsage])), true);
  if (uses?.length) add("551d25", sequence(...uses.map(identifier)));
  if (dnsNames.length > 0) add("551d11", sequence(...dnsNames.map((name) => der(0x82, Buffer.from(name)))));
  if (issuerUrl !== undefined)
    add("2b06010505070101", sequence(sequence(identifier("2b06010505073002"), der(0x86, Buffer.from(issuerUrl)))));
  if (critical !== undefined) add(critical, sequence(), true);
  return found;
}

function certifyBy(issuer: { name: string; key: KeyObject }, { name, publicKey }: Party, told: Told): X509Certificate {
  const { fromMs = FROM_MS, untilMs = UNTIL_MS, hash = "sha256" } = told;
  const kind = issuer.key.asymmetricKeyType === "ec" ? "ec" : "rsa";
  const algorithm = sequence(identifier(SIGNED_WITH[kind][hash]), ...(kind === "rsa" ? [der(0x05)] : []));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, serial >> 8, serial++ & 0xff])),
    algorithm,
    named(issuer.name),
    sequence(time(fromMs), time(untilMs)),
    named(name),
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(...extensions(told))),
  );
  const signature = der(0x03, Buffer.from([0]), sign(hash, body, issuer.key));
  return new X509Certificate(sequence(body, algorithm, signature));
}

function authorityOf(name: string, issuer: { name: string; key: KeyObject } | null, told: Told): Authority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const self = { name, key: privateKey };
  const all: Told = { isAuthority: true, keyUsage: KEY_USAGE.authority, ...told };
  return {
    certificate: certifyBy(issuer ?? self, { name, publicKey }, all),
    certify: (party, given = {}) =>
      certifyBy(self, party, { keyUsage: KEY_USAGE.signer, dnsNames: [party.name], ...given }),
    authority: (below, given = {}) => authorityOf(below, self, given),
  };
}

/** An authority with a certificate that it has signed itself. */
export const makeRoot = (name = "Local Root", told: Told = {}): Authority => authorityOf(name, null, told);
