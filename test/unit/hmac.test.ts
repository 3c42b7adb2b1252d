import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type HmacAlgorithm, makeHmac } from "#server/crypto/hmac.ts";

const hex = (algorithm: HmacAlgorithm, key: Buffer, ...parts: (string | Buffer)[]) =>
  makeHmac(algorithm, key)(parts).toString("hex");

/** Bytes that differ from place to place and from length to length. */
const bytes = (count: number) => Buffer.from(Array.from({ length: count }, (_, i) => (i * 31 + count) % 256));

describe("HMAC", () => {
  // https://www.rfc-editor.org/rfc/rfc4231 section 4.2, 4.3 and 4.7
  test.each([
    [
      Buffer.alloc(20, 0x0b),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ],
    [
      Buffer.from("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
    [
      Buffer.alloc(131, 0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ],
  ])("gives the digests of RFC 4231", (key, message, sha256, sha512) => {
    expect(hex("sha256", key, message)).toBe(sha256);
    expect(hex("sha512", key, message)).toBe(sha512);
  });

  test.each(["sha1", "sha256", "sha512"] as const)(
    "%s agrees with Node for keys and messages of any length",
    (name) => {
      // With the 3 bytes before it and a block of 128 or 64, the longest message that is copied and the first that is not.
      for (const keyBytes of [0, 1, 63, 64, 65, 127, 128, 129, 300]) {
        const key = bytes(keyBytes);
        for (const messageBytes of [0, 1, 55, 64, 1_000, 65_405, 65_406, 65_469, 65_470, 65_536, 200_000]) {
          const message = bytes(messageBytes);
          const expected = createHmac(name, key).update("t.é", "latin1").update(message).digest("hex");
          expect(hex(name, key, "t.é", message), `${keyBytes} and ${messageBytes}`).toBe(expected);
        }
      }
    },
  );

  test("what an earlier message left behind is not part of the next", () => {
    const digest = makeHmac("sha256", Buffer.from("key"));
    const short = digest(["short"]).toString("hex");
    digest([bytes(60_000)]);
    expect(digest(["short"]).toString("hex")).toBe(short);
  });
});
