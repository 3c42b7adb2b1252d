// Brings what a team has elsewhere: reads the other system's files on this machine, plans it as a flow, and applies that at once.
import { basename } from "node:path";
import { Argument, type Command } from "commander";
import type { DraftedFlow, Note, Origin } from "#server/import/draft.ts";
import type { Remark } from "#server/import/export-file.ts";
import { type ReadExport, readExport } from "#server/import/read-export.ts";
import { SYSTEMS, type System, TITLES } from "#server/import/recognise.ts";
import {
  type FlowsApplyFileOutput,
  type FlowsPlanOutput,
  type Switchyard,
  SwitchyardError,
} from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { CommandError, EXIT } from "./exit-code.ts";
import { readText, writeNamed } from "./files.ts";
import { agrees, tellChange } from "./flow-commands.ts";
import { makePrinter, type Printer } from "./print.ts";
import { safeLine } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

interface ImportOptions extends GlobalOptions {
  yes?: boolean;
  plan?: boolean;
  output?: string;
}

const MAX_FILES = 100;
/** So many URLs of new sources are asked for; the others are on the page of the sources. */
const MAX_URLS = 50;
const NOTHING = "Nothing was imported.";

export function addImport(program: Command, around: Surroundings): void {
  program
    .command("import")
    .description("bring sources, destinations and connections from another system, all of it or nothing")
    .addArgument(new Argument("<system>", "where the files are from").choices(SYSTEMS))
    .argument("<files...>", "answers of its API, as JSON")
    .option("--plan", "only say what would be made, and what cannot be carried over")
    .option("-y, --yes", "do not ask")
    .option("-o, --output <file>", "write it as a flow's file, without its secrets, in place of importing it")
    .action(async (system: System, files: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      const printer = makePrinter(around, options.json ?? false);
      if (files.length > MAX_FILES) throw new CommandError(`Give at most ${MAX_FILES} files at a time.`);
      const texts: { name: string; text: string }[] = [];
      for (const file of files) texts.push({ name: basename(file), text: await readText(file) });
      const read = readExport(system, texts, (name) => around.env[name]);
      if (read.problems.length > 0) refuse(printer, read.problems, read.notes);
      if (options.output !== undefined) {
        await writeNamed(options.output, read.flow.text);
        tellNotes(printer, read.notes);
        if (printer.isJson) printer.json({ file: options.output, notes: read.notes });
        return;
      }
      await importFlow(await connect(around, options), around, { system, read, options, printer });
    });
}

const inputOf = ({ text, secrets }: DraftedFlow) => ({ text, secrets, only_new: true });

interface Import {
  system: System;
  read: ReadExport;
  options: ImportOptions;
  printer: Printer;
}

async function importFlow(client: Switchyard, around: Surroundings, { system, read, options, printer }: Import) {
  const { notes, flow } = read;
  const plan = await client.flows.plan(inputOf(flow));
  if (plan.fingerprint === null)
    refuse(
      printer,
      plan.problems.map((problem) => atItsOrigin(problem, flow)),
      notes,
    );
  const warnings = plan.warnings.map((warning) => atItsOrigin(warning, flow));
  if (!printer.isJson) {
    tellPlan(printer, system, plan);
    tellNotes(printer, notes);
    if (read.fromEnv.length > 0) printer.line(`Taken from the environment: ${read.fromEnv.join(", ")}.`);
    for (const warning of warnings) printer.note(lineOf(warning));
  }
  if (options.plan) {
    if (printer.isJson) printer.json({ problems: [], plan, notes, warnings });
    return;
  }
  if (!options.yes && !plan.is_empty && !(await agrees(around))) throw new CommandError(NOTHING, EXIT.stopped);
  const applied = await client.flows
    .applyFile({ ...inputOf(flow), fingerprint: plan.fingerprint })
    .catch((error: unknown) => refuseApplied(printer, error, flow, notes));
  const urls = await urlsOf(client, applied);
  if (printer.isJson) return printer.json({ problems: [], applied, notes, warnings, urls });
  tellApplied(printer, applied, urls);
}

