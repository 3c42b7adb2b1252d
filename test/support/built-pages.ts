// What the files with pages share and none may make beside another: the built dashboard, and the browser out of its archive.
import chromium from "@sparticuz/chromium";
import { buildDashboard } from "#server/start/build.ts";

export async function setup(): Promise<void> {
  await buildDashboard(() => {});
  await chromium.executablePath();
}
