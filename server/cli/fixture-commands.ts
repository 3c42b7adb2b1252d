// Fixtures: webhooks in files. A stored request is saved into one, and sent again with a proof of today.
import type { Command } from "commander";
import type { Switchyard } from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { CommandError, EXIT } from "./exit-code.ts";
import { readText, writeNamed } from "./files.ts";
import { makePrinter } from "./print.ts";
import { sendable } from "./replay-command.ts";
import type { Surroundings } from "./surroundings.ts";

const KIND = "switchyard-fixture/1";

interface Fixture {
  kind: typeof KIND;
  /** The source that it came to. */
  source_id: string;
  event_type: string | null;
  method: string;
  path: string;
  query: string;
  headers: [string, string][];
  /** Its text, or else its bytes as base64. */
  body?: string;
  body_base64?: string;
}

export function addFixtures(program: Command, around: Surroundings): void {
  const fixture = program.command("fixture").description("webhooks in files");
  fixture
    .command("save")
    .description("save a stored request into a file, with its headers and exact bytes")
    .argument("<request>", "the id of a request")
    .argument("<file>")
    .option("--force", "write over a file that is there")
    .action(async (id: string, file: string, options: { force?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const saved = await readStored(await connect(around, globals), id);
      await writeFixture(file, saved, options.force ?? false);
      const printer = makePrinter(around, globals.json ?? false);
      if (printer.isJson) printer.json({ file, source_id: saved.source_id });
      else printer.line(`Saved in ${file}. It holds what the producer sent, tokens in headers too.`);
    });
  fixture
    .command("send")
    .description("send a fixture to its source through the front door, proved as its provider proves it today")
    .argument("<file>")
    .option("--source <source>", "another source than the one that it came to, by its id")
    .option("--keep", "keep it among the requests only: no connection delivers it")
    .action(async (file: string, options: { source?: string; keep?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { source_id, method, path, query, headers, ...rest } = await readFixture(file);
      const bytes =
        rest.body === undefined ? Buffer.from(rest.body_base64 ?? "", "base64") : Buffer.from(rest.body, "utf8");
      const webhook = sendable({ method, path, query, headers, body_base64: bytes.toString("base64") });
      const client = await connect(around, globals);
      const { answer } = await client.sources.test({ id: options.source ?? source_id, route: !options.keep, webhook });
      const printer = makePrinter(around, globals.json ?? false);
      printer.value(answer);
      if (answer.outcome !== "accepted") throw new CommandError(answer.detail, EXIT.refused);
    });
}

async function readStored(client: Switchyard, id: string): Promise<Fixture> {
  const request = await client.requests.get({ id });
  const body = Buffer.from(await (await client.requests.rawBody({ id })).arrayBuffer());
  const text = body.toString("utf8");
  const isText = Buffer.from(text, "utf8").equals(body);
  return {
    kind: KIND,
    ...{ source_id: request.source_id, event_type: request.event_type },
    ...{ method: request.method, path: request.path, query: request.query },
    headers: request.headers.map(([name, value]): [string, string] => [name, value]),
    ...(isText ? { body: text } : { body_base64: body.toString("base64") }),
  };
}

/** For its owner alone: payloads and tokens stand in it. */
async function writeFixture(file: string, fixture: Fixture, isForced: boolean): Promise<void> {
  await writeNamed(file, `${JSON.stringify(fixture, null, 2)}\n`, { mode: 0o600, flag: isForced ? "w" : "wx" });
}

const isFixture = (value: unknown): value is Fixture =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === KIND;

async function readFixture(file: string): Promise<Fixture> {
  const text = await readText(file);
  try {
    const read: unknown = JSON.parse(text);
    if (isFixture(read)) return read;
  } catch {
    // The sentence below says it.
  }
  throw new CommandError(`${file} is no fixture: make one with switchyard fixture save.`);
}
