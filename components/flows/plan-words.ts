// A plan as a person reads it, and what is still missing before it can be applied. Pure.
import { fieldText } from "#components/data/field-table.tsx";
import type { FlowChange, FlowChoice, FlowField, FlowPlan } from "#server/contracts/flow.ts";
import { shortPath } from "./version-words.ts";

/** A line of the file that the plan says something of. */
export interface LineMark {
  line: number;
  kind: "problem" | "drift" | "change";
  says: string;
}

export type Take = FlowChoice["take"];
/** The choices by what they are of. */
export type Choices = ReadonlyMap<string, Take>;

export const choiceKey = (change: Pick<FlowChange, "kind" | "name">, path: string) =>
  JSON.stringify([change.kind, change.name, path]);

const driftedFields = (plan: FlowPlan): [FlowChange, FlowField][] =>
  plan.changes.flatMap((change) =>
    change.fields.filter(({ drift }) => drift !== null).map((field) => [change, field] as [FlowChange, FlowField]),
  );

export interface PlanCounts {
  create: number;
  update: number;
  delete: number;
  drifted: number;
}

/** How many resources of each kind of step there are, and fields that drifted. */
export function planCounts(plan: FlowPlan): PlanCounts {
  const of = (action: FlowChange["action"]) => plan.changes.filter((change) => change.action === action).length;
  return { create: of("create"), update: of("update"), delete: of("delete"), drifted: driftedFields(plan).length };
}

/** The choices as the server takes them: those that were made, of what the plan still asks. */
export const chosen = (plan: FlowPlan, choices: Choices): FlowChoice[] =>
  driftedFields(plan).flatMap(([change, { path }]) => {
    const take = choices.get(choiceKey(change, path));
    return take === undefined ? [] : [{ kind: change.kind, name: change.name, path, take }];
  });

export const lossesOf = (plan: FlowPlan): string[] => [
  ...new Set(plan.changes.flatMap(({ name, losses }) => losses.map(({ says }) => `${name}: ${says}`))),
];

/** Why the plan cannot be applied yet; null when it can. */
export function missing(plan: FlowPlan, choices: Choices, ticked: ReadonlySet<string>): string | null {
  if (plan.problems.length > 0) return "Mend the file first.";
  const open = planCounts(plan).drifted - chosen(plan, choices).length;
  if (open > 0) return `${open === 1 ? "1 drifted field needs" : `${open} drifted fields need`} a choice.`;
  const unticked = lossesOf(plan).filter((loss) => !ticked.has(loss)).length;
  return unticked > 0 ? `${unticked === 1 ? "1 loss is" : `${unticked} losses are`} not ticked.` : null;
}

const problemMark = ({ line, message }: FlowPlan["problems"][number]): LineMark[] =>
  line === null ? [] : [{ line, kind: "problem", says: message }];

/** The lines of the file that the plan is about; a line has one mark, the most urgent. */
export function lineMarks(plan: FlowPlan): LineMark[] {
  const fields = plan.changes.flatMap(({ fields }) => fields);
  const of = (kind: "drift" | "change", some: readonly FlowField[]) =>
    some.flatMap(({ line, path }) => (line === null ? [] : [{ line, kind, says: `${shortPath(path)}: ${kind}` }]));
  const marks = [
    ...plan.problems.flatMap(problemMark),
    ...of(
      "drift",
      fields.filter(({ drift }) => drift !== null),
    ),
    ...of(
      "change",
      fields.filter(({ drift }) => drift === null),
    ),
  ];
  return [...new Map(marks.toReversed().map((mark) => [mark.line, mark])).values()];
}

/** What a change does, in a few words beside its name. */
export function changeSummary({ action, fields, losses }: FlowChange): string {
  if (action === "delete") return losses[0]?.says ?? "goes";
  if (action === "create")
    return fields.length === 0
      ? "with what is usual"
      : fields
          .map(({ path }) => shortPath(path))
          .slice(0, 4)
          .join(", ");
  const [first] = fields;
  if (fields.length === 1 && first) {
    return `${shortPath(first.path)} ${valueWords(first.before)} to ${valueWords(first.after)}`;
  }
  return `${fields.length} fields`;
}

const MAX_VALUE = 24;
/** A value in a few characters. */
export function valueWords(value: unknown): string {
  const text = fieldText(value) ?? "not set";
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
