import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import { clientOf, findProfile, type GlobalOptions } from "./connection.ts";
import { readTarget } from "./forward.ts";
import { type Happening, runSession, type Session } from "./listen.ts";
import { makePrinter, type Printer } from "./print.ts";
import { safeLine } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

interface ListenOptions extends GlobalOptions {
  forward: string;
  name?: string;
  eventType?: string[];
  path?: string;
  method?: string[];
  verified?: boolean;
  unverified?: boolean;
  timeout: number;
  atOnce: number;
}

const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  return value;
};

/** `anna-laptop`: what a list shows. Another listener of this machine may have the name, so it ends with something of its own. */
function ownName(): string {
  const parts = [userInfo().username, hostname().split(".")[0], randomBytes(2).toString("hex")];
  return parts
    .join("-")
    .replace(/[^A-Za-z0-9_.-]/g, "-")
    .slice(0, 100);
}

export function addListen(program: Command, around: Surroundings): void {
  program
    .command("listen")
    .description("bring live webhooks to a port of this machine, and the answers back")
    .argument("[sources...]", "names or ids of sources; '*', or none, for all of them")
    .requiredOption("-f, --forward <target>", "a port, or an address such as localhost:3000/hooks")
    .option("-n, --name <name>", "the name of this listener in lists and on the graph")
    .option("-e, --event-type <globs...>", "only events of these types, such as 'payment.*'")
    .option("-p, --path <prefix>", "only requests whose path begins so")
    .option("-m, --method <methods...>", "only requests of these methods")
    .option("--verified", "only requests whose sender was proved")
    .option("--unverified", "only the others")
    .option("--timeout <seconds>", "how long the local server may take", wholeNumber(1, 3_600), 30)
    .option("--at-once <number>", "events that the local server gets at a time", wholeNumber(1, 100), 10)
    .action(async (sources: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListenOptions>();
      const printer = makePrinter(around, options.json ?? false);
      const target = readTarget(options.forward);
      const filter = filterOf(options);
      const session: Session = {
        client: clientOf(await findProfile(around, options)),
        name: options.name ?? ownName(),
        id: randomBytes(16).toString("hex"),
        sources: sources.length === 0 ? ["*"] : sources,
        ...(filter && { filter }),
        only: onlyOf(options),
        ...{ target, timeoutMs: options.timeout * 1_000, atOnce: options.atOnce, stop: around.stop },
        tell: (happening) => tell(printer, options, happening),
      };
      await runSession(session);
    });
}

function filterOf({ eventType, path }: ListenOptions): Session["filter"] {
  if (eventType === undefined && path === undefined) return undefined;
  return {
    type: "filter",
    ...(eventType && { event_type: eventType }),
    ...(path !== undefined && { path: { $startsWith: path } }),
  };
}

function onlyOf({ method, verified, unverified }: ListenOptions): Session["only"] {
  const methods = method?.map((one) => one.toUpperCase()) as Session["only"]["methods"];
  return {
    ...(methods && { methods }),
    ...((verified || unverified) && { verified: verified ?? false }),
  };
}

function tell(printer: Printer, { forward }: ListenOptions, happening: Happening): void {
  if (printer.isJson) {
    printer.json(happening.kind === "answered" ? asJson(happening) : happening);
    return;
  }
  printer.line(words(printer, forward, happening));
}

type Answered = Extract<Happening, { kind: "answered" }>;

/** With the answer as text, and without the request's body: whoever wants that asks for the event. */
const asJson = ({ event: { body_base64: _, ...event }, answer, ...rest }: Answered) => ({
  ...rest,
  event,
  answer: { ...answer, body: answer.body.toString("utf8") },
});

function words({ paint }: Printer, target: string, happening: Happening): string {
  switch (happening.kind) {
    case "listening": {
      const sources = happening.sources.map(safeLine).join(", ");
      return `${paint("green", "Connected")} as ${safeLine(happening.name)}: ${sources} → ${safeLine(target)}. Ctrl-C ends it.`;
    }
    case "away":
      return `${paint("red", "Not connected")}: ${safeLine(happening.because)} Events are held meanwhile; trying again.`;
    case "back":
      return `${paint("green", "Connected again")}: what was held comes now.`;
    case "renewed":
      return `${paint("yellow", "A new session")}: the gateway had ended the one before, and what waited for it was cancelled.`;
    case "answered":
      return answeredWords(paint, happening);
    case "unrecorded":
      return `${paint("red", "Not recorded")} ${happening.event.id}: ${safeLine(happening.because)}`;
    case "ended":
      return happening.isClean
        ? "Ended: nothing is made for this listener any more."
        : "Ended, but the gateway could not be told: what comes is held for 15 minutes, and then cancelled.";
  }
}

function answeredWords(paint: Printer["paint"], { event, answer }: Answered): string {
  const isGood = answer.error === null && answer.status !== null && answer.status < 300;
  const outcome = answer.error ?? String(answer.status);
  const request = `${safeLine(event.source_name)}  ${safeLine(event.method)} ${safeLine(event.path)}`;
  const what = [safeLine(event.event_type ?? ""), event.is_verified ? "verified" : "not verified"].filter(Boolean);
  return `${paint(isGood ? "green" : "red", outcome)}  ${request}  ${what.join(", ")}  ${Math.round(answer.latencyMs)} ms  ${event.id}`;
}
