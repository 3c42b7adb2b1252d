import { expect, test } from "vitest";
import { makeSentMask } from "#server/providers/sent-secrets.ts";

const KEY = "k/3y with+signs";
const sent = (headers: [string, string][], query = "", path = "/") => ({ path, query, headers });

test("the header that carries a source's key is masked, whatever its case and whoever sent it", () => {
  const mask = makeSentMask("API_KEY", { header: "X-Producer-Key", api_key: KEY });
  const { headers } = mask(
    sent([
      ["x-producer-KEY", KEY],
      ["X-Producer-Key", "a wrong one"],
      ["X-Topic", "a"],
    ]),
  );
  expect(headers).toEqual([
    ["x-producer-KEY", "***"],
    ["X-Producer-Key", "***"],
    ["X-Topic", "a"],
  ]);
});

test("a key that was sent elsewhere too is masked in every spelling", () => {
  const mask = makeSentMask("API_KEY", { header: "x-api-key", api_key: KEY, previous_api_key: "former-key" });
  const masked = mask(
    sent([["referer", `https://p.example/?k=${KEY}`]], `a=1&k=${encodeURIComponent(KEY)}`, "/former-key/x"),
  );
  expect(masked).toEqual(sent([["referer", "https://p.example/?k=***"]], "a=1&k=***", "/***/x"));
});

test("credentials of the producer are masked whatever the source asks for", () => {
  const headers: [string, string][] = [
    ["Authorization", "Basic x"],
    ["Cookie", "a=b"],
    ["Proxy-Authorization", "c"],
  ];
  for (const type of ["NONE", "HMAC", "BASIC_AUTH"] as const) {
    const masked = makeSentMask(type, {})(sent(headers));
    expect(masked.headers.map(([, value]) => value)).toEqual(["***", "***", "***"]);
  }
});

test("a secret too short to be told from chance is masked in its own header alone", () => {
  const mask = makeSentMask("API_KEY", { header: "x-api-key", api_key: "abc" });
  expect(mask(sent([["x-api-key", "abc"]], "alphabet=abc"))).toEqual(sent([["x-api-key", "***"]], "alphabet=abc"));
});

test("a token in the query is masked by its name: in any spelling, of any length, and before the source knows it", () => {
  const query = (type: "MAILCHIMP" | "STRAVA" | "META", auth: Record<string, unknown>, text: string) =>
    makeSentMask(type, auth, type)(sent([], text)).query;
  expect(query("MAILCHIMP", { secret: KEY }, "a=1&secret=k%2f3y+with%2bsigns&b=2")).toBe("a=1&secret=***&b=2");
  expect(query("MAILCHIMP", { secret: "abc" }, "%73ecret=abc")).toBe("%73ecret=***");
  expect(query("MAILCHIMP", { secret: KEY }, "secrets=1&b")).toBe("secrets=1&b");
  expect(query("STRAVA", {}, "token=t-1&hub.verify_token=t-1")).toBe("token=***&hub.verify_token=***");
  expect(query("META", {}, "hub.mode=subscribe&hub.verify_token=m")).toBe("hub.mode=subscribe&hub.verify_token=***");
  expect(makeSentMask("NONE", {}, "STRAVA")(sent([], "token=t-1")).query).toBe("token=***");
});
