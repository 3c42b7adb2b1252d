// Files of another system as one flow's file, with what of them is not carried over. Pure: nothing is asked or saved.
import { readConvoy } from "./convoy.ts";
import { Draft, type DraftedFlow, type Note, type ReadEnv } from "./draft.ts";
import { type ExportNode, type Remark, readExportFile } from "./export-file.ts";
import { readFasthook } from "./fasthook.ts";
import { readHookdeck } from "./hookdeck.ts";
import { hasMore } from "./lists.ts";
import { readOutpost } from "./outpost.ts";
import { recognise, type System, TITLES } from "./recognise.ts";
import { readSvix } from "./svix.ts";

const READERS: Record<System, (draft: Draft, roots: readonly ExportNode[]) => void> = {
  hookdeck: readHookdeck,
  svix: readSvix,
  convoy: readConvoy,
  outpost: readOutpost,
  fasthook: readFasthook,
};

/** As much as one flow's file may hold (`server/contracts/flow.ts`). */
const MAX_CHARS = 524_288;
const MAX_SOURCES = 199;

export interface ExportFile {
  name: string;
  text: string;
}

export interface ReadExport {
  /** While there is one, nothing can be imported. */
  problems: Remark[];
  notes: Note[];
  flow: DraftedFlow;
  /** The variables of the environment whose values go along. */
  fromEnv: string[];
}

/** A value may be read more than once. */
const onceEach = (problems: readonly Remark[]): Remark[] => [
  ...new Map(problems.map((problem) => [`${problem.file} ${problem.path} ${problem.message}`, problem])).values(),
];

/** @param readEnv looks up the secrets that the files do not hold */
export function readExport(system: System, files: readonly ExportFile[], readEnv: ReadEnv): ReadExport {
  const problems: Remark[] = [];
  const roots = files.flatMap(({ name, text }) => readExportFile(name, text, problems) ?? []);
  const draft = new Draft(system, readEnv);
  const others = roots.flatMap((root) => {
    const found = recognise(root);
    return found === null || found === system ? [] : [{ root, found }];
  });
  for (const { root, found } of others)
    root.problem(`This looks like an export of ${TITLES[found]}: use switchyard import ${found}.`);
  if (problems.length === 0) READERS[system](draft, roots);
  for (const root of roots.filter(hasMore))
    draft.note("left", root, "This is one page of several: add the files of the others.");
  const flow = draft.toFlow();
  const isEmpty = draft.sources.size + draft.destinations.size + draft.transformations.size === 0;
  const refuse = (message: string) => problems.push({ file: files[0]?.name ?? "", line: null, path: "", message });
  if (problems.length === 0 && isEmpty) refuse("There is nothing in these files that can be imported.");
  if (draft.sources.size > MAX_SOURCES)
    refuse(`These are ${draft.sources.size} sources: import in parts, at most ${MAX_SOURCES} are applied at a time.`);
  if (flow.text.length > MAX_CHARS)
    refuse(
      `This is more than can be applied at a time, by ${flow.text.length - MAX_CHARS} of ${MAX_CHARS} characters: import in parts.`,
    );
  return { problems: onceEach(problems), notes: draft.notes, flow, fromEnv: [...draft.fromEnv] };
}
