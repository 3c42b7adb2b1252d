// Tenancy, judged call by call: whatever a verb asks of the database names its team.
import { type Argument, type Expression, parseSync, Visitor } from "oxc-parser";

/** Prisma's methods; each takes one object. */
const METHODS =
  /^(find(Many|First|Unique)(OrThrow)?|create(Many)?(AndReturn)?|update(Many)?(AndReturn)?|upsert|delete(Many)?|count|aggregate|groupBy)$/;
/** Raw statements and searches; all of their arguments count. */
const RAW = /^(\$(query|execute)Raw(Unsafe)?|query|run)$/;
/** What an answer holds and how it is ordered keeps no other team's rows out. */
const NO_GUARD = new Set(["select", "include", "orderBy", "take", "skip"]);
const TEAM = /\bteam_?id\b/i;

export interface Source {
  path: string;
  text: string;
}
interface Call {
  /** The declaration at the top of the module in which it stands. */
  within: string;
  line: number;
  /** What of its arguments may keep to a team. */
  guards: string;
}
interface Read {
  calls: Call[];
  /** Text of everything that has a name, by that name; of the same name one after the other. */
  declared: Map<string, string>;
  /** Module that an imported name comes from. */
  imported: Map<string, string>;
}
interface Node {
  start: number;
  end: number;
}

/** The `x` of `a.x`. */
function methodOf(callee: Expression): string | undefined {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  return callee.property.name;
}

/** What may keep a query to a team: a member of that name at any depth, what is spread in, and a whole that comes from elsewhere. */
function guardsOf(node: Argument | Expression): Node[] {
  if (node.type !== "ObjectExpression") return [node];
  return node.properties.flatMap((part) => {
    if (part.type === "SpreadElement") return [part];
    const name = part.key.type === "Identifier" ? part.key.name : "";
    if (NO_GUARD.has(name)) return [];
    if (TEAM.test(name)) return [part.key];
    const isWhole = (name === "where" || name === "data") && part.value.type !== "ObjectExpression";
    return part.value.type === "ObjectExpression" || isWhole ? guardsOf(part.value) : [];
  });
}

function read({ path, text }: Source): Read {
  const { program, module } = parseSync(path, text);
  const slice = ({ start, end }: Node) => text.slice(start, end);
  const tops: { name: string; start: number; end: number }[] = [];
  const result: Read = { calls: [], declared: new Map(), imported: new Map() };
  const declare = (name: string, node: Node) =>
    result.declared.set(name, `${result.declared.get(name) ?? ""}\n${slice(node)}`);
  const note = (node: Node, guards: Node[]) => {
    const within = tops.findLast(({ start, end }) => start <= node.start && node.start < end)?.name ?? "";
    const line = text.slice(0, node.start).split("\n").length;
    result.calls.push({ within, line, guards: guards.map(slice).join("\n") });
  };
  for (const { moduleRequest, entries } of module.staticImports) {
    for (const { localName } of entries) result.imported.set(localName.value, moduleRequest.value);
  }
  for (const statement of program.body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" && declaration.id)
      tops.push({ ...declaration, name: declaration.id.name });
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const one of declaration.declarations)
      if (one.id.type === "Identifier") tops.push({ ...one, name: one.id.name });
  }
  new Visitor({
    FunctionDeclaration(node) {
      if (node.id) declare(node.id.name, node);
    },
    VariableDeclarator({ id, init }) {
      if (!init) return;
      if (id.type === "Identifier") declare(id.name, init);
      if (id.type !== "ObjectPattern") return;
      for (const { value } of id.properties.filter((one) => one.type === "Property")) {
        if (value.type === "Identifier") declare(value.name, init);
      }
    },
    TaggedTemplateExpression(node) {
      if (RAW.test(methodOf(node.tag) ?? "")) note(node, [node.quasi]);
    },
    CallExpression(node) {
      const { callee, arguments: given } = node;
      const method = methodOf(callee) ?? "";
      const isOnModel = callee.type === "MemberExpression" && callee.object.type === "MemberExpression";
      if (RAW.test(method)) note(node, given);
      else if (METHODS.test(method) && isOnModel) note(node, given.slice(0, 1).flatMap(guardsOf));
    },
  }).visit(program);
  return result;
}

/** Names that stand for themselves: of `row.id` only the row's own origin would speak, and that is another call's. */
const namesIn = (text: string) =>
  [...text.replaceAll("...", " ").matchAll(/(?<![.\w$])([A-Za-z_$][\w$]*)(?!\s*[.\w$])/g)].map(
    (match) => match[1] ?? "",
  );

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1);
  return specifier.replace("./", from.slice(0, from.lastIndexOf("/") + 1));
}

