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

  test("Sendcloud", () => {
    const auth = prepareAuth("SENDCLOUD", { secret: "secretkey" });
    const signature = "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a";
    expect(verify(auth, inbound('{"key": "value"}', [["Sendcloud-Signature", signature]]), 0)).toEqual(VERIFIED);
  });

  test("Wise", () => {
    const lines = [
      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwpb91cEYuyJNQepZAVfP",
      "ZIlPZfNUefH+n6w9SW3fykqKu938cR7WadQv87oF2VuT+fDt7kqeRziTmPSUhqPU",
      "ys/V2Q1rlfJuXbE+Gga37t7zwd0egQ+KyOEHQOpcTwKmtZ81ieGHynAQzsn1We3j",
      "wt760MsCPJ7GMT141ByQM+yW1Bx+4SG3IGjXWyqOWrcXsxAvIXkpUD/jK/L958Cg",
      "nZEgz0BSEh0QxYLITnW1lLokSx/dTianWPFEhMC9BgijempgNXHNfcVirg1lPSyg",
      "z7KqoKUN0oHqWLr2U1A+7kqrl6O2nx3CKs1bj1hToT1+p4kcMoHXA7kA+VBLUpEs",
      "VwIDAQAB",
    ];
    const signature =
      "wKcKCYXAzxNgiu7xmoDm943NUni7Rz33QN8JkEA9dWSGebgndonabgSj18Y4C08OrwVmueGsED2s00M7DtJVcYKOS1i3G4TMVx+mgM3aL9djMBkQtiYNBFUd6wrPI7ZUNHv/TrlKSjTMc+6JFvUvJ7owY3z85e3I4jLRLJowMFvO8kvCJ60+1pY9wDwZvtZ//WS93LrwGjk9Dvwzpmu0w+P4J75tETT5qC3Uv0y5G2yO8SEoO3yNP/tg/BOli02niHb53vEOUWUb9bly6thnfMoXoiV/osoGxgF20R58RlvkAmezyyl1Sv542TfS2DpiwVnmjjjkCyXeSUcKookYLQ==";
    const body =
      '{"data":{"resource":{"id":49983981,"profile_id":16055450,"account_id":14124090,"type":"transfer"},"current_state":"incoming_payment_waiting","previous_state":null,"occurred_at":"2021-08-23T10:12:50Z"},"subscription_id":"90aa8e14-4ef1-4a56-861c-f3c9cde097ea","event_type":"transfers#state-change","schema_version":"2.0.0","sent_at":"2021-08-23T10:12:50Z"}';
    const public_key = ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----"].join("\n");
    const sent = inbound(body, [["X-Signature-SHA256", signature]]);
    expect(verify(prepareAuth("WISE", { public_key }), sent, 0)).toEqual(VERIFIED);
  });
});
