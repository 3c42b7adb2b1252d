// A file as the resources that it declares.
import { z } from "zod";
import { FLOW_API_VERSION, FLOW_KIND, type FlowProblem } from "#server/contracts/flow.ts";
import { Name } from "#server/contracts/resource-fields.ts";
import { fieldIssues } from "#server/errors/field-issues.ts";
import { parseJson } from "#server/json/parse.ts";
import { type Declared, type DeclaredFlows, type FlowDocument, problemAt } from "./declared.ts";
import { Part, Reading } from "./read-document.ts";
import { readYaml } from "./read-yaml.ts";
import { shareThread } from "./share-thread.ts";

/** Of a file that a Kubernetes cluster takes as well: here they say nothing. */
const OfCluster = {
  namespace: z.string().max(63).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
};
const Document = z.strictObject({
  apiVersion: z.literal(FLOW_API_VERSION),
  kind: z.literal(FLOW_KIND),
  metadata: z.strictObject({ name: Name, ...OfCluster }),
  spec: z.strictObject({
    source: Part.optional(),
    destinations: z.array(Part).max(5_000).default([]),
    transformations: z.array(Part).max(1_000).default([]),
  }),
});
function refuseTwice(declared: readonly Declared[]): FlowProblem[] {
  const seen = new Set<string>();
  return declared.flatMap(({ kind, name, origin }) => {
    const key = `${kind}:${name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const remedy =
      kind === "connection"
        ? "give one of them another connection.name"
        : "declare it once, and write ref where it is used again";
    return [problemAt(origin.flow, `${origin.at}.name`, `Two ${kind}s of this file are called ${name}: ${remedy}.`)];
  });
}

const MAX_PROBLEMS = 20;

/** In the order of the file, the first of each place: what follows from it says no more. */
export function shownProblems(problems: readonly FlowProblem[]): FlowProblem[] {
  const first = new Map<string, FlowProblem>();
  for (const problem of problems) {
    const key = `${problem.line}:${problem.column}:${problem.path}`;
    if (!first.has(key)) first.set(key, problem);
  }
  return [...first.values()]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message, ...at }) => ({ ...at, path: path.slice(0, 300), message: message.slice(0, 500) }));
}

/** @throws CallerGone when the caller has gone meanwhile */
export async function readFlows(text: string, signal?: AbortSignal): Promise<DeclaredFlows> {
  const { documents, problems } = await readYaml(text, signal);
  const all: DeclaredFlows = { flows: [], declared: [], references: [], problems: [...problems] };
  for (const { json, places, text: own } of documents) {
    const unnamed: FlowDocument = { name: "", text: own, places };
    const parsed = Document.safeParse(parseJson(json));
    if (!parsed.success) {
      for (const { path, message } of fieldIssues(parsed.error)) all.problems.push(problemAt(unnamed, path, message));
      continue;
    }
    const { metadata, spec } = parsed.data;
    const flow = { ...unnamed, name: metadata.name };
    const reading = new Reading(flow);
    if (all.flows.some(({ name }) => name === flow.name))
      reading.problem("metadata.name", `Two documents are called ${flow.name}: give one of them another name.`);
    const source = reading.source(spec.source);
    // A source that is wrong is told of; its branches would only be told as going nowhere.
    if (spec.source === undefined || source !== null)
      for (const [index, part] of spec.destinations.entries()) {
        await shareThread(index);
        reading.destination(part, index, source);
      }
    for (const [index, part] of spec.transformations.entries()) {
      await shareThread(index);
      reading.transformation(part, index);
    }
    all.flows.push(flow);
    all.declared.push(...reading.declared);
    all.references.push(...reading.references);
    all.problems.push(...reading.problems);
  }
  if (all.flows.length === 0 && all.problems.length === 0)
    all.problems.push({
      line: null,
      column: null,
      path: "",
      message: `The file is empty: give a document of kind ${FLOW_KIND}.`,
    });
  all.problems.push(...refuseTwice(all.declared));
  return { ...all, problems: shownProblems(all.problems) };
}
