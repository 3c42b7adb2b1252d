import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { prepareSigner } from "#server/delivery/sign.ts";
import { judgeSignature, type Signing } from "#server/resources/judge-signature.ts";

const [current, previous] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const whsec = (key: Buffer) => `whsec_${key.toString("base64")}`;
const NOW_S = 1_800_000_000;
const standard: Signing = {
  kind: "standard",
  algorithm: "sha256",
  encoding: "base64",
  secrets: [
    { name: "current", key: current },
    { name: "previous", key: previous },
  ],
};

/** What a delivery of the product itself carries. */
function delivered(body: string, secret: Buffer, timestampSeconds = NOW_S) {
  const signer = prepareSigner("SWITCHYARD_SIGNATURE", { signing_secret: whsec(secret) });
  const headers = Object.fromEntries(signer.sign({ id: "evt_1", timestampSeconds, body: Buffer.from(body) }));
  return {
    webhook_id: headers["webhook-id"] ?? "",
    webhook_timestamp: headers["webhook-timestamp"] ?? "",
    signature: headers["webhook-signature"] ?? "",
    body,
  };
}
const judge = (received: Parameters<typeof judgeSignature>[1], signing = standard) =>
  judgeSignature(signing, received, NOW_S * 1000);
const wrong = (received: Parameters<typeof judgeSignature>[1]) =>
  judge(received)
    .parts.filter(({ is_good }) => !is_good)
    .map(({ part }) => part);

describe("what a delivery carries", () => {
  test("fits the secret that made it, and says which one that was", () => {
    expect(judge(delivered('{"n":1}', current))).toMatchObject({ fits: "current" });
    expect(judge(delivered('{"n":1}', previous))).toMatchObject({ fits: "previous", says: /not got the current/ });
    expect(wrong(delivered("é\u0000", current))).toEqual([]);
  });

  test("fits by one of two signatures during a rotation", () => {
    const [a, b] = [delivered("x", current), delivered("x", Buffer.alloc(32, 3))];
    expect(judge({ ...a, signature: `${b.signature} ${a.signature}` }).fits).toBe("current");
  });

  test("fits a destination's own header", () => {
    const signing: Signing = { ...standard, kind: "custom", encoding: "hex" };
    const signature = createHmac("sha256", current).update("body").digest("hex");
    const received = { webhook_id: "", webhook_timestamp: "", signature, body: "body" };
    expect(judge(received, signing)).toMatchObject({ fits: "current" });
    expect(judge({ ...received, signature: "zz" }, signing)).toMatchObject({ fits: null, says: /not 32 bytes/ });
  });
});

describe("what does not fit", () => {
  const right = delivered('{"n": 1}', current);

  test.each([
    ["a line break was added", { body: `${right.body}\n` }, /last line break was added/],
    ["blanks were added", { body: `  ${right.body} ` }, /blanks/],
    ["another body", { body: "other" }, /Another secret/],
    ["another id", { webhook_id: "evt_2" }, /Another secret/],
    ["no id", { webhook_id: "" }, /webhook-id is missing/],
    ["a time that is none", { webhook_timestamp: "now" }, /no whole number/],
    ["a signature of another form", { signature: "v1a,AAAA" }, /v1, and 44 characters/],
    ["a signature that is cut", { signature: right.signature.slice(0, -8) }, /v1, and 44 characters/],
    [
      "another secret's signature",
      { signature: delivered(right.body, Buffer.alloc(32, 9)).signature },
      /Another secret/,
    ],
  ])("because of %s is named", (_what, change, says) => {
    const verdict = judge({ ...right, ...change });
    expect([verdict.fits, verdict.says]).toEqual([null, expect.stringMatching(says)]);
  });

  test("because of line breaks is named, in either direction", () => {
    const [unix, dos] = [delivered("a\nb\n", current), delivered("a\r\nb\r\n", current)];
    expect(judge({ ...unix, body: "a\r\nb\r\n" }).says).toMatch(/line breaks were changed/);
    expect(judge({ ...dos, body: "a\nb\n" }).says).toContain("\\r\\n in what was signed");
  });

  test("because the receiver wrote the body anew is named", () => {
    const compact = delivered('{"n":1}', current);
    expect(judge({ ...compact, body: '{ "n": 1 }' }).says).toMatch(/parsed and written again/);
  });

  test("is not the time alone: an old one fits, and is said", () => {
    const old = judge(delivered("x", current, NOW_S - 400));
    expect(old.fits).toBe("current");
    expect(old.parts.find(({ part }) => part === "timestamp")?.says).toContain("400 s old");
  });

  test("whatever is pasted, nothing throws and no secret is in the answer", () => {
    for (const text of ["", "v1,", "v1,=", "\u0000", "{", "9".repeat(400), `v1,${"A".repeat(44)} `.repeat(500)]) {
      const received = { webhook_id: text, webhook_timestamp: text, signature: text, body: text };
      const answer = JSON.stringify(judge(received));
      expect(answer).not.toContain(current.toString("base64").slice(0, 20));
    }
  });
});
