import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { checkUrl, forwardUrl, makeUrlCheck } from "#server/egress/url-policy.ts";
import { NOWHERE, policyUnder } from "#test/support/egress-policy.ts";
import { cases } from "#test/support/generation.ts";

const strict = policyUnder();
const loopback = policyUnder("127.0.0.0/8", "::1");
const codeOf = (text: string, policy = strict) => {
  const verdict = checkUrl(text, policy);
  return verdict.kind === "ok" ? "ok" : verdict.code;
};

describe("checkUrl", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://0/",
    "http://0177.0.0.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://127.0x0.1/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http:/127.0.0.1/",
    "http:127.0.0.1/",
    "http:///127.0.0.1/",
    "HTTP://127.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.b.localhost:8080/",
    "http://ｌocalhost/",
  ])("refuses the private address in %s", (text) => {
    expect(codeOf(text)).toBe("BLOCKED_ADDRESS");
  });

  test.each([
    "",
    "example.com",
    "/hook",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "http://",
    "http://user@example.com/",
    "http://user:pass@example.com/",
    "http://example.com@127.0.0.1/",
    "http://@example.com/",
    "http://:@example.com/",
    "http://[fe80::1%25eth0]/",
    "http://[::1",
    "http://127.0.0.1.1/",
    "http://256.256.256.256/",
    "http://example.com../",
    "http://a..b/",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http:\\\\127.0.0.1/",
    "http://exam\nple.com/",
    "http://example.com/\u0000",
    " http://example.com/",
    "http://example.com:99999/",
    "http://a!b.example/",
    `http://${"a.".repeat(130)}example/`,
  ])("refuses %j as no usable URL", (text) => {
    expect(codeOf(text)).toBe("INVALID_URL");
  });

  test.each([
    0, 22, 23, 25, 110, 143, 389, 445, 465, 587, 1433, 2375, 2379, 3306, 3389, 5432, 5672, 6379, 9092, 9200, 11211,
    27017,
  ])("refuses the service port %i, also where EGRESS_ALLOW opens the address", (port) => {
    expect(codeOf(`https://example.com:${port}/`)).toBe("INVALID_URL");
    expect(codeOf(`http://127.0.0.1:${port}/`, loopback)).toBe("INVALID_URL");
  });

  test.each([
    ["https://example.com/hook?a=1", "https://example.com/hook?a=1"],
    ["http://example.com:8080", "http://example.com:8080/"],
    ["https://example.com./hook", "https://example.com/hook"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
    ["https://my_host.example/", "https://my_host.example/"],
    ["http://8.8.8.8/", "http://8.8.8.8/"],
    ["http://[2606:4700::1111]:8443/", "http://[2606:4700::1111]:8443/"],
    ["http://example.com/a@b", "http://example.com/a@b"],
  ])("accepts %s", (text, href) => {
    const verdict = checkUrl(text, strict);
    expect(verdict.kind === "ok" && verdict.url.href).toBe(href);
  });

  test("EGRESS_ALLOW opens literals and localhost names", () => {
    for (const text of ["http://127.0.0.1:3000/", "http://[::1]/", "http://localhost:8080/", "http://2130706433/"]) {
      expect([text, codeOf(text, loopback)]).toEqual([text, "ok"]);
    }
    expect(codeOf("http://10.0.0.1/", loopback)).toBe("BLOCKED_ADDRESS");
  });

  test("a verdict for one team is not another's", () => {
    const egress = makeEgressPolicy(["tm_a@127.0.0.0/8:8080"], NOWHERE);
    const check = makeUrlCheck();
    for (let i = 0; i < 2; i++) {
      const codes = ["http://localhost:8080/", "http://localhost:8081/", "http://127.0.0.1:8080/"].map((url) =>
        ["tm_a", "tm_b"].map((team) => check(new URL(url), egress.forTeam(team))?.code ?? "ok"),
      );
      expect(codes).toEqual([
        ["ok", "BLOCKED_ADDRESS"],
        ["BLOCKED_ADDRESS", "BLOCKED_ADDRESS"],
        ["ok", "BLOCKED_ADDRESS"],
      ]);
    }
  });

  test("a refusal names its remedy and does not repeat the host", () => {
    const verdict = checkUrl("http://169.254.169.254/", strict);
    expect(verdict).toMatchObject({ kind: "refused", message: expect.stringContaining("EGRESS_ALLOW") });
    expect(JSON.stringify(verdict)).not.toContain("169.254");
  });
});

