// What the dashboard's server hands to a page: nothing that a browser would not send, and its own word on where it is.
import { expect, test } from "vitest";
import { startFront } from "#test/support/front.ts";
import { sendRaw } from "#test/support/raw-client.ts";

const FORGED = {
  "X-Switchyard-Path": "/forged",
  "Content-Security-Policy": "script-src 'nonce-mine'",
  "Content-Security-Policy-Report-Only": "script-src 'nonce-mine'",
  "X-Forwarded-Host": "evil.example",
  "X-Middleware-Subrequest": "middleware:middleware",
  "X-Matched-Path": "/other",
  "X-Now-Route-Matches": "1=other",
  "X-Invoke-Path": "/other",
  "Next-Action": "0123456789012345678901234567890123456789",
  "Next-Resume": "1",
  __proto__: "x",
  Authorization: "Bearer sy_x",
};
const OPENED = { Host: "localhost", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" };

/** What a page was given for a request with these headers; undefined when none was asked. */
async function givenTo(headers: Record<string, string>, method = "GET") {
  let given: NodeJS.Dict<string | string[]> | undefined;
  await using front = await startFront("http://127.0.0.1:1", { onPage: (req) => (given = { ...req.headers }) });
  const lines = Object.entries({ Connection: "close", ...headers }).map(([name, value]) => `${name}: ${value}`);
  const [answer] = await sendRaw(front.url, [`${method} /x HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`]);
  return { status: answer?.status, given };
}

test("headers that a browser does not send are gone, the policy and the path are the server's own", async () => {
  const { given } = await givenTo({ ...OPENED, ...FORGED, Rsc: "1" });
  expect(Object.keys(given ?? {}).sort()).toEqual([
    ...[
      "connection",
      "content-security-policy",
      "host",
      "rsc",
      "sec-fetch-mode",
      "sec-fetch-site",
      "x-switchyard-path",
    ],
  ]);
  expect(given?.["content-security-policy"]).not.toContain("nonce-mine");
  expect(given?.["x-switchyard-path"]).toBe("/x");
});

test.each(["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"])(
  "a page is only read: %s is answered 405 and never reaches one",
  async (method) => {
    expect(await givenTo({ ...OPENED, "Content-Length": "0" }, method)).toEqual({ status: 405, given: undefined });
  },
);
