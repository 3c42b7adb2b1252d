import { createPublicKey, sign } from "node:crypto";
import { expect, test } from "vitest";
import type { SendOutcome } from "#server/egress/client.ts";
import { makeProviderKeys } from "#server/gateway/provider-keys.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describedFields, describe as describeEvent } from "#server/providers/describe.ts";
import { tellFacts } from "#server/providers/facts.ts";
import { prepareAuth, verify as verifyAtDoor } from "#server/providers/verify.ts";
import { ISSUER_URL, makeRoot } from "#test/support/certificate-authority.ts";
import { inbound } from "#test/support/inbound.ts";
import { selfSigned, selfSignedRsa } from "#test/support/self-signed-certificate.ts";

const VERIFIED = { kind: "verified", with: "secret" };
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:orders";
const CERT_URL = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${"0".repeat(32)}.pem`;
const AT = Date.parse("2026-11-27T00:00:00Z");
const root = makeRoot();
const between = root.authority("Between");
const publicKey = createPublicKey(selfSignedRsa.cert);
/** Amazon serves the signer's certificate alone, which says where its issuer's is. */
const signerOf = (name: string) => between.certify({ name, publicKey }, { issuerUrl: ISSUER_URL }).toString();
const SIGNER = signerOf("sns.amazonaws.com");
const roots = () => [root.certificate];
const serve = (url: URL, pem: string | null) =>
  url.href === ISSUER_URL ? between.certificate.raw : pem === null ? null : Buffer.from(pem);
const note = {
  Type: "Notification",
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: TOPIC,
  Subject: "My First Message",
  Message: "Hello world!\nand more",
  Timestamp: "2026-11-26T23:59:00.133Z",
};
const subscription = {
  Type: "SubscriptionConfirmation",
  MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
  Token: "2336412f37",
  TopicArn: TOPIC,
  Message: "You have chosen to subscribe",
  SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
  Timestamp: "2026-11-26T23:59:00.133Z",
};

function signed(fields: Record<string, string>, names: readonly string[], given: Record<string, string> = {}): string {
  const text = names
    .filter((name) => name in fields)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join("");
  const version = given.SignatureVersion ?? "2";
  const Signature = sign(version === "1" ? "sha1" : "sha256", Buffer.from(text), selfSignedRsa.key).toString("base64");
  return JSON.stringify({ ...fields, SignatureVersion: version, Signature, SigningCertURL: CERT_URL, ...given });
}
const NOTE = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRM = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

async function judged(
  body: string,
  given: { topic?: string; pem?: string | null; asked?: string[]; at?: number } = {},
) {
  const auth = prepareAuth("SNS", { topic_arn: given.topic ?? TOPIC });
  return await verifyAtDoor(
    auth,
    inbound(body, [["content-type", "text/plain; charset=UTF-8"]]),
    given.at ?? AT,
    ({ id: href, ask }) => {
      given.asked?.push(href);
      const pem = given.pem === undefined ? SIGNER : given.pem;
      return ask({ call: async ({ url }) => serve(url, pem), roots, nowMs: given.at ?? AT });
    },
  );
}

test("what Amazon's certificate has signed is verified, by both versions, subscriptions too", async () => {
  expect(await judged(signed(note, NOTE))).toEqual(VERIFIED);
  expect(await judged(signed(note, NOTE, { SignatureVersion: "1" }))).toEqual(VERIFIED);
  const { Subject: _, ...plain } = note;
  expect(await judged(signed(plain, NOTE))).toEqual(VERIFIED);
  expect(await judged(signed(subscription, CONFIRM))).toEqual(VERIFIED);
});

test("a certificate that was good a moment ago is not when it has run out, or is not valid yet", async () => {
  expect((await judged(signed(note, NOTE))).kind).toBe("verified");
  for (const at of [Date.UTC(2127, 0), Date.UTC(2026, 0)])
    expect((await judged(signed(note, NOTE), { at })).kind).toBe("rejected");
});

test("what stands in a certificate's place for a moment is not kept, and one that is renewed there is read again", async () => {
  const served = ["an error page", selfSigned.cert, SIGNER, SIGNER];
  let now = AT;
  const send = async ({ url }: { url: URL }): Promise<SendOutcome> => {
    const body = serve(url, url.href === ISSUER_URL ? null : (served.shift() ?? "")) ?? Buffer.alloc(0);
    return { kind: "response", status: 200, headers: [], body, latencyMs: 1, phases: null };
  };
  const keys = makeProviderKeys({ send }, () => now, roots);
  const auth = prepareAuth("SNS", { topic_arn: TOPIC });
  const judge = async () => (await verifyAtDoor(auth, inbound(signed(note, NOTE), []), AT, keys)).kind;
  const after = (ms: number) => {
    now += ms;
    return judge();
  };
  expect([await judge(), await after(60_000), await after(60_000)]).toEqual(["rejected", "rejected", "verified"]);
  expect([await after(60_000), served.length]).toEqual(["verified", 1]);
  expect([await after(24 * 60 * 60_000), served.length]).toEqual(["verified", 0]);
});

/** Of the others the name holds the region, as the SDK for Java has it. */
const SIGNERS = new Map([
  ["us-east-1", "sns.amazonaws.com"],
  ["us-gov-west-1", "sns-us-gov-west-1.amazonaws.com"],
  ["us-gov-east-1", "sns-us-gov-west-1.amazonaws.com"],
  ["cn-northwest-1.amazonaws.com.cn", "sns-cn-northwest-1.amazonaws.com.cn"],
]);

test("the certificate of each of Amazon's regions is asked for", async () => {
  const regions = [
    "us-east-1",
    "ap-southeast-5",
    "us-gov-west-1",
    "us-gov-east-1",
    "mx-central-1",
    "cn-northwest-1.amazonaws.com.cn",
  ];
  for (const region of regions) {
    const host = region.includes(".") ? `sns.${region}` : `sns.${region}.amazonaws.com`;
    const SigningCertURL = `https://${host}${new URL(CERT_URL).pathname}`;
    const pem = signerOf(SIGNERS.get(region) ?? `sns-signing.${region}.amazonaws.com`);
    expect(await judged(signed(note, NOTE, { SigningCertURL }), { pem }), host).toEqual(VERIFIED);
  }
  const others = [
    "s3.amazonaws.com",
    "sns-signing.us-east-1.amazonaws.com",
    "sns.amazonaws.com.evil.example",
    "evil.example",
  ];
  for (const name of others)
    expect(await judged(signed(note, NOTE), { pem: signerOf(name) }), name).toMatchObject({
      detail: expect.stringContaining(`it is for ${name} and not for sns.amazonaws.com`),
    });
});