/** Where the producers of new sources are to send from now on. */
async function urlsOf(client: Switchyard, { changes }: FlowsApplyFileOutput) {
  const made = changes.filter(({ kind, action }) => kind === "source" && action === "create").slice(0, MAX_URLS);
  const urls: { name: string; url: string }[] = [];
  for (const { id } of made) {
    const { name, type, url } = await client.sources.get({ id });
    if (type !== "PUBLISH") urls.push({ name, url });
  }
  return urls;
}

function tellPlan(printer: Printer, system: System, plan: FlowsPlanOutput): void {
  for (const change of plan.changes) tellChange(printer, change);
  for (const { kind, name, paths } of plan.existing) {
    const otherwise = paths.length === 0 ? "" : `; it differs in ${paths.map(safeLine).join(", ")}`;
    printer.line(`= ${kind} ${safeLine(name)} exists and stays as it is${otherwise}`);
  }
  if (plan.is_empty) printer.line(`All of this export of ${TITLES[system]} is there already.`);
}

const HEADINGS: Record<Note["kind"], string> = {
  left: "Not carried over:",
  changed: "Otherwise here:",
  secret: "Secrets that the export does not hold:",
};

function tellNotes(printer: Printer, notes: readonly Note[]): void {
  if (printer.isJson) return;
  for (const kind of ["left", "secret", "changed"] as const) {
    const own = notes.filter((note) => note.kind === kind);
    if (own.length > 0) printer.line(printer.paint("bold", HEADINGS[kind]));
    for (const note of own) printer.line(`  ${lineOf(note)}`);
  }
}

function tellApplied(printer: Printer, applied: FlowsApplyFileOutput, urls: { name: string; url: string }[]): void {
  printer.line(applied.is_changed ? `Imported: ${applied.changes.length} made.` : "Nothing to import.");
  for (const made of applied.made_secrets)
    printer.line(`The signing secret of ${safeLine(made.name)}, shown this once: ${made.signing_secret}`);
  if (urls.length > 0) printer.line("Let the producers send here:");
  for (const { name, url } of urls) printer.line(`  ${safeLine(name)}: ${safeLine(url)}`);
}

const lineOf = ({ file, line, path, message }: Remark) =>
  [`${safeLine(file)}${line === null ? "" : `:${line}`}`, safeLine(path)].filter(Boolean).join(" ") +
  `: ${safeLine(message)}`;

/** @throws CommandError always */
function refuse(printer: Printer, problems: readonly Remark[], notes: readonly Note[]): never {
  if (printer.isJson) printer.json({ problems, notes });
  for (const problem of problems) printer.note(lineOf(problem));
  throw new CommandError(NOTHING, EXIT.refused);
}

/** What the gateway finds wrong in the flow, at the place of the export that it comes from. */
function atItsOrigin(
  { line, path, message }: { line: number | null; path: string; message: string },
  flow: DraftedFlow,
) {
  const origin: Origin | undefined = line === null ? undefined : flow.origins.get(line);
  if (!origin) return { file: "the import", line: null, path, message };
  const field = path.replace(/^spec\.(?:source|(?:destinations|transformations)\[\d+\])\.?/, "");
  const what = `${origin.kind} ${origin.name}${field === "" ? "" : `, ${field}`}`;
  return { ...origin.at, message: `${what}: ${message}` };
}

/** What only saving finds, such as code that does not parse: the answer names the line of the flow. */
function refuseApplied(printer: Printer, error: unknown, flow: DraftedFlow, notes: readonly Note[]): never {
  if (!(error instanceof SwitchyardError) || !error.issues?.some(({ path }) => path.startsWith("text."))) throw error;
  const problems = error.issues.map(({ path, message }) => {
    const [, line, rest = message] = /^Line (\d+), column \d+: (.*)$/s.exec(message) ?? [];
    return atItsOrigin({ line: line ? Number(line) : null, path: path.replace(/^text\./, ""), message: rest }, flow);
  });
  return refuse(printer, problems, notes);
}