/** They answer verbs, so what they ask for is one team's. */
const JUDGED = /^server\/(resources|replay|metrics|versions|flows)\//;

/** Each by file and declaration, with what keeps it to a team instead. */
const TEAMLESS: Record<string, string> = {
  "server/versions/bring-back.ts INSERTS": "adds the version of a transformation that is made for the team",
  "server/versions/restore.ts planRestore": "runs the statements of a plan, which name the team",
  "server/versions/restore.ts restoreIn": "runs the statements of a plan, which name the team",
  "server/versions/restore.ts numberMade": "fires the triggers of this transaction",
  "server/resources/connections.ts removeConnection": "adds a job about a connection that was found for the team",
  "server/resources/destination-breaker.ts releaseGroups":
    "adds a job about a destination that was changed for the team",
  "server/resources/destination-breaker.ts wakeLane": "adds a job about a destination that was changed for the team",
  "server/resources/mail-addresses.ts requireCode": "takes the lock of all codes, then counts for the team that asks",
  "server/resources/demo.ts addJob": "adds a job about the demo of the team that asks",
  "server/resources/erase-request.ts readPlan": "runs the statements of an erasure, which name the team",
  "server/resources/erase-request.ts eraseRequest":
    "runs the statements of an erasure, which name the team, and adds its job",
  "server/resources/endpoints.ts deleteEndpoint": "runs the statements of a removal, which name the team",
  "server/resources/endpoints-of-source.ts disconnectFromEndpoints":
    "runs the statement that cuts a source, which names the team",
  "server/resources/events.ts moveOne": "runs the statement of a move, which names the team",
  "server/resources/events.ts wakeLane": "wakes the lane of an event that was moved for the team",
  "server/resources/notifications.ts testNotification": "adds a job about a connection that was found for the team",
  "server/resources/requests.ts retryRequest": "adds a job about a request that was found for the team",
  "server/resources/stored-days.ts readDisk": "reads the sizes of files, of which a date alone is told",
  "server/resources/schedule-release.ts scheduleRelease": "adds jobs about connections that were changed for the team",
  "server/resources/account.ts getAccount": "reads the person who asks",
  "server/resources/list-columns.ts getListColumns": "reads the person who asks",
  "server/resources/list-columns.ts chooseListColumns": "changes the person who asks",
  "server/resources/sessions.ts listSessions": "reads the sessions of the person who asks, whatever team they look at",
  "server/resources/sessions.ts revokeSession": "ends a session of the person who asks",
  "server/resources/sessions.ts revokeOtherSessions": "ends sessions of the person who asks",
  "server/resources/teams.ts createTeam": "makes the team itself",
  "server/resources/transformations.ts recordVersion": "writes the version of a row that was saved for the team",
  "server/resources/own-source-url.ts refuseOwnSource":
    "asks for every team's keys, since no team may send to any of them",
  "server/resources/seal-clear-secrets.ts sealClearSecrets": "runs once at the start, for all teams",
};

/** One sentence per call of the database that names no team, and per exception that nothing needs any more. */
export function findTeamlessCalls(sources: Source[], excepted = TEAMLESS): string[] {
  const reads = new Map(sources.map((source) => [source.path, read(source)]));

  function isOfTeam(path: string, text: string, seen: Set<string>): boolean {
    if (TEAM.test(text)) return true;
    const module = reads.get(path);
    return namesIn(text).some((name) => {
      const specifier = module?.imported.get(name);
      const home = specifier === undefined ? path : resolve(path, specifier);
      const declared = reads.get(home)?.declared.get(name);
      if (declared === undefined || seen.has(`${home} ${name}`)) return false;
      seen.add(`${home} ${name}`);
      return isOfTeam(home, declared, seen);
    });
  }

  const teamless = [...reads]
    .filter(([path]) => JUDGED.test(path))
    .flatMap(([path, { calls }]) =>
      calls
        .filter(({ guards }) => !isOfTeam(path, guards, new Set()))
        .map(({ within, line }) => ({ place: `${path} ${within}`, at: `${path}:${line}`, within })),
    );
  const needed = new Set(teamless.map(({ place }) => place));
  return [
    ...teamless
      .filter(({ place }) => !(place in excepted))
      .map(({ at, within }) => `${at} asks the database in ${within} without naming the team`),
    ...Object.keys(excepted)
      .filter((place) => !needed.has(place))
      .map((place) => `${place} is excepted and need not be`),
  ];
}
