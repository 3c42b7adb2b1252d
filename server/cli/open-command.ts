import { spawn } from "node:child_process";
import { platform } from "node:os";
import type { Command } from "commander";
import { findProfile, type GlobalOptions } from "./connection.ts";
import { CommandError } from "./exit-code.ts";
import { makePrinter } from "./print.ts";
import type { Profile } from "./profiles.ts";
import type { Surroundings } from "./surroundings.ts";

/** The page of each kind of id. */
const PAGES: Readonly<Record<string, (id: string) => string>> = {
  src: (id) => `/connections?panel=${id}`,
  web: (id) => `/connections?panel=${id}`,
  des: (id) => `/connections?panel=${id}`,
  req: (id) => `/requests/${id}`,
  evt: (id) => `/events/${id}`,
  att: (id) => `/attempts/${id}`,
  trs: (id) => `/transformations/${id}`,
  iss: (id) => `/issues?panel=${id}`,
};

/** By the defaults the dashboard is beside the gateway, one port below it. */
function dashboardOf({ url, dashboard_url }: Profile): string {
  return dashboard_url ?? url.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):3001$/, "$1:3000");
}

/** @throws CommandError where the id is none that has a page */
export function pageUrl(profile: Profile, id: string | undefined): string {
  if (id === undefined) return dashboardOf(profile);
  const [, prefix = ""] = /^([a-z]{3})_[0-9A-Z]{26}$/.exec(id) ?? [];
  const page = PAGES[prefix];
  if (!page)
    throw new CommandError(`${id} has no page: give an id such as evt_…, with ${Object.keys(PAGES).join(", ")}.`);
  return `${dashboardOf(profile)}${page(id)}`;
}

const OPENERS: Readonly<Record<string, string>> = { darwin: "open", win32: "explorer" };

export function addOpen(program: Command, around: Surroundings): void {
  program
    .command("open")
    .description("open the dashboard, or the page of an id")
    .argument("[id]")
    .option("--print", "print the address only")
    .action(async (id: string | undefined, { print }: { print?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const printer = makePrinter(around, globals.json ?? false);
      const url = pageUrl(await findProfile(around, globals), id);
      if (printer.isJson) printer.json({ url });
      else printer.line(url);
      if (print || printer.isJson) return;
      const opened = spawn(OPENERS[platform()] ?? "xdg-open", [url], { stdio: "ignore", detached: true });
      opened.on("error", () => printer.note("No browser was found: the address is above."));
      opened.unref();
    });
}