describe("forwardUrl", () => {
  const forward = (base: string, path: string, query = "") => forwardUrl(new URL(base), path, query)?.href ?? null;

  test.each([
    ["https://d.example/hook", "", "", "https://d.example/hook"],
    ["https://d.example/hook", "/", "", "https://d.example/hook/"],
    ["https://d.example/hook", "/a/b", "", "https://d.example/hook/a/b"],
    ["https://d.example/hook/", "/a", "", "https://d.example/hook/a"],
    ["https://d.example/hook", "a", "", "https://d.example/hook/a"],
    ["https://d.example", "/a/", "", "https://d.example/a/"],
    ["https://d.example/hook", "/a%20b%2Fc", "", "https://d.example/hook/a%20b%2Fc"],
    ["https://d.example/hook", "/a?b#c", "", "https://d.example/hook/a%3Fb%23c"],
    ["https://d.example/hook", "", "x=1&x=2", "https://d.example/hook?x=1&x=2"],
    ["https://d.example/hook", "", "?x=1", "https://d.example/hook?x=1"],
    ["https://d.example/hook?token=t", "/a", "x=%2F+%zz", "https://d.example/hook/a?token=t&x=%2F+%zz"],
    ["https://d.example/hook", "/a/./b/../c", "", "https://d.example/hook/a/c"],
    ["https://d.example/hook", "/a/%2e%2E/b", "", "https://d.example/hook/b"],
    ["https://d.example/hook", "/a/..", "", "https://d.example/hook/"],
    ["https://d.example/hook", "/...", "", "https://d.example/hook/..."],
  ])("%s + %s + %s = %s", (base, path, query, expected) => {
    expect(forward(base, path, query)).toBe(expected);
  });

  test.each([
    ["//evil.example/x", "https://d.example/evil.example/x"],
    ["\\\\evil.example", "https://d.example/evil.example"],
    ["/\\evil.example", "https://d.example/evil.example"],
    ["@evil.example", "https://d.example/@evil.example"],
    [":8080/", "https://d.example/:8080/"],
    ["https://evil.example/", "https://d.example/https://evil.example/"],
  ])("the path %s cannot change the origin", (path, expected) => {
    expect(forward("https://d.example", path)).toBe(expected);
  });

  test.each([
    "/..",
    "/../",
    "/../admin",
    "/a/../../admin",
    "/%2e%2e/admin",
    "/.%2E/admin",
    "/..\\admin",
    "/\\..\\admin",
    "/%2e%2e%2fadmin",
    "/..%2fadmin",
    "/a/..%5c..%5cadmin",
    "/..;/admin",
    "/..;x=1/admin",
    "/.\t./admin",
    "/a\r\nhost: evil",
    "/\u0000",
  ])("the path %j, which would leave the destination's path, is refused", (path) => {
    expect(forward("https://d.example/hook", path)).toBeNull();
  });

  test("no path and query leave the origin or the destination's path", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      "..",
      ".",
      "%2e",
      "%2f",
      "@",
      ":",
      "?",
      "#",
      "a",
      "evil.example",
      ";",
      "//",
      "%",
      " ",
    );
    const base = new URL("https://d.example:8443/hook/in");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 6 }), (path, query) => {
        const url = forwardUrl(base, path.join(""), query.join(""));
        if (url === null) return;
        expect(url.origin).toBe(base.origin);
        expect(url.username + url.password).toBe("");
        expect(`${url.pathname}/`.startsWith("/hook/in/")).toBe(true);
      }),
      cases(2000),
    );
  });
});
