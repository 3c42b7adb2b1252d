// The real browser: Chromium out of the package registry, driven by playwright-core. No system package, no download.
import chromium from "@sparticuz/chromium";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
  type Request,
} from "playwright-core";
import { onTestFinished, TestRunner } from "vitest";

/**
 * Left out of the package's flags, which are made for a single page in a cloud function. Closing one context would end a single
 * process. A browser without web security tests nothing of ours. Its --disable-features would replace playwright's own, which
 * keep the browser from calling home. A graphics card in software costs a quarter of what the browser computes.
 */
const UNWANTED_ARGS = [
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-features",
  "--headless",
  "--use-gl",
  "--use-angle",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--in-process-gpu",
];
const isWanted = (arg: string) => !UNWANTED_ARGS.includes(arg.replace(/=.*/, ""));

export interface TestBrowser {
  /** A page in a context of its own; `problems` grows with every console error, uncaught exception and failed request. */
  open(url: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The router lets go of the rest of a page's stream when it has what it shows, a page that is left of its live data and of the
 * code that it fetches ahead, a list of a search that nobody waits for any more, and an editor of a run of code that has changed.
 */
function isLetGo(request: Request): boolean {
  const { pathname, searchParams } = new URL(request.url());
  const isQuery = pathname.startsWith("/api/trpc/") && request.method() === "GET";
  const isRun = pathname === "/api/trpc/transformations.run";
  const isCode = pathname.startsWith("/_next/static/");
  return (
    (searchParams.has("_rsc") || isQuery || isRun || isCode) && request.failure()?.errorText === "net::ERR_ABORTED"
  );
}

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    if (!isLetGo(request)) problems.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  });
  return problems;
}

const launch = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter(isWanted), "--disable-gpu"],
    headless: true,
  });

function openerIn(browser: Browser, opened: BrowserContext[] = []): TestBrowser["open"] {
  return async (url, options) => {
    const context = await browser.newContext(options);
    opened.push(context);
    const page = await context.newPage();
    const problems = watch(page);
    await page.goto(url, { waitUntil: "load" });
    return { page, problems };
  };
}

/** A browser of one's own, which ends when it is disposed. */
export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await launch();
  return { open: openerIn(browser), [Symbol.asyncDispose]: () => browser.close() };
}

let running: Promise<Browser> | undefined;

/** The browser of this process, which all of its test files share one after the other. Disposing closes the pages that were opened. */
export async function borrowBrowser(): Promise<TestBrowser> {
  running ??= launch().then(
    (browser) =>
      browser.on("disconnected", () => {
        running = undefined;
      }),
    (error) => {
      // The next file tries again.
      running = undefined;
      throw error;
    },
  );
  const browser = await running;
  const opened: BrowserContext[] = [];
  const openIn = openerIn(browser, opened);
  return {
    async open(url, options) {
      const answer = await openIn(url, options);
      // A page that nobody looks at any more goes on drawing and listening, beside the pages of all tests that follow.
      if (TestRunner.getCurrentTest()) onTestFinished(() => answer.page.context().close());
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((context) => context.close()));
    },
  };
}
