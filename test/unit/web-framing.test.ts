import { describe, expect, test } from "vitest";
import { readFraming } from "#server/web/framing.ts";

const framingOf = (...rawHeaders: string[]) => readFraming({ rawHeaders, httpVersion: "1.1" });

test("a body has the length or the coding that was received, whatever else is there", () => {
  expect(framingOf("Host", "h")).toEqual({ kind: "none" });
  expect(framingOf("content-LENGTH", "12", "Connection", "close, x-hop")).toEqual({ kind: "sized", bytes: 12 });
  expect(framingOf("Content-Length", "0")).toEqual({ kind: "sized", bytes: 0 });
  expect(framingOf("TRANSFER-encoding", "Chunked")).toEqual({ kind: "chunked" });
});

describe("what two readers could read differently is refused", () => {
  test.each([
    [["Connection", "content-length", "Content-Length", "5"]],
    [["Connection", "keep-alive", "connection", " CONTENT-LENGTH\t", "Content-Length", "5"]],
    [["Connection", "x,\tTransfer-Encoding", "Transfer-Encoding", "chunked"]],
    [["Connection", "Host"]],
    [["Content-Length", "5", "Transfer-Encoding", "chunked"]],
    [["Content-Length", "5", "content-length", "5"]],
    [["Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"]],
    ...["gzip, chunked", "chunked, chunked", "identity", "", "xchunked", "chunked;q=1"].map((coding) => [
      ["Transfer-Encoding", coding],
    ]),
    ...["+5", "-5", "05", "5,5", "5 5", "0x5", "5.0", "5e0", "", "９", "9999999999999999999"].map((length) => [
      ["Content-Length", length],
    ]),
  ])("%j", (rawHeaders) => {
    expect(framingOf(...rawHeaders)).toEqual({ kind: "refused", message: expect.stringMatching(/[.]$/) });
  });

  test("chunks in HTTP/1.0, which has none", () => {
    const framing = readFraming({ rawHeaders: ["Transfer-Encoding", "chunked"], httpVersion: "1.0" });
    expect(framing.kind).toBe("refused");
  });
});
