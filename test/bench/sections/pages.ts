// What a hundred pages cost that stay open while traffic flows: against the same traffic with none.
import { access } from "node:fs/promises";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf, sum, watchCpu } from "#test/bench/processor-time.ts";
import type { Figure } from "#test/bench/report.ts";
import { median } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { signInAs } from "#test/support/people.ts";
import { type Bench, BUILD_ID, interleave, startStack } from "./section.ts";

const PAGES = 100;
const RATE_PER_SECOND = 50;
const SETTLE_SECONDS = 2;
/** As the overview asks for them. */
const KINDS = ["config", "counts", "events", "rates"];

/** A page that only listens; resolves to the way to close it. */
function openPage(dashboardUrl: string, cookie: string): Promise<() => void> {
  const input = encodeURIComponent(JSON.stringify({ kinds: KINDS }));
  const headers = { accept: "text/event-stream", "sec-fetch-site": "same-origin", cookie };
  return new Promise((resolve, reject) => {
    const page = request(`${dashboardUrl}/api/trpc/live.changes?input=${input}`, { headers, agent: false });
    page.on("response", (answer) => {
      answer.once("data", () => resolve(() => page.destroy()));
      answer.on("error", () => undefined);
      answer.resume();
    });
    page.on("error", reject);
    page.end();
  });
}

export async function measurePages(bench: Bench): Promise<Figure[]> {
  const { instance, load, receiverPort, isQuick, say } = bench;
  const canRun = await Promise.all([access(BUILD_ID), access("/proc/self/stat")]).catch(() => null);
  if (canRun === null) {
    say("pages need a built dashboard, on Linux");
    return [];
  }
  await using stack = await startStack(bench, "bench_pages", (databaseUrl) =>
    wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "pages" } }),
  );
  await using web = await instance.startRole("web", stack.databaseUrl);
  const { cookie } = await signInAs(web.url, stack.databaseUrl, "viewer");
  const target = targetAt(stack.gateway.url, stack.prepared.path);
  const seconds = isQuick ? 8 : 20;

  async function cpuWith(pages: number): Promise<number> {
    const open = await Promise.all(Array.from({ length: pages }, () => openPage(web.url, cookie)));
    const flow = load.call("arrive", {
      target,
      ratePerSecond: RATE_PER_SECOND,
      warmUpSeconds: SETTLE_SECONDS,
      seconds: seconds + 1,
      connections: 16,
    });
    await sleep(SETTLE_SECONDS * 1000);
    const groups = [[stack.gateway.pid, web.pid], await childrenOf(instance.postgresPid)];
    const used = sum(await watchCpu(groups, seconds));
    const { refused } = await flow;
    for (const close of open) close();
    if (refused > 0) throw new Error(`${refused} requests were refused.`);
    return used;
  }

  await cpuWith(PAGES);
  const rounds = await interleave(isQuick ? 2 : 3, { none: () => cpuWith(0), many: () => cpuWith(PAGES) });
  const added = rounds.map(({ none, many }) => many - none);
  return [
    {
      section: "pages",
      name: `CPU that ${PAGES} open pages add`,
      value: median(added),
      unit: "% of a core",
      bar: { kind: "below", limit: 10 },
      detail: `web, gateway and Postgres at ${RATE_PER_SECOND} requests/s; rounds ${added.map((each) => each.toFixed(1)).join(" ")}; without pages ${median(rounds.map(({ none }) => none)).toFixed(1)}`,
    },
  ];
}
