// Names, sizes and privileges of single source files.
import { posix } from "node:path";
import type { SourceModule } from "./import-graph.ts";

const MAX_FILE_LINES = 300;
const MAX_PAGE_LINES = 40;
const MAX_FUNCTION_LINES = 50;
/** Markup is long without being complicated. */
const MAX_COMPONENT_LINES = 200;

/** Names that say nothing about what is inside. */
const VAGUE_NAME = /^index$|(^|-)(utils?|helpers?|common|misc|managers?|services?)$/;
/** "What it does" leaves its reader to guess the noun. */
const QUESTION = /^\/\/ (What|Whether|Who|Which|How|Where|When|Why)\b/;
/** Nobody edits what a script writes. */
const WRITTEN = /^\/\/ Written by `npm run [a-z]+`/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

interface Rule {
  says: string;
  breaks: (module: SourceModule) => boolean;
}

const nameOf = (path: string) => posix.basename(path).replace(/(\.(sql|test|d))?\.tsx?$/, "");
const isRun = ({ path }: SourceModule) => !path.startsWith("test/");
const maxFunctionLines = (path: string) => (path.endsWith(".tsx") ? MAX_COMPONENT_LINES : MAX_FUNCTION_LINES);

const RULES: Rule[] = [
  {
    says: "is named for what anything could hold",
    breaks: ({ path }) =>
      path
        .split("/")
        .slice(0, -1)
        .concat(nameOf(path))
        .some((name) => VAGUE_NAME.test(name)),
  },
  { says: "is not in kebab-case", breaks: ({ path }) => !KEBAB_CASE.test(nameOf(path)) },
  {
    says: "opens with a question word, not with a noun",
    breaks: (module) => isRun(module) && QUESTION.test(module.opening),
  },
  {
    says: `has more than ${MAX_FILE_LINES} lines`,
    breaks: ({ lines, opening }) => lines > MAX_FILE_LINES && !WRITTEN.test(opening),
  },
  {
    says: `is a page of more than ${MAX_PAGE_LINES} lines`,
    breaks: ({ path, lines }) => /^app\/.*\bpage\.tsx$/.test(path) && lines > MAX_PAGE_LINES,
  },
  {
    says: "has a function that is too long",
    breaks: (module) =>
      isRun(module) && module.functionLines.some(({ ownLines }) => ownLines > maxFunctionLines(module.path)),
  },
  { says: "exports everything of another file", breaks: (module) => module.hasExportAll },
  {
    says: "has a default export",
    breaks: ({ path, hasDefaultExport }) => hasDefaultExport && !path.startsWith("app/"),
  },
  {
    says: "reads process.env",
    breaks: ({ path, readsProcessEnv }) => readsProcessEnv && path !== "server/env.ts",
  },
  {
    says: "constructs a Prisma client",
    breaks: ({ path, constructs }) => constructs.includes("PrismaClient") && path !== "server/database/prisma.ts",
  },
  {
    says: "is a page of the dashboard that does not ask who looks (requireVisit)",
    breaks: ({ path, importedNames }) =>
      /^app\/\(dashboard\)\/.*\b(?:page|layout)\.tsx$/.test(path) && !importedNames.has("requireVisit"),
  },
  {
    says: "calls the global fetch, which no address policy guards",
    // The SDK runs in the programs of others.
    breaks: ({ path, callsGlobalFetch }) =>
      callsGlobalFetch && /^(server|worker)\//.test(path) && !path.startsWith("server/sdk/"),
  },
];

/** They need a capability for what they cost or show, and change nothing that is on record. */
const CHANGE_NOTHING = [
  "planFlows",
  "requireRights",
  "planReplay",
  "planEventsRetry",
  "planEventsCancel",
  "planRequestsRetry",
  "runTransformation",
  "dryRunConnection",
  "dryRunTransformation",
  "dryRunSource",
  "listAuditEntries",
  "verifyAudit",
  "checkSignature",
  "checkDestination",
  "testSource",
  // Data, as what comes to a door: it stands among the requests.
  "publish",
  // Deliveries: they stand among the attempts.
  "nextOfTunnel",
  "answerTunnel",
  // Somebody's own look at a list.
  "chooseListColumns",
];

/** Whether a declaration mentions `wanted`, or something of this code base that does, and so on. */
function reaches(
  modules: Map<string, SourceModule>,
  path: string,
  name: string,
  wanted: string,
  seen: Set<string>,
): boolean {
  const module = modules.get(path);
  const mentioned = module?.mentions.get(name);
  if (!module || !mentioned || seen.has(`${path} ${name}`)) return false;
  seen.add(`${path} ${name}`);
  if (mentioned.has(wanted)) return true;
  return [...mentioned].some((each) => {
    const imported = module.importedNames.get(each) ?? { from: path, name: each };
    return reaches(modules, imported.from, imported.name, wanted, seen);
  });
}

/** One sentence per verb that asks for a capability and records no audit entry on any way. */
export function findUnauditedVerbs(modules: SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  return modules
    .filter(({ path }) => /^server\/(?:resources|flows)\//.test(path))
    .flatMap(({ path, mentions }) =>
      [...mentions]
        .filter(([name, mentioned]) => mentioned.has("requireCan") && !CHANGE_NOTHING.includes(name))
        .filter(([name]) => !reaches(byPath, path, name, "recordAudit", new Set()))
        .map(([name]) => `${path} lets ${name} change something without an audit entry`),
    );
}

/** One sentence per file and rule that it breaks. */
export function findBrokenRules(modules: SourceModule[]): string[] {
  return modules.flatMap((module) =>
    RULES.filter((rule) => rule.breaks(module)).map((rule) => `${module.path} ${rule.says}`),
  );
}
