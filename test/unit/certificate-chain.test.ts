import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { expect, test } from "vitest";
import { RETIRED_ROOTS } from "#server/gateway/known-roots.ts";
import { type Chain, verifyChain } from "#server/providers/certificate-chain.ts";
import { fieldsOf } from "#server/providers/certificate-fields.ts";
import { askForChain } from "#server/providers/served-chain.ts";
import { type Authority, ISSUER_URL, KEY_USAGE, makeRoot, USES } from "#test/support/certificate-authority.ts";
import { selfSignedRsa } from "#test/support/self-signed-certificate.ts";

const NAME = "signer.provider.example";
const NOW = Date.UTC(2026, 10, 27);
const YESTERDAY = NOW - 86_400_000;
const root = makeRoot();
const between = root.authority("Between");
const publicKey = createPublicKey(selfSignedRsa.cert);
type Told = Parameters<Authority["certify"]>[1];
const signerOf = (issuer: Authority, told: Told = {}, name = NAME) => issuer.certify({ name, publicKey }, told);

const judge = (served: readonly X509Certificate[], roots: readonly X509Certificate[] = [root.certificate]): Chain =>
  verifyChain({ served, roots, names: [NAME], nowMs: NOW });
const why = (chain: Chain) => (chain.kind === "trusted" ? "trusted" : chain.why);

test("a signer whose certificates lead to a root is trusted, until the first of them runs out", () => {
  const untilMs = Date.UTC(2027, 0);
  const short = root.authority("Short", { untilMs });
  expect(judge([signerOf(between), between.certificate])).toMatchObject({
    kind: "trusted",
    untilMs: Date.UTC(2027, 5),
  });
  expect(judge([signerOf(short), short.certificate])).toMatchObject({ kind: "trusted", untilMs });
  const chain = judge([signerOf(root)]);
  expect(chain.kind === "trusted" && chain.key.equals(publicKey)).toBe(true);
});

test("what lies between is taken in any order, and the signer's comes first", () => {
  const below = between.authority("Below");
  const [signer, stranger] = [signerOf(below), makeRoot("Stranger").certificate];
  const all = [below.certificate, stranger, between.certificate];
  expect(judge([signer, ...all]).kind).toBe("trusted");
  expect(judge([signer, ...all.reverse()]).kind).toBe("trusted");
  expect(why(judge([below.certificate, signer, between.certificate]))).toContain("is an authority's");
  expect(why(judge([]))).toBe("it is none");
});

test("a path is found past an issuer of the same name and key that does not hold", () => {
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const held = root.certify(
    { name: "Twice", publicKey: key.publicKey },
    { isAuthority: true, keyUsage: KEY_USAGE.authority },
  );
  expect(held.ca).toBe(true);
  const other = makeRoot("Other root").authority("Between");
  expect(judge([signerOf(between), other.certificate, held, between.certificate]).kind).toBe("trusted");
});

test("a signer of another root, of itself, or without its issuer is not trusted", () => {
  const other = makeRoot("Other root");
  const below = other.authority("Other");
  expect(judge([signerOf(below), below.certificate])).toMatchObject({ kind: "incomplete" });
  expect(why(judge([signerOf(below), below.certificate, other.certificate]))).toBe(
    "that of Other root is signed by itself and none of the known roots",
  );
  expect(why(judge([signerOf(between)]))).toBe(
    "that of signer.provider.example was issued by Between, whose own could not be had",
  );
  const itself = new X509Certificate(selfSignedRsa.cert);
  const names = ["messageverificationcerts.example"];
  for (const nowMs of [NOW, Date.UTC(2030, 0)])
    expect(verifyChain({ served: [itself], roots: [root.certificate], names, nowMs }).kind).toBe("refused");
  // The name and nothing else of the root: its signature is another's.
  const namesake = makeRoot();
  expect(judge([signerOf(namesake)]).kind).toBe("incomplete");
  expect(judge([signerOf(namesake), namesake.certificate]).kind).toBe("refused");
});

test.each<[string, Told, string]>([
  [
    "another name",
    { dnsNames: ["evil.example"] },
    "it is for signer.provider.example and not for signer.provider.example",
  ],
  ["a wildcard", { dnsNames: ["*.provider.example"] }, "and not for"],
  ["a name in front of another", { dnsNames: [`${NAME}.evil.example`] }, "and not for"],
  ["an expiry", { untilMs: YESTERDAY }, "ran out on Nov 26"],
  ["a start in the future", { fromMs: NOW + 1000 }, "is not valid before Nov 27"],
  ["SHA-1", { hash: "sha1" }, "is not signed with SHA-2"],
  ["an authority's flag", { isAuthority: true }, "is an authority's and not a signer's"],
  ["no right to sign", { keyUsage: 0x20 }, "it is not for signatures"],
  ["mail as its use", { uses: [USES.mail] }, "is not for servers"],
  ["no use told", { uses: null }, "it does not say that it is for servers"],
  ["an unknown rule", { critical: "2a0304" }, "holds a rule that is not understood"],
])("a signer's certificate with %s is refused", (_, told, words) => {
  expect(why(judge([signerOf(between, told), between.certificate]))).toContain(words);
});

test.each<[string, Told, string]>([
  ["an expiry", { untilMs: YESTERDAY }, "that of Between ran out on"],
  ["a start in the future", { fromMs: NOW + 1000 }, "that of Between is not valid before"],
  ["no authority's flag", { isAuthority: false }, "it was issued by Between, which is no authority"],
  ["no constraints at all", { isAuthority: null }, "it was issued by Between, which is no authority"],
  ["SHA-1", { hash: "sha1" }, "that of Between is not signed with SHA-2"],
  ["mail as its use", { uses: [USES.mail] }, "that of Between is not for servers"],
  ["names that it is kept to", { critical: "551d1e" }, "that of Between holds a rule that is not understood"],
])("an authority's certificate with %s is refused", (_, told, words) => {
  const bad = root.authority("Between", told);
  expect(why(judge([signerOf(bad), bad.certificate]))).toContain(words);
});

