// What somebody waits for who looks at a thousand connections while their numbers change every second.
import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { arrangeGraph, followGraph } from "#components/graph/arrange.ts";
import { layoutGraph } from "#components/graph/layout.ts";
import { deriveModel } from "#components/graph/model.ts";
import { drawPicture } from "#components/graph/picture.ts";
import { type LiveState, NOTHING_HEARD } from "#components/live/live-state.ts";
import { DEFAULT_TEAM } from "#server/auth/bootstrap.ts";
import type { Topology } from "#server/contracts/topology.ts";
import type { Queryable } from "#server/database/db.ts";
import { makeKey, timeCall } from "#test/bench/api-calls.ts";
import type { Figure } from "#test/bench/report.ts";
import { median, quantile } from "#test/bench/statistics.ts";
import { launchBrowser } from "#test/support/browser.ts";
import { WIDE } from "#test/support/gallery.ts";
import { layoutShiftOf } from "#test/support/page-look.ts";
import { signInAs } from "#test/support/people.ts";
import { type Bench, BUILD_ID, startStack } from "./section.ts";

const [SOURCES, DESTINATIONS, CONNECTIONS] = [200, 100, 1_000];
const API_BAR_MS = 100;
const PAINT_BAR_MS = 1_000;
const FRAME_BAR_MS = 20;
const FRAMES = 240;
const PATIENCE_MS = 60_000;
/** Connections with news in each second. */
const BUSY = 50;

const SOURCE_CONFIG = { auth_type: "NONE", auth: {}, allowed_http_methods: ["POST"], custom_response: null };
const DESTINATION_CONFIG = {
  url: "https://receiver.example.com/hooks",
  http_method: null,
  headers: {},
  rate_limit: 600,
  rate_limit_period: "minute",
  concurrency: 25,
  auth_type: "NONE",
  auth: {},
};
const RULES = [
  { type: "deduplicate", window: 60_000 },
  { type: "filter", body: { type: { $in: ["a", "b"] }, amount: { $gte: 1 } } },
  { type: "retry", strategy: "linear", interval: 60_000, count: 5 },
];

/** Each of a thousand connections runs between two ends of its own choice; one in twenty has failed events. */
async function storeWiring(client: Queryable): Promise<void> {
  const team = [DEFAULT_TEAM];
  await client.query(
    `insert into source (id, team_id, name, type, key, config)
     select 'src_' || n, $1, 'source-' || n, 'WEBHOOK', 'key-' || n, $2 from generate_series(1, ${SOURCES}) as n`,
    [...team, JSON.stringify(SOURCE_CONFIG)],
  );
  await client.query(
    `insert into destination (id, team_id, name, type, config)
     select 'des_' || n, $1, 'destination-' || n, 'HTTP', $2 from generate_series(1, ${DESTINATIONS}) as n`,
    [...team, JSON.stringify(DESTINATION_CONFIG)],
  );
  await client.query(
    `insert into connection (id, team_id, name, source_id, destination_id, rules)
     select 'web_' || n, $1, 'connection-' || n, 'src_' || 1 + n * 7919 % ${SOURCES}, 'des_' || 1 + n * 104729 % ${DESTINATIONS}, $2
     from generate_series(1, ${CONNECTIONS}) as n`,
    [...team, JSON.stringify(RULES)],
  );
  await client.query(
    `insert into branch_count (team_id, source_id, connection_id, destination_id, hold_count, retrying_count)
     select team_id, source_id, id, destination_id, 4, 2 from connection where substr(id, 5)::int % 20 = 0`,
  );
  await client.query("analyze");
}

/** The processor time behind a picture of all of it, and behind one live update, without a browser. */
function measurePicture(topology: Topology): Figure[] {
  const rates = (delivered: number) =>
    Object.fromEntries(
      topology.connections.map(({ id }) => [id, { accepted_count: 0, delivered_count: delivered, failed_count: 0 }]),
    );
  const heard: LiveState = { ...NOTHING_HEARD, counts: {}, rates: rates(20), sources: {}, destinations: {} };
  const ids = topology.connections.slice(0, BUSY).map(({ id }) => id);
  const others = rates(40);
  const news = {
    ...heard,
    rates: { ...heard.rates, ...Object.fromEntries(ids.map((id) => [id, others[id]])) },
  } as LiveState;
  const nowMs = Date.now();
  const canvas = { canvasWidth: 1240, isCompact: true, openFoldIds: new Set<string>(), found: null };
  const [drawn, updates]: [number[], number[]] = [[], []];
  for (let round = 0; round < 15; round++) {
    const startedAt = performance.now();
    const model = deriveModel(topology, heard, nowMs);
    const arrangement = arrangeGraph(model, { sort: "problems", isFolded: false });
    layoutGraph(drawPicture(arrangement, model, canvas).input);
    drawn.push(performance.now() - startedAt);
    const updatedAt = performance.now();
    followGraph(arrangement, deriveModel(topology, news, nowMs, model));
    updates.push(performance.now() - updatedAt);
  }
  const figure = (name: string, times: number[]): Figure => ({
    section: "graph",
    name,
    value: median(times),
    unit: "ms",
    bar: null,
    detail: `fastest ${Math.min(...times).toFixed(1)}, slowest ${Math.max(...times).toFixed(1)}`,
  });
  return [
    figure(`model, order and layout of ${CONNECTIONS} connections`, drawn),
    figure(`model after news of ${BUSY} of them`, updates),
  ];
}

