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

  test("Square", () => {
    const auth = prepareAuth("SQUARE", { secret: "Ibxx_5AKakO-3qeNVR61Dw" });
    const body =
      '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}';
    const sent = inbound(body, [["x-square-hmacsha256-signature", "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="]], {
      urls: ["https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"],
    });
    expect(verify(auth, sent, 0)).toEqual(VERIFIED);
  });

  test("Adyen", () => {
    const auth = prepareAuth("ADYEN", { secret: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056" });
    const item = {
      pspReference: "7914073381342284",
      merchantAccountCode: "TestMerchant",
      merchantReference: "TestPayment-1407325143704",
      amount: { value: 1130, currency: "EUR" },
      eventCode: "AUTHORISATION",
      success: "true",
      additionalData: { hmacSignature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=" },
    };
    const body = JSON.stringify({ live: "false", notificationItems: [{ NotificationRequestItem: item }] });
    expect(verify(auth, inbound(body, []), 0)).toEqual(VERIFIED);
  });
});
