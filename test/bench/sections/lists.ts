// What somebody waits for who looks at a million requests, events and attempts: at the API, and in the browser.
import { access } from "node:fs/promises";
import type { Page } from "playwright-core";
import { makeKey, timeCall } from "#test/bench/api-calls.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { failOneIn, storeDelivered } from "#test/bench/stored-rows.sql.ts";
import { wire } from "#test/bench/wiring.ts";
import { launchBrowser, type TestBrowser } from "#test/support/browser.ts";
import { WIDE } from "#test/support/gallery.ts";
import { signInAs } from "#test/support/people.ts";
import { type Bench, BUILD_ID, startStack } from "./section.ts";

const LIST_BAR_MS = 300;
const USABLE_BAR_MS = 1_500;
const FILTER_BAR_MS = 500;
const FAN_OUT = 4;

const some = (filters: Record<string, string>) => new URLSearchParams(filters).toString();
const body = JSON.stringify({ customer: "cus_07" });
const rareBody = JSON.stringify({ customer: "nobody" });

/** Each filter that a list has, by itself; the ids are those of the configuration. */
const calls = (sourceId: string, connectionId: string, destinationId: string) => [
  "requests",
  `requests?${some({ status: "rejected" })}`,
  `requests?${some({ source_id: sourceId })}`,
  `requests?${some({ event_type: "payment_intent.*" })}`,
  `requests?${some({ event_type: "no.such" })}`,
  `requests?${some({ body })}`,
  "events",
  `events?${some({ status: "FAILED" })}`,
  `events?${some({ status: "HOLD" })}`,
  `events?${some({ status: "FAILED", destination_id: destinationId })}`,
  `events?${some({ connection_id: connectionId })}`,
  `events?${some({ response_status: "503" })}`,
  `events?${some({ response_status: "418" })}`,
  `events?${some({ error_code: "TIMEOUT" })}`,
  `events?${some({ event_type: "no.such" })}`,
  "attempts",
  `attempts?${some({ status: "FAILED" })}`,
  `attempts?${some({ destination_id: destinationId })}`,
];
/** Bounded searches and counts, which say how far they came: no bar of a list. */
const bounded = [
  `requests?${some({ body: rareBody })}`,
  "requests/histogram",
  "events/histogram",
  "attempts/histogram",
];

/** What shows that a page can be used. */
const PAGES: Record<string, string> = {
  "/": "main [role='table'] , main table",
  "/requests": "main [data-index='5']",
  "/events": "main [data-index='5']",
  "/events?status=FAILED": "main [data-index='5']",
  "/attempts": "main [data-index='5']",
  "/metrics": "main .recharts-surface",
};
const FILTERS = [
  { path: "/events", press: "Failed" },
  { path: "/attempts", press: "Failed" },
];

/** The median of `rounds` times in milliseconds. */
async function timesOf(rounds: number, act: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await act());
  return median(times);
}

function slowest(name: string, limit: number | null, times: ReadonlyMap<string, number>): Figure {
  const sorted = [...times].sort((a, b) => b[1] - a[1]);
  return {
    section: "lists",
    name,
    value: sorted[0]?.[1] ?? Number.NaN,
    unit: "ms",
    bar: limit === null ? null : { kind: "below", limit },
    detail: sorted.map(([what, ms]) => `${what} ${ms.toFixed(0)}`).join(", "),
  };
}

type Open = (path: string) => Promise<Page>;

async function timePage(open: Open, path: string, sign: string): Promise<number> {
  const startedAt = performance.now();
  const page = await open(path);
  await page.locator(sign).first().waitFor();
  const ms = performance.now() - startedAt;
  await page.context().close();
  return ms;
}

/** From the press to the rows of the new filter. */
async function timeFilter(open: Open, path: string, press: string): Promise<number> {
  const page = await open(path);
  await page.locator("main [data-index='5']").waitFor();
  await page.waitForLoadState("networkidle");
  const startedAt = performance.now();
  const answered = page.waitForResponse(
    (response) => /\.list\?/.test(response.url()) && response.url().includes("FAILED"),
  );
  await page
    .getByRole("button", { name: new RegExp(`^${press}`) })
    .first()
    .click();
  await answered;
  await page.locator("main [data-index='0']").getByText(press).first().waitFor();
  const ms = performance.now() - startedAt;
  await page.context().close();
  return ms;
}

async function measurePages(browser: TestBrowser, web: { url: string }, databaseUrl: string, rounds: number) {
  const { storageState } = await signInAs(web.url, databaseUrl, "viewer");
  const open: Open = async (path) => (await browser.open(web.url + path, { ...WIDE, storageState })).page;
  const usable = new Map<string, number>();
  for (const [path, sign] of Object.entries(PAGES)) {
    // The server has seen each page once, as a warm one has.
    await timePage(open, path, sign);
    usable.set(path, await timesOf(rounds, () => timePage(open, path, sign)));
  }
  const filtered = new Map<string, number>();
  for (const { path, press } of FILTERS) {
    filtered.set(`${path} ${press}`, await timesOf(rounds, () => timeFilter(open, path, press)));
  }
  return [
    slowest("slowest page until it can be used", USABLE_BAR_MS, usable),
    slowest("slowest change of a filter", FILTER_BAR_MS, filtered),
  ];
}

export async function measureLists(bench: Bench): Promise<Figure[]> {
  const { instance, isQuick, say, receiverPort } = bench;
  const [count, rounds] = isQuick ? [100_000, 3] : [1_000_000, 5];
  await using stack = await startStack(bench, "bench_lists", async (databaseUrl, client) => {
    const source = { name: "one" };
    const wiring = await wire(databaseUrl, { receiverPort, fanOut: FAN_OUT, source });
    say(`storing ${count.toLocaleString("en")} requests, events and attempts`);
    await storeDelivered(client, wiring, count, Date.now());
    await failOneIn(client, 20);
    return wiring;
  });
  const { sourceId, branches } = stack.prepared;
  const [branch] = branches;
  if (!branch) throw new Error("There is no connection to list by.");
  const key = await makeKey(stack.databaseUrl, "read");
  const timeOf = async (paths: readonly string[]) => {
    const times = new Map<string, number>();
    for (const path of paths)
      times.set(path, await timesOf(rounds, async () => (await timeCall(stack.gateway.url, key, path)).ms));
    return times;
  };
  const figures = [
    slowest(
      "slowest list at the API",
      LIST_BAR_MS,
      await timeOf(calls(sourceId, branch.connectionId, branch.destinationId)),
    ),
    slowest("slowest bounded search or count at the API", null, await timeOf(bounded)),
  ];
  if (
    !(await access(BUILD_ID).then(
      () => true,
      () => false,
    ))
  ) {
    say("the pages need a built dashboard");
    return figures;
  }
  await using web = await instance.startRole("web", stack.databaseUrl);
  await using browser = await launchBrowser();
  return [...figures, ...(await measurePages(browser, web, stack.databaseUrl, rounds))];
}