test("another value of any signed field is refused, and one that is left out", async () => {
  const cases = [
    [note, NOTE],
    [subscription, CONFIRM],
  ] as const;
  for (const [fields, names] of cases) {
    for (const name of names) {
      const whole = JSON.parse(signed(fields, names)) as Record<string, string>;
      expect((await judged(JSON.stringify({ ...whole, [name]: `${whole[name]}x` }))).kind, name).toBe("rejected");
      delete whole[name];
      expect((await judged(JSON.stringify(whole))).kind, `without ${name}`).toBe("rejected");
    }
  }
  expect((await judged(signed(note, NOTE, { SignatureVersion: "1", Signature: "A".repeat(344) }))).kind).toBe(
    "rejected",
  );
});

test("a topic of another account, which is signed with the same certificate, is refused unasked", async () => {
  const asked: string[] = [];
  const other = { ...note, TopicArn: "arn:aws:sns:eu-west-1:210987654321:orders" };
  expect(await judged(signed(other, NOTE), { asked })).toMatchObject({ kind: "rejected" });
  expect(asked).toEqual([]);
});

test("another topic is refused also under the name of this one in escapes", async () => {
  const asked: string[] = [];
  const other = signed({ ...note, TopicArn: "arn:aws:sns:eu-west-1:210987654321:orders" }, NOTE);
  const disguised = other.replace('"TopicArn"', `"TopicArn":"${TOPIC}","\\u0054opicArn"`);
  expect(JSON.parse(disguised)).toEqual(JSON.parse(other));
  expect((await judged(disguised, { asked })).kind).toBe("rejected");
  expect(asked).toEqual([]);
});

