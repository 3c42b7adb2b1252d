// A command for each operation of the API: `switchyard sources list --limit 5`. They are made from the table of operations, so
// a new operation has one as soon as it is there.
import { text as textOf } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { OPERATIONS } from "#server/sdk/operations.ts";
import type { OperationRow } from "#server/sdk/request-url.ts";
import type { CallOptions, Page, Switchyard } from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { CommandError } from "./exit-code.ts";
import { readText, writeNamed } from "./files.ts";
import { makePrinter, type Printer } from "./print.ts";
import { safeText } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

/** A session speaks these with its gateway; nobody types them. */
const INTERNAL = new Set(["tunnels.open", "tunnels.next", "tunnels.answer"]);

const kebab = (text: string) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** `--version` is asked of the command line itself. */
const flagOf = (name: string) => (name === "version" ? "of-version" : kebab(name).replaceAll("_", "-"));

type Fields = Record<string, unknown>;
type Call = (input: Fields, options?: CallOptions) => Promise<unknown> & Partial<AsyncIterable<unknown>>;

/** The call of an operation by its id, such as `sources.list`. */
function callOf(client: Switchyard, operation: Pick<OperationRow, "id">): Call {
  const [resource = "", key = ""] = operation.id.split(".");
  const calls = client as unknown as Record<string, Record<string, Call>>;
  const call = calls[resource]?.[key];
  if (!call) throw new CommandError(`There is no operation ${operation.id}.`);
  return call;
}

/** Adds the commands of all operations, below one for each resource. @param isTaken whether a command has been made by hand */
export function addApiCommands(
  program: Command,
  around: Surroundings,
  isTaken: (resource: string, key: string) => boolean,
): void {
  for (const [resource, table] of Object.entries(OPERATIONS)) {
    const operations = Object.entries<OperationRow & { summary: string }>(table).filter(
      ([key, { id }]) => !INTERNAL.has(id) && !isTaken(resource, key),
    );
    const group =
      program.commands.find((each) => each.name() === kebab(resource)) ??
      program.command(kebab(resource)).description(`operations on ${kebab(resource).replaceAll("-", " ")}`);
    for (const [key, operation] of operations) addOperation(group, around, key, operation);
  }
}

/** The parameters that are options. Two spellings of one parameter are one option: the first. */
function optionsOf({ queryParameters, bodyParameters }: OperationRow): string[] {
  const names = [...queryParameters, ...bodyParameters];
  return names.filter((name, at) => names.findIndex((other) => flagOf(other) === flagOf(name)) === at);
}

function addOperation(
  group: Command,
  around: Surroundings,
  key: string,
  operation: OperationRow & { summary: string },
): void {
  const command = group.command(kebab(key)).description(operation.summary);
  for (const name of operation.pathParameters) command.argument(`<${flagOf(name)}>`);
  for (const name of optionsOf(operation))
    command.addOption(new Option(`--${flagOf(name)} <value>`, kindOf(operation, name)));
  if (operation.bodyParameters.length > 0)
    command.option("--input <json>", "all of the body: JSON, @file, or - for the input");
  if (operation.answer === "page") command.option("--all", "every page, not only the first");
  if (operation.answer === "bytes") command.option("-o, --output <file>", "write the bytes into this file");
  command.action(async (...args: unknown[]) => {
    const options = command.opts<Record<string, string>>();
    const globals = command.optsWithGlobals<GlobalOptions & { all?: boolean; output?: string }>();
    const input = await readInput(around, operation, { args, options });
    const printer = makePrinter(around, globals.json ?? false);
    const answer = callOf(await connect(around, globals), operation)(input, { signal: around.stop });
    if (operation.answer === "page") await printPages(printer, answer, globals.all ?? false);
    else if (operation.answer === "bytes") await printBytes(around, (await answer) as Blob, globals.output);
    else printer.value(rowsOf(await answer, printer.isJson));
  });
}

const kindOf = (operation: OperationRow, name: string) =>
  operation.method === "GET" || operation.textParameters.includes(name) ? "" : "as JSON, such as true, 5 or {…}";

/** A list that is no page, as rows. */
function rowsOf(answer: unknown, isJson: boolean): unknown {
  const isList = typeof answer === "object" && answer !== null && "data" in answer && Array.isArray(answer.data);
  return isList && !isJson ? answer.data : answer;
}

async function readInput(
  around: Surroundings,
  operation: OperationRow,
  { args, options }: { args: unknown[]; options: Record<string, string> },
): Promise<Fields> {
  const input: Fields = options.input === undefined ? {} : await readData(around, options.input);
  for (const [at, name] of operation.pathParameters.entries()) input[name] = args[at];
  for (const name of optionsOf(operation)) {
    const given = options[camel(flagOf(name))];
    if (given !== undefined) input[name] = readValue(operation, name, given);
  }
  return input;
}

const camel = (flag: string) => flag.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** A text as it is typed; anything else as JSON. What is no JSON goes as a text, and the gateway says what it wants. */
function readValue(operation: OperationRow, name: string, text: string): unknown {
  const isJson = operation.jsonParameters.includes(name);
  if (!isJson && (operation.method === "GET" || operation.textParameters.includes(name))) return text;
  try {
    return JSON.parse(text);
  } catch {
    if (/^[[{]/.test(text)) throw new CommandError(`--${flagOf(name)} is no JSON: ${text.slice(0, 60)}`);
    return text;
  }
}

async function readData({ input }: Surroundings, given: string): Promise<Fields> {
  const text = given === "-" ? await textOf(input) : given.startsWith("@") ? await readText(given.slice(1)) : given;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // The sentence below says it.
  }
  throw new CommandError("--input is no JSON object: give one, @file with one, or - to read it from the input.");
}

async function printPages(printer: Printer, answer: ReturnType<Call>, isAll: boolean): Promise<void> {
  if (!isAll) {
    const page = (await answer) as Page<unknown>;
    printer.value(printer.isJson ? page : page.data);
    const { next } = page.pagination;
    if (next !== null && !printer.isJson) printer.note(`There are more: --all, or --next ${next}`);
    return;
  }
  const items: unknown[] = [];
  for await (const item of answer as unknown as AsyncIterable<unknown>) {
    if (printer.isJson) printer.json(item);
    else items.push(item);
  }
  if (!printer.isJson) printer.value(items);
}

async function printBytes({ out }: Surroundings, answer: Blob, file: string | undefined): Promise<void> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (file !== undefined) await writeNamed(file, bytes);
  // A terminal would obey what stands in them.
  else out.write(out.isTTY ? safeText(bytes.toString("utf8")) : bytes);
}
