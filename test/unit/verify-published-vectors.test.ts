import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const VERIFIED = { kind: "verified", with: "secret" };

describe("the vectors that providers publish are verified", () => {
  test("GitHub", () => {
    const auth = prepareAuth("GITHUB", { secret: "It's a Secret to Everybody" });
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    expect(verify(auth, inbound("Hello, World!", [["X-Hub-Signature-256", signature]]), 0)).toEqual(VERIFIED);
  });

  test("Standard Webhooks", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
    const headers: HeaderList = [
      ["webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"],
      ["webhook-timestamp", "1614265330"],
      ["webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ];
    expect(verify(auth, inbound('{"test": 2432232314}', headers), 1_614_265_330_000)).toEqual(VERIFIED);
  });

  test("Twilio", () => {
    const auth = prepareAuth("TWILIO", { secret: "12345" });
    const body = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    const sent = inbound(
      body,
      [
        ["content-type", "application/x-www-form-urlencoded"],
        ["x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
      ],
      { urls: ["https://mycompany.com/myapp.php?foo=1&bar=2"] },
    );
    expect(verify(auth, sent, 0)).toEqual(VERIFIED);
  });
});
