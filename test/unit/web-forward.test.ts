import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { endToEndHeaders, gatewayHeaders, isForwardedPath, makeAddressTest } from "#server/web/forward.ts";
import { contentSecurityPolicy } from "#server/web/security-headers.ts";

/** A request as node:http presents it, with these raw headers, from this peer. */
function requestWith(rawHeaders: string[], peer = "127.0.0.1", method = "POST"): IncomingMessage {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers[String(rawHeaders[i]).toLowerCase()] = String(rawHeaders[i + 1]);
  return { rawHeaders, headers, method, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
}
const nobody = () => false;
const everybody = () => true;

test("only the API and the door are forwarded", () => {
  expect(
    ["/v1", "/v1?x", "/v1/sources", "/mcp", "/mcp?x", "/e/abc", "/e/abc/deep?q=1"].filter(isForwardedPath),
  ).toHaveLength(7);
  expect(["/", "/e", "/v10/x", "/events", "/mcp/x", "/mcps", "/v2/x", "/%76%31/x"].filter(isForwardedPath)).toEqual([]);
});

test("headers keep their order, case and repeats, and lose only what is meant for one hop", () => {
  const raw = [
    "X-B",
    "1",
    "x-a",
    "2",
    "X-B",
    "3",
    "Connection",
    "close, X-Hop",
    "x-hop",
    "4",
    "Transfer-Encoding",
    "chunked",
  ];
  expect(endToEndHeaders(raw)).toEqual(["X-B", "1", "x-a", "2", "X-B", "3"]);
});

test("the dashboard's own cookies go no further than the dashboard, also when they are all there is", () => {
  expect(endToEndHeaders(["Cookie", "a=1; switchyard.session_token=x; b=2", "X-A", "switchyard.y"])).toEqual([
    ...["Cookie", "a=1; b=2", "X-A", "switchyard.y"],
  ]);
  expect(endToEndHeaders(["COOKIE", "switchyard.session_token=x;switchyard.team=t"])).toEqual([]);
});

describe("what the gateway is told of the sender", () => {
  test("a stranger's X-Forwarded headers are replaced", () => {
    const req = requestWith(
      ["Host", "hooks.test", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"],
      "203.0.113.9",
      "GET",
    );
    expect(gatewayHeaders(req, { kind: "none" }, nobody)).toEqual([
      ...["Host", "hooks.test", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "http"],
      ...["X-Forwarded-Host", "hooks.test"],
    ]);
  });

  test("a trusted proxy's are kept, with the proxy added", () => {
    const req = requestWith(
      ["Host", "inner", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"],
      "10.0.0.1",
      "GET",
    );
    expect(gatewayHeaders(req, { kind: "none" }, everybody)).toEqual(
      expect.arrayContaining(["6.6.6.6, 10.0.0.1", "https"]),
    );
  });

  test("a body is framed as it came, and no body is announced as none", () => {
    const chunked = gatewayHeaders(requestWith(["Host", "h"], "::1", "GET"), { kind: "chunked" }, nobody);
    const bare = gatewayHeaders(requestWith(["Host", "h"]), { kind: "none" }, nobody);
    expect(chunked.slice(-2)).toEqual(["Transfer-Encoding", "chunked"]);
    expect(bare.slice(-2)).toEqual(["Content-Length", "0"]);
  });
});

test("an IPv4 address in IPv6 clothes is judged as the IPv4 address", () => {
  const isTrusted = makeAddressTest(["127.0.0.0/8", "10.0.0.0/8", "::1/128"]);
  expect(["127.0.0.1", "::ffff:127.0.0.1", "10.9.8.7", "::1"].map(isTrusted)).toEqual([true, true, true, true]);
  expect(["192.168.0.1", "::ffff:8.8.8.8", "fe80::1", ""].map(isTrusted)).toEqual([false, false, false, false]);
});

test("the served policy has no unsafe word", () => {
  expect(contentSecurityPolicy("abc", false)).not.toContain("unsafe");
  expect(contentSecurityPolicy("abc", false)).toContain("frame-ancestors 'none'");
});
