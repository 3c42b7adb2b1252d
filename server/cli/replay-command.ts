import type { Command } from "commander";
import type { Switchyard } from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { edit } from "./edit.ts";
import { CommandError } from "./exit-code.ts";
import { forward, type LocalRequest, readTarget } from "./forward.ts";
import { makePrinter, type Printer } from "./print.ts";
import { fromText, toText } from "./request-text.ts";
import type { Surroundings } from "./surroundings.ts";

interface ReplayOptions extends GlobalOptions {
  edit?: boolean;
  forward?: string;
  to?: string;
}

const TIMEOUT_MS = 30_000;

export function addReplay(program: Command, around: Surroundings): void {
  program
    .command("replay")
    .description("send an event once more: to its receiver, to another destination, or to a port of this machine")
    .argument("<event>", "its id")
    .option("--edit", "change the request in your editor first")
    .option("-f, --forward <target>", "to a port of this machine, or an address such as localhost:3000/hooks")
    .option("--to <destination>", "to this destination, by its id")
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ReplayOptions>();
      const client = await connect(around, options);
      const printer = makePrinter(around, options.json ?? false);
      if (options.forward !== undefined) return replayHere(client, printer, { around, id, options });
      printer.value(await replayThere(client, { around, id, options }));
    });
}

interface Asked {
  around: Surroundings;
  id: string;
  options: ReplayOptions;
}

/** The request that an event brings, as it is delivered. */
async function readRequest(client: Switchyard, id: string): Promise<LocalRequest & { destinationId: string }> {
  const event = await client.events.get({ id });
  const raw = await client.events.rawBody({ id });
  return {
    ...{ method: event.method, path: event.path, query: event.query, destinationId: event.destination_id },
    headers: event.headers.map(([name, value]): [string, string] => [name, value]),
    body: Buffer.from(await raw.arrayBuffer()),
  };
}

const edited = async (around: Surroundings, request: LocalRequest) =>
  fromText(await edit(around, toText(request)), request);

/** Headers of the hop that the request came by. */
const OF_THE_HOP = new Set(["host", "connection", "content-length", "transfer-encoding", "expect"]);

const withoutHop = (request: LocalRequest): LocalRequest => ({
  ...request,
  headers: request.headers.filter(([name]) => !OF_THE_HOP.has(name.toLowerCase())),
});

/** Recorded nowhere: nobody but the person at this machine sees it. */
async function replayHere(client: Switchyard, printer: Printer, { around, id, options }: Asked): Promise<void> {
  const target = readTarget(options.forward ?? "");
  const stored = await readRequest(client, id);
  const request = withoutHop(options.edit ? await edited(around, stored) : stored);
  const answer = await forward(target, request, { timeoutMs: TIMEOUT_MS, signal: around.stop });
  const { body, latencyMs, ...told } = answer;
  printer.value({ ...told, body: body.toString("utf8"), latency_ms: Math.round(latencyMs) });
}

/** As it is, to its own receiver, it is a retry; else a copy, which says in its trace that it was edited. */
async function replayThere(client: Switchyard, { around, id, options }: Asked): Promise<unknown> {
  if (!options.edit && options.to === undefined) return client.events.retry({ id });
  const { destinationId, ...stored } = await readRequest(client, id);
  const destination_id = options.to ?? destinationId;
  if (!options.edit) return client.events.resend({ id, destination_id });
  const { body, ...request } = withoutHop(await edited(around, stored));
  return client.events.resend({
    id,
    destination_id,
    edited: { ...sendable(request), body_base64: body.toString("base64") },
  });
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** With a method that the API knows. */
export function sendable<T extends { method: string }>(request: T) {
  const method = METHODS.find((each) => each === request.method);
  if (!method)
    throw new CommandError(`${request.method} is no method that can be sent: use one of ${METHODS.join(", ")}.`);
  return { ...request, method };
}
