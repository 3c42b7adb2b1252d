// Events as a person looks at them: as they come, one of them whole, and once more.
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { EventSummary, Switchyard } from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { CommandError, EXIT, told } from "./exit-code.ts";
import { makePrinter, type Printer } from "./print.ts";
import { safeLine } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

const TAIL_MS = 1_000;
const PAGE = 100;

export function addEventCommands(program: Command, around: Surroundings): void {
  const events = program.command("events").description("events: deliveries to make or made");
  events
    .command("tail")
    .description("show events as they come; Ctrl-C ends it")
    .option("--status <statuses>", "only these, such as FAILED,RETRYING")
    .option("--event-type <type>", "only this type")
    .option("--source-id <id>", "only those of this source")
    .option("--connection-id <id>", "only those of this connection")
    .action(async (options: Record<string, string>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const printer = makePrinter(around, globals.json ?? false);
      const { status, eventType: event_type, sourceId: source_id, connectionId: connection_id } = options;
      await tail(await connect(around, globals), printer, around, { status, event_type, source_id, connection_id });
    });
  events
    .command("show")
    .description("show an event with what is delivered and why")
    .argument("<id>")
    .action(async (id: string, _options: unknown, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const client = await connect(around, globals);
      makePrinter(around, globals.json ?? false).value(await client.events.get({ id }, { signal: around.stop }));
    });
  events
    .command("retry")
    .description("deliver events again")
    .argument("<ids...>")
    .action(async (ids: string[], _options: unknown, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await retryAll(await connect(around, globals), makePrinter(around, globals.json ?? false), around, ids);
    });
}

/** Each by itself, and all of them: the exit code says when only some were refused. */
async function retryAll(client: Switchyard, printer: Printer, { stop }: Surroundings, ids: string[]): Promise<void> {
  const failures: unknown[] = [];
  for (const [at, id] of ids.entries()) {
    if (stop.aborted) {
      printer.note(`Stopped: of ${ids.length}, ${ids.length - at} were not asked for.`);
      throw new CommandError("Stopped.", EXIT.stopped);
    }
    try {
      const event = await client.events.retry({ id });
      if (printer.isJson) printer.json(event);
      else printer.line(`${event.id}  ${event.status}`);
    } catch (error) {
      failures.push(error);
      printer.note(`${safeLine(id)}: ${safeLine(told(error).message)}`);
    }
  }
  if (failures.length === 0) return;
  const exitCode = failures.length < ids.length ? EXIT.partly : told(failures[0]).exitCode;
  throw new CommandError(`${failures.length} of ${ids.length} were not queued again.`, exitCode);
}

type Filter = Record<"status" | "event_type" | "source_id" | "connection_id", string | undefined>;

/** Those that were routed since the call, oldest first; an id is told once for each state that was seen. */
async function tail(client: Switchyard, printer: Printer, { stop }: Surroundings, filter: Filter): Promise<void> {
  const seen = new Map<string, string>();
  let from = new Date(Date.now() - TAIL_MS).toISOString();
  while (!stop.aborted) {
    const input = { ...filter, from, limit: PAGE } as Parameters<Switchyard["events"]["list"]>[0];
    const page = await client.events.list(input, { signal: stop }).catch((error: unknown) => {
      if (stop.aborted) return null;
      throw error;
    });
    for (const event of (page?.data ?? []).toReversed()) {
      if (seen.get(event.id) === event.status) continue;
      seen.set(event.id, event.status);
      if (printer.isJson) printer.json(event);
      else printer.line(lineOf(printer, event));
    }
    // What is older than the page is not asked for again, or the window would grow for ever.
    if ((page?.data.length ?? 0) >= PAGE) from = page?.data[PAGE / 2]?.created_at ?? from;
    for (const id of [...seen.keys()].slice(0, Math.max(0, seen.size - 10 * PAGE))) seen.delete(id);
    await sleep(TAIL_MS, undefined, { signal: stop }).catch(() => {});
  }
}

const STYLES: Readonly<Record<string, "green" | "red" | "yellow">> = {
  DELIVERED: "green",
  FAILED: "red",
  RETRYING: "yellow",
  HOLD: "yellow",
};

function lineOf({ paint }: Printer, event: EventSummary): string {
  const style = STYLES[event.status];
  const status = event.status.padEnd(9);
  const answer = event.error_code ?? event.response_status ?? event.hold_reason ?? "";
  return `${event.created_at}  ${style ? paint(style, status) : status}  ${event.id}  ${safeLine(event.event_type ?? "–")}  ${answer}`;
}
