import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import type { Command } from "commander";
import { clientOf, DEFAULT_PROFILE, findProfile, type GlobalOptions, isHere, readUrl } from "./connection.ts";
import { CommandError } from "./exit-code.ts";
import { makePrinter } from "./print.ts";
import { type Profile, removeProfile, saveProfile } from "./profiles.ts";
import { safeLine } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

interface LoginOptions extends GlobalOptions {
  dashboard?: string;
}

export function addLogin(program: Command, around: Surroundings): void {
  program
    .command("login")
    .argument("[gateway]", "its address, such as https://hooks.example.com")
    .description(
      "save a gateway and a key, once the gateway has accepted them; the key is asked for, or read from the input",
    )
    .option("--dashboard <url>", "the dashboard, where it has another address than the gateway")
    .action(async (gateway: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LoginOptions>();
      const printer = makePrinter(around, options.json ?? false);
      const url = readUrl(
        gateway ?? options.gateway ?? (around.env.SWITCHYARD_URL || (await ask(around, "Gateway: ", true))),
      );
      if (isInClear(url)) printer.note(`${url} is reached without TLS: whoever is on the way can read the key.`);
      const key = around.env.SWITCHYARD_API_KEY || (await ask(around, "API key: ", false));
      const profile: Profile = {
        ...{ url, api_key: key },
        ...(options.team !== undefined && { team: options.team }),
        ...(options.dashboard !== undefined && { dashboard_url: readUrl(options.dashboard) }),
      };
      const teams = await teamsOf(profile);
      const name = options.profile ?? DEFAULT_PROFILE;
      const file = await saveProfile(around.env, name, profile);
      if (printer.isJson) return printer.json({ profile: name, url, teams, file });
      printer.line(
        `Logged in to ${url} for ${teams.map((team) => safeLine(team.name)).join(", ")}. Saved as ${name} in ${file}.`,
      );
    });
  program
    .command("logout")
    .description("forget a profile with its key; the key itself stays valid")
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const name = options.profile ?? DEFAULT_PROFILE;
      const printer = makePrinter(around, options.json ?? false);
      if (!(await removeProfile(around.env, name))) throw new CommandError(`There is no profile ${name}.`);
      if (printer.isJson) printer.json({ profile: name });
      else printer.line(`Forgot ${name}. Revoke its key in the dashboard where it should open nothing any more.`);
    });
  program
    .command("whoami")
    .description("say which gateway is asked, and for which teams")
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const profile = await findProfile(around, options);
      const teams = await teamsOf(profile);
      const printer = makePrinter(around, options.json ?? false);
      const key = `sy_…${profile.api_key.slice(-4)}`;
      if (printer.isJson) return printer.json({ url: profile.url, key, teams });
      printer.value({ url: profile.url, key, teams: teams.map(({ id, name }) => `${name} (${id})`).join(", ") });
    });
}

const isInClear = (url: string) => url.startsWith("http:") && !isHere(new URL(url).hostname);

/** The teams that the key may act for. A server that is no gateway does not answer so. */
async function teamsOf(profile: Profile): Promise<{ id: string; name: string }[]> {
  const { data } = await clientOf(profile).teams.list();
  return data.map(({ id, name }) => ({ id, name }));
}

/** Asks on a terminal, else reads the input. What is typed in answer to a question about a secret is not shown. */
async function ask({ input, err, stop }: Surroundings, question: string, isShown: boolean): Promise<string> {
  if (!input.isTTY) {
    if (isShown) throw new CommandError("Say which gateway: switchyard login https://hooks.example.com.");
    return needed(question, await textOf(input));
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  err.write(question);
  const lines = createInterface({ input, output: isShown ? err : silent, terminal: true });
  try {
    return needed(question, await lines.question("", { signal: stop }));
  } finally {
    lines.close();
    if (!isShown) err.write("\n");
  }
}

function needed(question: string, text: string): string {
  if (text.trim() === "") throw new CommandError(`${question.replace(": ", "")} is missing.`);
  return text.trim();
}
