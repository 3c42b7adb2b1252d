import { describe, expect, test } from "vitest";
import { isLocalVisit, type Visit } from "#server/web/local-visit.ts";

/** A visit as node:http presents it. A name may be given twice, in two cases. */
function visitWith(headers: Record<string, string>, remoteAddress = "127.0.0.1"): Visit {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(lower), rawHeaders: Object.entries(headers).flat(), socket: { remoteAddress } };
}

/** What Chromium sends when a person opens the page. */
const OPENED = {
  Host: "localhost:3000",
  Connection: "keep-alive",
  "Cache-Control": "max-age=0",
  "sec-ch-ua": '"Chromium";v="147"',
  "sec-ch-ua-mobile": "?0",
  "Upgrade-Insecure-Requests": "1",
  "User-Agent": "Mozilla/5.0",
  Accept: "text/html",
  "Sec-Fetch-Site": "none",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-User": "?1",
  "Sec-Fetch-Dest": "document",
  "Accept-Encoding": "gzip, deflate, br, zstd",
  "Accept-Language": "en",
  Cookie: "a=b",
};
/** What a page of ours sends. */
const ASKED = {
  Host: "127.0.0.1:3000",
  Connection: "keep-alive",
  "content-type": "application/json",
  Accept: "*/*",
  "Sec-Fetch-Site": "same-origin",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Dest": "empty",
  Referer: "http://127.0.0.1:3000/",
};
const isLocal = (headers: Record<string, string>, bound = "127.0.0.1", peer?: string) =>
  isLocalVisit(visitWith(headers, peer), bound);

test.each(["localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:80"])(
  "the person at the machine is known by Host %s",
  (Host) => {
    expect([isLocal({ ...OPENED, Host }), isLocal({ ...ASKED, Host })]).toEqual([true, true]);
  },
);

test.each([
  ...["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3000", "a@localhost", "", "127.0.0.2"],
  ...["localhost.", "localhost:1:2", "0x7f.1", "localhost, evil.example", "[::ffff:127.0.0.1]"],
])("nobody is known by Host %j, whatever it resolves to", (Host) => {
  expect([isLocal({ ...OPENED, Host }), isLocal({ ...ASKED, Host })]).toEqual([false, false]);
});

test("a second Host header speaks for nobody, whichever comes first", () => {
  expect(isLocal({ host: "evil.example", ...OPENED })).toBe(false);
  expect(isLocal({ ...OPENED, host: "localhost:3000" })).toBe(false);
});

describe("what came through a proxy came from elsewhere", () => {
  test.each([
    ...[
      "Forwarded",
      "Via",
      "X-Forwarded-For",
      "X-Forwarded-Host",
      "X-Forwarded-Proto",
      "X-Forwarded-Port",
      "X-Real-IP",
    ],
    ...["X-Forwarded-Server", "CF-Connecting-IP", "CF-Ray", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP"],
    ...[
      "Fastly-Client-IP",
      "Fly-Client-IP",
      "X-Envoy-External-Address",
      "X-Amzn-Trace-Id",
      "X-Azure-ClientIP",
      "CDN-Loop",
    ],
    ...[
      "X-Original-Host",
      "X-Request-Id",
      "X-Appengine-User-IP",
      "X-ProxyUser-Ip",
      "Client-IP",
      "A-Proxy-Not-Yet-Written",
    ],
  ])("%s", (name) => {
    expect([isLocal({ ...OPENED, [name]: "1" }), isLocal({ ...ASKED, [name]: "1" })]).toEqual([false, false]);
  });
});

test.each([
  "x-switchyard-event-id",
  "X-Switchyard-Local-Visit",
  "webhook-id",
  "webhook-signature",
  "traceparent",
  "x-api-key",
])("a delivery of ours, which carries %s, is no visit even where it says all that a browser says", (name) => {
  expect([isLocal({ ...OPENED, [name]: "1" }), isLocal({ ...ASKED, [name]: "1" })]).toEqual([false, false]);
});

test("another site's page, an embedded one and a program that is no browser are not the person", () => {
  for (const site of ["cross-site", "same-site", "", "none, same-origin", "Same-Origin"])
    expect(isLocal({ ...ASKED, "Sec-Fetch-Site": site }), site).toBe(false);
  for (const mode of ["no-cors", "cors", "websocket"])
    expect(isLocal({ ...OPENED, "Sec-Fetch-Mode": mode }), mode).toBe(false);
  expect(isLocal({ Host: "localhost:3000", "User-Agent": "curl/8", Accept: "*/*" })).toBe(false);
});

test("nobody is local when the server listens to the network, or the peer is another machine", () => {
  expect(isLocal(OPENED, "0.0.0.0")).toBe(false);
  expect(isLocal(OPENED, "127.0.0.1", "192.168.0.9")).toBe(false);
  expect(isLocal(OPENED, "::1", "::1")).toBe(true);
  expect(isLocal(OPENED, "127.0.0.1", "::ffff:127.0.0.1")).toBe(true);
});
