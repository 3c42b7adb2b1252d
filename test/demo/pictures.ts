// `npm run pictures`: starts an installation of its own, fills it with the demo and a day's history, and takes the pictures of
// docs/screenshots: the graph that moves, and pages in both themes and on a phone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { childEnv } from "#server/env.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { launchBrowser, type TestBrowser } from "#test/support/browser.ts";
import { PASSWORD, signedInState } from "#test/support/people.ts";
import { type Installation, makeInstallation, startSwitchyard } from "#test/support/start.ts";

const OWNER = { email: "on-call@example.com" };
const API_KEY = "sy_pictures_0123456789abcdef0123456789abcdef";
const DIR = join(PROJECT_ROOT, "docs", "screenshots");
/** Until the rates of the demo stand for a whole minute, and some of its events have failed. */
const DEMO_LEAD_MS = 75_000;
const FRAME_MS = 700;
const SETTLE_MS = 1_500;

const LOOKS = {
  "1440-light": { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  "1440-dark": { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  "390-light": { viewport: { width: 390, height: 844 }, colorScheme: "light", isMobile: true, hasTouch: true },
} as const;
type Look = keyof typeof LOOKS;
const ALL = Object.keys(LOOKS) as Look[];

type Open = (path: string, look: Look) => Promise<Page>;

async function callApi<T>(gatewayUrl: string, method: string, path: string, input?: object): Promise<T> {
  const answer = await fetch(`${gatewayUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    ...(input ? { body: JSON.stringify(input) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} /v1${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function picture(
  open: Open,
  name: string,
  path: string,
  looks: readonly Look[],
  act?: (page: Page) => Promise<void>,
) {
  for (const look of looks) {
    const page = await open(path, look);
    await act?.(page);
    await sleep(SETTLE_MS);
    await page.screenshot({ path: join(DIR, `${name}-${look}.png`) });
    await page.context().close();
  }
}

/** The graph while somebody pauses a connection, looks at what it holds, and lets it go on. */
async function filmGraph(open: Open): Promise<void> {
  const page = await open("/connections", "1440-light");
  const frames: Buffer[] = [];
  const shoot = async (count: number) => {
    for (let i = 0; i < count; i++) {
      frames.push(await page.screenshot());
      await sleep(FRAME_MS);
    }
  };
  const card = page.getByRole("group", { name: /demo-stripe-orders/ }).first();
  // The first frame is what stands where pictures do not move.
  await card.waitFor();
  await shoot(3);
  await card.hover();
  await shoot(3);
  await card.getByRole("button", { name: /^Pause/ }).click();
  await page.mouse.move(600, 840);
  await shoot(8);
  await card
    .getByRole("button", { name: /^Resume/ })
    .first()
    .click();
  await page.mouse.move(600, 840);
  await shoot(6);
  const small = await Promise.all(frames.map((frame) => sharp(frame).resize({ width: 1200 }).png().toBuffer()));
  await sharp(small, { join: { animated: true } })
    .gif({ delay: small.map(() => FRAME_MS), loop: 0, colours: 64, interFrameMaxError: 4, dither: 0 })
    .toFile(join(DIR, "graph.gif"));
  await page.context().close();
}

/** The editor of the demo's transformation, when it has been tried on what came last. */
async function pictureTransformation(open: Open, gatewayUrl: string): Promise<void> {
  const { data } = await callApi<{ data: { id: string }[] }>(gatewayUrl, "GET", "/transformations?limit=1");
  await picture(open, "transformation", `/transformations/${data[0]?.id}`, ALL, async (page) => {
    await page.getByRole("button", { name: "Try it on them" }).click();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });
}

async function pictureGraph(open: Open, gatewayUrl: string): Promise<void> {
  await callApi(gatewayUrl, "POST", "/demo", {});
  await sleep(DEMO_LEAD_MS);
  await filmGraph(open);
  const { data } = await callApi<{ data: { id: string; name: string }[] }>(gatewayUrl, "GET", "/connections?limit=100");
  const idOf = (name: string) => data.find((each) => each.name === name)?.id ?? "";
  await callApi(gatewayUrl, "PUT", `/connections/${idOf("demo-twilio-crm")}/pause`);
  await sleep(10_000);
  await picture(open, "connections", "/connections", ALL);
  await picture(open, "connections-list", "/connections?view=list", ["1440-light", "1440-dark"]);
  await picture(open, "rules", `/connections?panel=${idOf("demo-shopify-orders")}&tab=rules`, ALL);
  await picture(open, "filter", `/connections?panel=${idOf("demo-shopify-orders")}&rule=filter`, [
    "1440-light",
    "1440-dark",
  ]);
  await picture(open, "new-source", "/connections?new=source", ALL);
  await pictureTransformation(open, gatewayUrl);
  await picture(open, "docs", "/docs", ALL);
  await callApi(gatewayUrl, "DELETE", "/demo");
}

/** The rest of the dashboard over a day that could have been. */
async function pictureDay(open: Open, { env, gatewayUrl }: Installation): Promise<void> {
  const args = [join("test", "demo", "main.ts"), "--history", "--url", gatewayUrl, "--key", API_KEY];
  const history = spawn(process.execPath, args, { cwd: PROJECT_ROOT, env: childEnv(env), stdio: "inherit" });
  const [code] = (await once(history, "exit")) as [number | null];
  if (code !== 0) throw new Error(`The history ended with ${code}.`);
  const openFirst = async (page: Page) => {
    await page.locator("main [data-index='1']").click();
    await page.getByRole("complementary").waitFor();
  };
  await picture(open, "overview", "/", ALL);
  await picture(open, "events", "/events", ALL);
  await picture(open, "event-panel", "/events?status=FAILED", ["1440-light", "1440-dark"], openFirst);
  await picture(open, "requests", "/requests", ALL);
  await picture(open, "request-panel", "/requests?status=rejected", ["1440-light", "1440-dark"], openFirst);
  await picture(open, "metrics", "/metrics", ALL, (page) => page.locator("main .recharts-surface").first().waitFor());
  await picture(open, "settings-members", "/settings/members", ALL);
}

async function run(browser: TestBrowser, installation: Installation): Promise<void> {
  await mkdir(DIR, { recursive: true });
  const env = { SWITCHYARD_OWNER_EMAIL: OWNER.email, SWITCHYARD_OWNER_PASSWORD: PASSWORD, SWITCHYARD_API_KEY: API_KEY };
  await using product = startSwitchyard(installation, env);
  await product.ready();
  const { dashboardUrl, gatewayUrl } = installation;
  const { storageState } = await signedInState(dashboardUrl, OWNER);
  const open: Open = async (path, look) =>
    (await browser.open(dashboardUrl + path, { ...LOOKS[look], storageState })).page;
  const atTheDoor: Open = async (path, look) => (await browser.open(dashboardUrl + path, LOOKS[look])).page;
  await picture(atTheDoor, "sign-in", "/sign-in", ALL);
  await pictureGraph(open, gatewayUrl);
  await pictureDay(open, installation);
}

await using browser = await launchBrowser();
await using installation = await makeInstallation();
await run(browser, installation);
