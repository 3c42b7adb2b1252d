// What a stranger gets of each page, in each form in which one can be asked for: the log-in, and nothing else.
import { once } from "node:events";
import { globSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";
import { insertOverviewRows } from "#test/support/overview-rows.ts";
import { signInAs } from "#test/support/people.ts";
import { NO_GATEWAY, startWebRole, type WebRole } from "#test/support/web-role.ts";

const stack = new AsyncDisposableStack();
let database: TestDatabase;
let web: WebRole;

beforeAll(async () => {
  database = stack.use(await createDatabase());
  await insertOverviewRows(database.url, new Date());
  web = stack.use(await startWebRole(database.url, NO_GATEWAY));
});
afterAll(() => stack.disposeAsync());

describe("a page in every form that Next accepts", () => {
  const RSC = { RSC: "1" };
  /** Every page that there is, by its folder; the parts that vary are filled in. */
  const PAGES = globSync("app/**/page.tsx", { cwd: PROJECT_ROOT })
    .map(
      (file) =>
        `/${file
          .split("/")
          .slice(1, -1)
          .filter((part) => !part.startsWith("("))
          .join("/")}`,
    )
    .map((path) => path.replaceAll(/\[\w+\]/g, "evt_01KB7CX4MR9PHD2V6W8Q3T5Z0A"));
  const IN_FRONT = /^\/(?:sign-in|signed-in|first-run|invite|new-password|unsubscribe)(?:\/|$)/;
  type Form = [path: string, headers: Record<string, string>];
  /** The forms in which a browser, or somebody else, may ask for one page. */
  const formsOf = (path: string): Form[] => [
    [path, {}],
    [path, RSC],
    [`${path}?_rsc=1abcd`, RSC],
    [path, { ...RSC, "Next-Router-Prefetch": "1" }],
    [path, { ...RSC, "Next-Router-Prefetch": "2" }],
    ...["/_tree", "/_index", "/_head", "/__PAGE__", "/_full"].map(
      (segment): Form => [path, { ...RSC, "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": segment }],
    ),
    [
      path,
      {
        ...RSC,
        "Next-Router-State-Tree": encodeURIComponent(
          JSON.stringify(["", { children: ["__PAGE__", {}] }, null, "refetch"]),
        ),
      },
    ],
    [path, { ...RSC, "Next-Url": path, "Next-HMR-Refresh": "1" }],
    [path, { "X-Nextjs-Data": "1", "X-Matched-Path": path, "X-Invoke-Path": path, "X-Now-Route-Matches": "1=x" }],
    [path, { "X-Middleware-Subrequest": "middleware:middleware:middleware", "Next-Resume": "1" }],
    ...[".rsc", ".txt", ".html", ".prefetch.rsc", ".segments/_tree.segment.rsc"].map(
      (end): Form => [path === "/" ? `/index${end}` : path + end, RSC],
    ),
  ];
  const ODD_PATHS: Form[] = [
    ...["/index", "/.rsc"].map((path): Form => [path, RSC]),
    ...[
      "//",
      "/%2f",
      "/./",
      "/.%2e/",
      "/?nxtPx=1",
      "/page",
      "/_index",
      "/_not-found",
      "/_next/data/x/index.json",
      "/_error",
    ].map((path): Form => [path, {}]),
    ...[
      "/api/trpc/overview.get",
      "/api/trpc/overview.get.rsc",
      "/%61pi/trpc/overview.get",
      "//api/trpc/overview.get",
    ].map((path): Form => [path, RSC]),
  ];
  const DATA = /billing-service|charge\.refunded|1,248|tm_default/;
  const OPENED = { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" };
  const strangers: [who: string, headers: Record<string, string>][] = [
    ["without a cookie", { Host: "localhost", ...OPENED }],
    ["by another name", { Host: "hooks.test", ...OPENED }],
    ["as a delivery", { Host: "localhost", ...OPENED, "x-switchyard-event-id": "evt_1" }],
    ["with a cookie that is made up", { Host: "localhost", ...OPENED, Cookie: "switchyard.session_token=a.b" }],
    ["that claims a path", { Host: "localhost", ...OPENED, "x-switchyard-path": "/", "x-switchyard-caller": "::1" }],
  ];

  /** Follows redirects: Next answers some forms with the address of another. */
  async function read(
    path: string,
    headers: Record<string, string>,
    method = "GET",
  ): Promise<{ status: number; body: string }> {
    const { hostname, port } = new URL(web.url);
    const outgoing = request({ hostname, port, path, method, headers: Object.entries(headers).flat(), agent: false });
    outgoing.end(method === "POST" ? "[]" : "");
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const body = await text(answer);
    const { statusCode: status = 0, headers: answered } = answer;
    if (status < 300 || status > 399 || answered.location === undefined) return { status, body };
    const { pathname, search } = new URL(answered.location, web.url);
    return read(pathname + search, headers);
  }

  test("holds the data for a person who is signed in", async () => {
    const { cookie } = await signInAs(web.url, database.url, "viewer");
    for (const headers of [{}, RSC]) {
      const { body } = await read("/", { Host: "localhost", Cookie: cookie, ...OPENED, ...headers });
      expect(body).toMatch(DATA);
    }
  });

  test.each(strangers)("holds nothing for a visit %s", async (_who, who) => {
    for (const [path, headers] of [...formsOf("/"), ...ODD_PATHS]) {
      const { status, body } = await read(path, { ...who, ...headers });
      expect([path, status < 500, DATA.test(body)]).toEqual([path, true, false]);
    }
    const action = {
      ...who,
      "Next-Action": "00".repeat(21),
      "Content-Type": "text/plain;charset=UTF-8",
      "Content-Length": "2",
    };
    expect((await read("/", action, "POST")).status).toBe(405);
  });

  test("is the log-in for a stranger, whichever page it is; those in front of it hold nothing either", async () => {
    expect(PAGES.length).toBeGreaterThan(10);
    const who = { Host: "localhost", ...OPENED };
    for (const page of PAGES) {
      for (const [path, headers] of formsOf(page)) {
        const { status, body } = await read(path, { ...who, ...headers });
        expect([path, headers, status < 500, DATA.test(body)]).toEqual([path, headers, true, false]);
      }
      if (IN_FRONT.test(page) || page === "/gallery") continue;
      const { hostname, port } = new URL(web.url);
      const answer = await fetch(`http://${hostname}:${port}${page}`, { redirect: "manual" });
      expect([page, answer.status, answer.headers.get("location")]).toEqual([
        ...[page, 307, `/sign-in?next=${encodeURIComponent(page)}`],
      ]);
      expect((await read(page, { ...who, "Content-Length": "2" }, "POST")).status).toBe(405);
    }
  });

  test("has no operation for a stranger behind it", async () => {
    const own = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
    for (const { name, kind, effect } of ALL_OPERATIONS) {
      const url = `${web.url}/api/trpc/${name}`;
      const asked =
        effect === "read"
          ? fetch(`${url}?input=%7B%7D`, { headers: own })
          : fetch(url, { method: "POST", headers: own, body: "{}" });
      const answer = await asked;
      expect([name, answer.status]).toEqual([name, kind === "json" ? 401 : 404]);
    }
  });

  test("decodes no picture", async () => {
    const optimised = await read("/_next/image?url=%2Fe%2Fkey&w=64&q=75", { Host: "localhost", ...OPENED });
    expect(optimised.status).toBe(404);
  });
});