test("a body is judged by its topic before any of it is parsed", async () => {
  const unparsable = '{"TopicArn":"arn:aws:sns:eu-west-1:210987654321:orders","Type":"Notification","x":[1 2]}';
  expect(() => JSON.parse(unparsable)).toThrow();
  expect(await judged(unparsable)).toMatchObject({ detail: expect.stringContaining("another topic") });
});

test("no certificate is asked for at a host or path that a stranger has chosen, and none but an RSA one serves", async () => {
  const asked: string[] = [];
  const path = new URL(CERT_URL).pathname;
  const urls = [
    `https://evil.example${path}`,
    `https://sns.eu-west-1.amazonaws.com.evil.example${path}`,
    `https://evil-sns.eu-west-1.amazonaws.com${path}`,
    `https://s3.eu-west-1.amazonaws.com${path}`,
    `https://sns.evil.example.amazonaws.com${path}`,
    // Of these the buckets and the accounts are anybody's.
    `https://sns.s3-us-west-2.amazonaws.com${path}`,
    `https://sns.s3-website-us-east-1.amazonaws.com${path}`,
    `https://sns.s3-accelerate.amazonaws.com${path}`,
    `http://sns.eu-west-1.amazonaws.com${path}`,
    `https://sns.eu-west-1.amazonaws.com:8443${path}`,
    `https://sns.eu-west-1.amazonaws.com@evil.example${path}`,
    `${CERT_URL}?x`,
    `${CERT_URL}#x`,
    "https://sns.eu-west-1.amazonaws.com/other.pem",
    "https://sns.eu-west-1.amazonaws.com/x/../SimpleNotificationService-1.pem",
    "",
  ];
  for (const SigningCertURL of urls)
    expect((await judged(signed(note, NOTE, { SigningCertURL }), { asked })).kind, SigningCertURL).toBe("rejected");
  for (const SignatureVersion of ["", "3", "none", "toString"])
    expect((await judged(signed(note, NOTE, { SignatureVersion }), { asked })).kind).toBe("rejected");
  expect(asked).toEqual([]);
  for (const pem of [null, "", "<html>", selfSigned.cert])
    expect((await judged(signed(note, NOTE), { pem })).kind).toBe("rejected");
});

test("what is no message of SNS is refused, also what imitates one by an inherited name", async () => {
  for (const Type of ["toString", "__proto__", "constructor"])
    expect((await judged(signed({ ...note, Type }, NOTE))).kind, Type).toBe("rejected");
  for (const body of [
    "",
    "{",
    "[]",
    "null",
    '{"Type":"toString"}',
    '{"Type":["Notification"]}',
    '{"Type":"Notification"}',
  ])
    expect((await judged(body)).kind, body).toBe("rejected");
});

test("its messages are named, dated and told by their topic", () => {
  const auth = prepareAuth("SNS", { topic_arn: TOPIC });
  const request = inbound(signed(note, NOTE), []);
  const fields = () => outlineBody(request.body, "text/plain; charset=UTF-8", describedFields("SNS", auth));
  expect(describeEvent("SNS", auth, request, fields)).toMatchObject({
    eventType: "Notification",
    providerEventId: note.MessageId,
  });
  expect(tellFacts({ source_type: "SNS", headers: [] }, note)).toEqual({
    occurred_at: note.Timestamp,
    resource_id: TOPIC,
  });
});
