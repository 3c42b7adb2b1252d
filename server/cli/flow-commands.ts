// Flows in files: the routing of a team as its repository has it. A plan is shown before it is applied, and applied only if
// it would still do the same.
import { createInterface } from "node:readline/promises";
import { type Command, Option } from "commander";
import type { FlowsApplyFileInput, FlowsPlanOutput, Switchyard } from "#server/sdk/switchyard.ts";
import { connect, type GlobalOptions } from "./connection.ts";
import { CommandError, EXIT } from "./exit-code.ts";
import { readText, writeNamed } from "./files.ts";
import { makePrinter, type Printer } from "./print.ts";
import { safeJson, safeLine, safeText } from "./safe-text.ts";
import type { Surroundings } from "./surroundings.ts";

interface FlowOptions extends GlobalOptions {
  prune?: boolean;
  drift?: FlowsApplyFileInput["drift"];
  yes?: boolean;
}

export function addFlows(program: Command, around: Surroundings): void {
  const flows = program.command("flows").description("routing declared in files");
  flows
    .command("plan")
    .description("say what applying a file would change; nothing is saved")
    .argument("<file>", "YAML or JSON")
    .option("--prune", "delete what these flows own and the file does not declare any more")
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<FlowOptions>();
      const printer = makePrinter(around, options.json ?? false);
      const plan = await (await connect(around, options)).flows.plan(await readFlow(around, file, options));
      tellPlan(printer, plan, file);
    });
  flows
    .command("apply")
    .description("make what runs what a file says, all of it or nothing")
    .argument("<file>", "YAML or JSON")
    .option("--prune", "delete what these flows own and the file does not declare any more")
    .addOption(
      new Option(
        "--drift <which>",
        "where somebody has changed a field since: take the file's, or leave what runs",
      ).choices(["file", "runs"]),
    )
    .option("-y, --yes", "do not ask")
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<FlowOptions>();
      await apply(await connect(around, options), around, { file, options });
    });
  flows
    .command("export")
    .description("write what runs as a file")
    .option("--source-id <id>", "only the flow of this source")
    .option("-o, --output <file>", "into this file")
    .action(async ({ sourceId, output }: { sourceId?: string; output?: string }, command: Command) => {
      const client = await connect(around, command.optsWithGlobals<GlobalOptions>());
      const { text } = await client.flows.export({ source_id: sourceId });
      if (output === undefined) around.out.write(around.out.isTTY ? safeText(text) : text);
      else await writeNamed(output, text);
    });
}

/** The names that a file reads from the environment: no other value leaves this machine, such as one called like a name in a transformation's own env. */
const SECRET_NAMES =
  /\bsecretFrom["']?\s*:\s*(?:&\S+\s+)?(?:#[^\n]*\n\s*)*\{?\s*["']?env["']?\s*:\s*["']?([A-Za-z_][A-Za-z0-9_]*)/g;

async function readFlow({ env }: Surroundings, file: string, { prune }: FlowOptions) {
  const text = await readText(file);
  const names = [...text.matchAll(SECRET_NAMES)].map(([, name = ""]) => name);
  const found = names.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [[name, value]];
  });
  return { text, prune: prune ?? false, secrets: Object.fromEntries(found) };
}

async function apply(
  client: Switchyard,
  around: Surroundings,
  { file, options }: { file: string; options: FlowOptions },
): Promise<void> {
  const printer = makePrinter(around, options.json ?? false);
  const input = await readFlow(around, file, options);
  const plan = await client.flows.plan(input);
  const { fingerprint } = plan;
  if (fingerprint === null || !printer.isJson) tellPlan(printer, plan, file);
  if (fingerprint === null) return;
  if (!options.yes && !plan.is_empty && !(await agrees(around)))
    throw new CommandError("Nothing was applied.", EXIT.stopped);
  const applied = await client.flows.applyFile({
    ...input,
    fingerprint,
    ...(options.drift && { drift: options.drift }),
  });
  if (printer.isJson) return printer.json(applied);
  printer.line(applied.is_changed ? `Applied: ${applied.changes.length} changes.` : "Nothing to change.");
  for (const made of applied.made_secrets) {
    printer.line(`The signing secret of ${safeLine(made.name)}, shown this once: ${made.signing_secret}`);
  }
}

/** Asks whoever sits at the terminal. @throws CommandError where nobody does */
export async function agrees({ input, err, stop }: Surroundings): Promise<boolean> {
  if (!input.isTTY) throw new CommandError("Say --yes to apply without being asked.");
  const lines = createInterface({ input, output: err });
  const answer = await lines.question("Apply this? [y/N] ", { signal: stop }).finally(() => lines.close());
  return /^y(es)?$/i.test(answer.trim());
}

const SIGNS = { create: "+", update: "~", delete: "-" } as const;
const STYLES = { create: "green", update: "yellow", delete: "red" } as const;

/** @throws CommandError where the file has problems: nothing of it can be applied */
function tellPlan(printer: Printer, plan: FlowsPlanOutput, file: string): void {
  if (printer.isJson) printer.json(plan);
  else {
    for (const change of plan.changes) tellChange(printer, change);
    for (const { name, kind } of plan.left)
      printer.line(`  ${kind} ${safeLine(name)} is not in the file any more: --prune deletes it`);
    if (plan.is_empty) printer.line("What runs is what the file says.");
  }
  for (const { line, path, message } of [...plan.problems, ...plan.warnings]) {
    printer.note(`${safeLine(file)}${line === null ? "" : `:${line}`} ${safeLine(path)}: ${safeLine(message)}`);
  }
  if (plan.problems.length > 0) throw new CommandError("Nothing of this file can be applied.", EXIT.refused);
}

/** What one resource becomes, field by field. */
export function tellChange(
  printer: Printer,
  { action, kind, name, fields, losses }: FlowsPlanOutput["changes"][number],
): void {
  printer.line(printer.paint(STYLES[action], `${SIGNS[action]} ${kind} ${safeLine(name)}`));
  for (const { path, before, after, drift } of fields) {
    const from = action === "create" ? "" : `${safeJson(before ?? null)} → `;
    printer.line(
      `    ${safeLine(path)}: ${from}${safeJson(after ?? null)}${drift ? "  (changed by somebody since)" : ""}`,
    );
  }
  for (const { says } of losses) printer.line(printer.paint("red", `    ! ${safeLine(says)}`));
}