test("an authority that may not issue certificates has issued none", () => {
  const bad = root.authority("Between", { keyUsage: KEY_USAGE.signer });
  expect(judge([signerOf(bad), bad.certificate]).kind).not.toBe("trusted");
  // The key of an issuer under another name.
  const { publicKey: key } = between.certificate;
  const renamed = root.certify(
    { name: "Renamed", publicKey: key },
    { isAuthority: true, keyUsage: KEY_USAGE.authority },
  );
  expect(judge([signerOf(between), renamed]).kind).toBe("incomplete");
});

test("a path is no longer than each authority allows, and than three", () => {
  const [closed, open] = [root.authority("Closed", { pathLength: 0 }), root.authority("Open", { pathLength: 1 })];
  const [below, fine] = [closed.authority("Below"), open.authority("Fine")];
  expect(why(judge([signerOf(below), below.certificate, closed.certificate]))).toBe(
    "there are more authorities below Closed than it allows",
  );
  expect(judge([signerOf(fine), fine.certificate, open.certificate]).kind).toBe("trusted");
  const line = [between];
  while (line.length < 4)
    line.push(line[line.length - 1]?.authority(`Below ${line.length}`, { pathLength: 9 }) ?? between);
  const [, , third, fourth] = line;
  const certificates = line.map(({ certificate }) => certificate);
  expect(third && judge([signerOf(third), ...certificates]).kind).toBe("trusted");
  expect(fourth && judge([signerOf(fourth), ...certificates]).kind).toBe("refused");
});

test("a root that is not in force, a weak key and a key that signs no RSA are refused", () => {
  const old = makeRoot("Old root", { untilMs: YESTERDAY });
  expect(why(judge([signerOf(old)], [old.certificate]))).toBe("the root Old root is not in force");
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  expect(why(judge([root.certify({ name: NAME, publicKey: small })]))).toContain("has a weak key");
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  expect(why(judge([root.certify({ name: NAME, publicKey: curve })]))).toBe("it has no RSA key");
});

test("one bit changed anywhere in a certificate makes it refused", () => {
  const { raw } = signerOf(root);
  for (let at = 4; at < raw.length; at += 7) {
    const changed = Buffer.from(raw);
    changed[at] = (changed[at] ?? 0) ^ 1;
    let read: X509Certificate | null = null;
    try {
      read = new X509Certificate(changed);
    } catch {
      // OpenSSL reads no certificate in it.
    }
    if (read) expect(judge([read]).kind, `byte ${at}`).not.toBe("trusted");
  }
});

test("an issuer that was not served is asked for where the authorities of the providers serve theirs, and nowhere else", async () => {
  const told = { issuerUrl: ISSUER_URL };
  const served = new Map([[ISSUER_URL, between.certificate.raw]]);
  const asked: string[] = [];
  const ask = (signer: X509Certificate) => {
    asked.length = 0;
    const call = async ({ url }: { url: URL }) => {
      asked.push(url.href);
      return url.protocol === "https:" ? Buffer.from(signer.toString()) : (served.get(url.href) ?? null);
    };
    return askForChain(new URL("https://provider.example/cert.pem"), [NAME], {
      call,
      roots: () => [root.certificate],
      nowMs: NOW,
    });
  };
  expect((await ask(signerOf(between, told))).kind).toBe("trusted");
  expect(asked).toEqual(["https://provider.example/cert.pem", ISSUER_URL]);
  for (const bytes of [null, Buffer.from("<html>"), makeRoot("Between").certificate.raw]) {
    if (bytes) served.set(ISSUER_URL, bytes);
    else served.delete(ISSUER_URL);
    expect((await ask(signerOf(between, told))).kind).toBe("incomplete");
    expect(asked.length).toBeLessThanOrEqual(3);
  }
  const elsewhere = [
    "http://evil.example/r2m01.cer",
    "http://crt.amazontrust.com.evil.example/r2m01.cer",
    "http://evilamazontrust.com/r2m01.cer",
    "http://crt.r2m01.amazontrust.com:8080/r2m01.cer",
    "http://crt.r2m01.amazontrust.com@evil.example/r2m01.cer",
    "http://crt.r2m01.amazontrust.com/../r2m01.cer",
    "http://crt.r2m01.amazontrust.com/r2m01.cer?to=evil",
    "file:///etc/passwd.cer",
    `http://evil.example/\nCA Issuers - URI:${ISSUER_URL}`,
  ];
  for (const issuerUrl of elsewhere) {
    expect((await ask(signerOf(between, { issuerUrl }))).kind, issuerUrl).toBe("incomplete");
    expect(asked, issuerUrl).toEqual(["https://provider.example/cert.pem"]);
  }
});

test("every root that Node brings can be read, and the retired ones are those that DigiCert has published", () => {
  expect(rootCertificates.length).toBeGreaterThan(50);
  for (const pem of rootCertificates) expect(fieldsOf(new X509Certificate(pem)).signedWith).not.toBe("");
  expect(RETIRED_ROOTS.map((pem) => new X509Certificate(pem).fingerprint256.replaceAll(":", ""))).toEqual([
    "7431E5F4C3C1CE4690774F0B61E05440883BA9A01ED00BA6ABD7806ED3B118CF",
    "4348A0E9444C78CB265E058D5E8944B4D84F9662BD26DB257F8934A443C70161",
  ]);
});