/** What routing and delivery note of some more events. */
const moreTraffic = (client: Queryable) =>
  client.query(
    `insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, event_count, delivered_count)
     select team_id, date_trunc('minute', now()), source_id, id, destination_id, 20, 20
     from connection order by random() limit ${BUSY}
     on conflict (team_id, bucket, source_id, connection_id, destination_id)
     do update set delivered_count = m.delivered_count + excluded.delivered_count`,
  );

/** From the request of the page to the first frame that has cards. */
async function paintOf(page: Page): Promise<number> {
  await page.locator("[data-card]").first().waitFor();
  return page.evaluate(() => (window as unknown as { firstCardMs: number }).firstCardMs);
}
const NOTE_FIRST_CARD = () => {
  const look = () => {
    if (document.querySelector("[data-card]")) Object.assign(window, { firstCardMs: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** The times between frames while somebody pans there and back, one turn of the wheel in each frame. */
const framesOf = (page: Page): Promise<number[]> =>
  page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const pane = document.querySelector(".react-flow__pane");
        const times: number[] = [];
        let last: number | undefined;
        const step = (atMs: number) => {
          if (last !== undefined) times.push(atMs - last);
          last = atMs;
          if (times.length === count) return resolve(times);
          const deltaY = times.length % 120 < 60 ? 40 : -40;
          pane?.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    FRAMES,
  );

interface Seen {
  paintMs: number;
  frameMs: number;
  shift: number;
  nodes: number;
}

/** @throws Error when the page does not answer any more */
async function answerOf<T>(what: string, answer: Promise<T>): Promise<T> {
  const waited = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
    throw new Error(`The page took longer than ${PATIENCE_MS / 1000} s to ${what}.`);
  });
  return Promise.race([answer, waited]);
}

async function look(open: (path: string) => Promise<Page>, path: string): Promise<Seen> {
  const page = await open(path);
  const paintMs = await paintOf(page);
  // The numbers have come, and what they say has been drawn.
  await page.locator(".graph-edge[data-state='held']").first().waitFor({ state: "attached" });
  const shift = await layoutShiftOf(page);
  const times = await answerOf("pan", framesOf(page));
  const nodes = await page.locator(".react-flow__node").count();
  await page.context().close();
  return { paintMs, frameMs: quantile(times, 0.95), shift, nodes };
}

async function measureBrowser(bench: Bench, databaseUrl: string, client: Queryable): Promise<Figure[]> {
  await using web = await bench.instance.startRole("web", databaseUrl);
  await using browser = await launchBrowser();
  const { storageState } = await signInAs(web.url, databaseUrl, "owner");
  const open = async (path: string) => {
    const { page } = await browser.open("about:blank", { ...WIDE, storageState });
    await page.addInitScript(NOTE_FIRST_CARD);
    await page.goto(web.url + path, { waitUntil: "load" });
    return page;
  };
  // The server has seen the page once, as a warm one has.
  await look(open, "/connections");
  const traffic = setInterval(() => void moreTraffic(client).catch(() => undefined), 1_000);
  try {
    const ways = { folded: "/connections", "all drawn": "/connections?fold=none" };
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(ways)) {
      const seen: Seen[] = [];
      for (let round = 0; round < (bench.isQuick ? 2 : 3); round++) seen.push(await look(open, path));
      const each = (key: keyof Seen, digits = 0) => seen.map((one) => one[key].toFixed(digits)).join(" ");
      figures.push(
        {
          section: "graph",
          name: `first cards of ${CONNECTIONS} connections, ${name}`,
          value: median(seen.map(({ paintMs }) => paintMs)),
          unit: "ms",
          bar: { kind: "below", limit: PAINT_BAR_MS },
          detail: `rounds ${each("paintMs")}; layout shift ${each("shift", 3)}`,
        },
        {
          section: "graph",
          name: `frames while panning p95, ${name}`,
          value: median(seen.map(({ frameMs }) => frameMs)),
          unit: "ms",
          bar: { kind: "below", limit: FRAME_BAR_MS },
          detail: `rounds ${each("frameMs", 1)}; cards in sight ${each("nodes")}; ${BUSY} connections with news each second`,
        },
      );
    }
    return figures;
  } finally {
    clearInterval(traffic);
  }
}

export async function measureGraph(bench: Bench): Promise<Figure[]> {
  await using stack = await startStack(bench, "bench_graph", (_, client) => storeWiring(client));
  const key = await makeKey(stack.databaseUrl, "read");
  const times: number[] = [];
  let answer = "";
  for (let round = 0; round < 15; round++) {
    const { ms, text } = await timeCall(stack.gateway.url, key, "topology");
    times.push(ms);
    answer = text;
  }
  const api: Figure = {
    section: "graph",
    name: `wiring of ${CONNECTIONS} connections at the API`,
    value: median(times),
    unit: "ms",
    bar: { kind: "below", limit: API_BAR_MS },
    detail: `${(Buffer.byteLength(answer) / 1024).toFixed(0)} KiB; slowest ${Math.max(...times).toFixed(0)} ms`,
  };
  const figures = [api, ...measurePicture(JSON.parse(answer) as Topology)];
  const isBuilt = await access(BUILD_ID).then(
    () => true,
    () => false,
  );
  if (isBuilt) return [...figures, ...(await measureBrowser(bench, stack.databaseUrl, stack.client))];
  bench.say("the graph needs a built dashboard");
  return figures;
}
