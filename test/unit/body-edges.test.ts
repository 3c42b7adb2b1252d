// The edges of bodies as rules see them: whatever it came in, a filter reads it or says why not.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { openRequest } from "#server/judging/judge.ts";
import { runFilter } from "#test/support/rule-request.ts";

function opened(body: Buffer | string, contentType: string, headers: HeaderList = []) {
  const bytes = Buffer.from(body as string);
  return openRequest({
    team_id: "tm_a",
    id: "req_a",
    source_id: "src_a",
    status: "accepted",
    verified: false,
    method: "POST",
    path: "/",
    query: "",
    headers: [["content-type", contentType], ...headers],
    body: bytes,
    body_bytes: bytes.length,
    content_type: contentType,
    event_type: null,
    provider_event_id: null,
    is_masked: false,
    created_at: new Date(0),
  });
}
type Sent = Parameters<typeof opened>;
const passes = (filter: object, ...sent: Sent) => runFilter(filter, opened(...sent)).kind === "match";
function reason(filter: object, ...sent: Sent): string {
  const result = runFilter(filter, opened(...sent));
  return result.kind === "mismatch" ? result.mismatch.message : "";
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const multipart = (...parts: string[]) => `${parts.map((part) => `--B\r\n${part}\r\n`).join("")}--B--\r\n`;
const MULTIPART_TYPE = "multipart/form-data; boundary=B";
const TEXT = '{"type":"order.paid"}';
const PAID = { body: { type: "order.paid" } };

describe("a compressed body", () => {
  test.each([
    ["gzip", gzipSync(TEXT)],
    ["x-gzip", gzipSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ])("of %s is read", (encoding, body) => {
    expect(passes(PAID, body, JSON_TYPE, [["Content-Encoding", encoding]])).toBe(true);
  });

  test.each([
    ["a bomb", "gzip", gzipSync(Buffer.alloc(20 * 1024 * 1024, "a"))],
    ["a bomb in a bomb", "gzip, gzip", gzipSync(gzipSync(Buffer.alloc(20 * 1024 * 1024, "a")))],
    ["a bomb of brotli", "br", brotliCompressSync(Buffer.alloc(20 * 1024 * 1024, "a"))],
    ["broken", "gzip", gzipSync(TEXT).subarray(0, 12)],
    ["three times", "gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(TEXT)))],
  ])("that is %s is not, and the trace says so", (_what, encoding, body) => {
    expect(reason(PAID, body, JSON_TYPE, [["Content-Encoding", encoding]])).toContain(
      `its content-encoding ${encoding} could not be undone, or gave over 10 MiB`,
    );
  });
});

describe("a form", () => {
  test("is read by its fields, with the JSON in its payload", () => {
    const payload = encodeURIComponent('{"type":"block_actions","id":8202522731445525542}');
    expect(passes({ body: { payload: { type: "block_actions" } } }, `payload=${payload}`, FORM_TYPE)).toBe(true);
    const parts = multipart(
      'Content-Disposition: form-data; name="event"\r\n\r\ndelivered',
      'Content-Disposition: form-data; name="payload"\r\n\r\n{"type":"media.play"}',
      'Content-Disposition: form-data; name="thumb"; filename="a/../../b.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\u0001',
    );
    const wanted = { event: "delivered", payload: { type: "media.play" }, thumb: { filename: "a/../../b.jpg" } };
    expect(passes({ body: wanted }, parts, MULTIPART_TYPE)).toBe(true);
  });

  test("is only what a form's type says: JSON in its shape stays the data that it is", () => {
    const imitation = JSON.stringify({ payload: '{"type":"block_actions"}', thumb: { filename: "x", sha256: "y" } });
    expect(passes({ body: { payload: { type: "block_actions" } } }, imitation, JSON_TYPE)).toBe(false);
    expect(passes({ body: { payload: '{"type":"block_actions"}' } }, imitation, JSON_TYPE)).toBe(true);
  });

  test("reaches no prototype and no part but the body by its names", () => {
    for (const name of ["__proto__", "constructor", "prototype", "headers", "event", "path"]) {
      const part = multipart(`Content-Disposition: form-data; name="${name}"\r\n\r\npolluted`);
      for (const request of [opened(`${name}=polluted`, FORM_TYPE), opened(part, MULTIPART_TYPE)]) {
        expect(Object.hasOwn(request.body as object, name)).toBe(true);
        expect(request.event).toEqual({});
        expect(request.path).toBe("/");
      }
    }
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});

test("XML is matched as the text that it is", () => {
  const xml = '<?xml version="1.0"?><order><status>paid</status></order>';
  for (const type of ["application/xml", "text/xml; charset=utf-8", "application/soap+xml"]) {
    expect(passes({ body: { $contains: "<status>paid</status>" } }, xml, type)).toBe(true);
    expect(opened(xml, type).body).toBe(xml);
  }
});
