// Which part of the code may import which. The one direction is app → components → contracts and
// roles → transports → verbs → leaves; stages hand over to each other through the database alone.
import { posix } from "node:path";
import type { Import, SourceModule } from "./import-graph.ts";

/** The single files at the top of server/. One that is not listed here has no place yet, and the test asks for one. */
const LEAVES = {
  env: ["env", "env-login", "env-mail", "env-spool", "env-traces", "env-values"],
  ids: ["ids"],
  jobs: ["jobs"],
};

/** What knows neither the database nor a role. */
const PLAIN = ["contracts", "json", "errors", "ids", "jobs", "payload", "crypto", "process", "wire"];
const DATABASE = [...PLAIN, "database", "config", "batch", "pipeline"];
/** What the stages stand on: batch writing, and the life of an event. */
const STAGE = [...DATABASE, "events"];
const ROLE = [...DATABASE, "env", "egress", "sandbox"];

/** Values and types that may cross, from the zone before the colon to those after it. A zone may always import itself. */
const ALLOWED: Record<string, string[]> = {
  app: ["components", "api", "web", "contracts"],
  // The filter editor judges with the filter's own code: it is pure.
  components: ["contracts", "json", "rules"],
  json: [],
  errors: [],
  ids: [],
  jobs: [],
  crypto: [],
  wire: [],
  shares: [],
  process: [],
  contracts: ["json"],
  payload: ["contracts", "json"],
  rules: ["contracts", "json"],
  providers: ["contracts", "crypto", "json"],
  env: ["wire", "egress", "contracts"],
  egress: ["contracts", "wire"],
  "object-store": ["contracts", "egress"],
  mail: [...DATABASE, "env"],
  batch: ["process", "json"],
  pipeline: ["database", "wire"],
  database: [...PLAIN, "generated"],
  config: [...PLAIN, "database"],
  masking: [...STAGE, "rules"],
  judging: ["contracts", "payload", "json", "rules"],
  sandbox: ["contracts", "json", "judging", "rules", "providers"],
  events: DATABASE,
  live: [...DATABASE, "events"],
  metrics: [...PLAIN, "batch", "events", "generated"],
  auth: [...DATABASE, "generated", "egress", "sandbox", "shares", "docs", "ingest", "tunnel"],
  resources: [
    ...PLAIN,
    "shares",
    "events",
    "demo",
    "endpoints",
    "replay",
    "retention",
    "masking",
    "ingest",
    "issues",
    "metrics",
    "auth",
    "rules",
    "providers",
    "egress",
    "object-store",
    "mail",
    "generated",
  ],
  flows: [...PLAIN, "auth", "resources", "events", "providers", "database", "generated"],
  versions: [...PLAIN, "events", "metrics", "auth", "resources", "generated"],
  replay: STAGE,
  api: [...PLAIN, "shares", "auth", "resources", "flows", "versions", "live", "metrics", "generated"],
  mcp: [...PLAIN, "auth", "docs", "resources", "api"],
  ingest: [...STAGE, "providers", "shares", "live"],
  // The door's writer for the time in which the database is away.
  spool: [...STAGE, "env", "ingest", "shares"],
  routing: [...STAGE, "rules", "shares", "judging", "providers"],
  delivery: [...STAGE, "rules", "egress", "object-store", "shares", "mail"],
  tunnel: [...STAGE, "delivery", "live"],
  rollups: [...DATABASE, "events"],
  demo: DATABASE,
  issues: STAGE,
  endpoints: [...STAGE, "issues"],
  backup: [...DATABASE, "retention"],
  docs: ["contracts", "providers"],
  doctor: [...ROLE, "gateway", "mail", "object-store", "retention", "spool", "start"],
  retention: [...DATABASE, "events", "masking"],
  people: [...PLAIN, "auth", "egress", "generated"],
  web: [...ROLE, "shares", "live", "api", "auth", "egress", "people"],
  telemetry: [...PLAIN, "shares", "env", "ingest", "delivery"],
  gateway: [...ROLE, "shares", "live", "events", "ingest", "spool", "retention", "api", "auth", "mcp", "telemetry"],
  // It is published by itself.
  sdk: [],
  // It runs on the machine of whoever brings something, and is published with the command line.
  import: ["contracts", "json"],
  cli: ["sdk", "import", ...ROLE, "auth", "backup", "people", "start", "generated"],
  // A client of the REST API: it knows no database.
  controller: ["sdk", "contracts", "process"],
  start: [...ROLE, "auth"],
  worker: [
    ...ROLE,
    "shares",
    "live",
    "events",
    "routing",
    "delivery",
    "replay",
    "retention",
    "masking",
    "rollups",
    "demo",
    "issues",
    "endpoints",
    "mail",
    "tunnel",
    "telemetry",
  ],
};

/** What may cross as a type besides: it names the shape of something that is handed in. */
const ALLOWED_TYPES: Record<string, string[]> = {
  components: ["api"],
  gateway: ["providers"],
  auth: ["env"],
  people: ["env"],
  metrics: ["auth"],
  process: ["env"],
  routing: ["sandbox"],
  judging: ["database", "config", "events"],
  sandbox: ["database", "config", "events"],
};

/** The folders of components/ that every page stands on, and what each may import of the others. */
const GROUND: Record<string, string[]> = {
  ui: [],
  data: ["ui"],
  live: ["ui", "data"],
  "resource-form": ["ui", "data"],
};

/** Scripts that a person starts by hand: they wire parts together as a role does. */
const SCRIPTS = ["server/cli/admin.ts", "server/controller/write-manifests.ts"];

/** Packages and modules whose values only the named places import; a name that ends in a slash is a directory. */
const RESERVED: Record<string, string[]> = {
  pg: ["server/database/db.ts", "server/database/primary-client.ts", "server/start/"],
  "@prisma/adapter-pg": ["server/database/prisma.ts"],
  "graphile-worker": ["server/database/migrate.ts", "worker/"],
  "@kubernetes/client-node": ["server/controller/"],
  "@nats-io/transport-node": ["server/spool/"],
  "@nats-io/jetstream": ["server/spool/"],
  nodemailer: ["server/mail/"],
  undici: ["server/egress/"],
  "@aws-sdk/client-s3": ["server/object-store/"],
  "quickjs-emscripten": ["server/sandbox/"],
  fastify: ["server/api/", "server/gateway/"],
  react: ["app/", "components/", "server/api/rsc.tsx"],
  next: ["app/", "components/", "server/web/", "server/api/rsc.tsx"],
  "node:process": ["server/env.ts"],
  "server/database/migrate.ts": ["server/start/", "server/doctor/", "server/backup/", "server/cli/admin.ts"],
  "server/database/prisma.ts": ["server/auth/", "server/cli/"],
};

/** What a pure zone may import from outside the project, as type or value: nothing that could do I/O. */
const PURE: Record<string, string[]> = {
  json: [],
  contracts: ["zod", "re2js"],
  rules: ["zod", "re2js", "node:crypto", "node:buffer"],
  providers: ["zod", "node:crypto", "node:buffer", "node:querystring", "node:zlib"],
  shares: [],
  sdk: [],
  import: [],
};

/** `server/rules/retry.ts` is in `rules`, `server/database/db.ts` in `database`, `worker/main.ts` in `worker`; undefined has no place. */
function zoneOf(path: string): string | undefined {
  const [top = "", directory = ""] = path.split("/");
  if (top !== "server") return top;
  if (path.split("/").length > 2) return directory;
  const leaf = directory.replace(/\.ts$/, "");
  return Object.entries(LEAVES).find(([, names]) => names.includes(leaf))?.[0];
}

const isWithin = (path: string, places: string[]) =>
  places.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place));

function judgeLocal(from: string, { to, isType }: Import): string | undefined {
  const [fromZone = "", toZone = ""] = [zoneOf(from), zoneOf(to)];
  const allowed = [...(ALLOWED[fromZone] ?? []), ...(isType ? (ALLOWED_TYPES[fromZone] ?? []) : [])];
  const onGround = judgeGround(from, to);
  if (onGround) return onGround;
  if (fromZone === toZone || allowed.includes(toZone) || SCRIPTS.includes(from)) return undefined;
  return `${from} imports ${isType ? "types of " : ""}${to}: ${fromZone} may import ${allowed.join(", ") || "nothing"}`;
}

/** The ground of the pages knows no page. */
function judgeGround(from: string, to: string): string | undefined {
  const [[zone, folder = ""], [toZone, toFolder = ""]] = [from.split("/"), to.split("/")];
  const allowed = GROUND[folder];
  if (zone !== "components" || toZone !== "components" || !allowed || toFolder === folder) return undefined;
  return allowed.includes(toFolder)
    ? undefined
    : `${from} imports ${to}: components/${folder} may import ${allowed.join(", ") || "no other folder of components"}`;
}

function judgeOutside(from: string, { to }: Import): string | undefined {
  const pure = PURE[zoneOf(from) ?? ""];
  return pure && !pure.includes(to) ? `${from} imports ${to}: ${zoneOf(from)} is pure` : undefined;
}

function judgeReserved(from: string, { to, isType }: Import): string | undefined {
  const places = RESERVED[to];
  return places && !isType && !isWithin(from, places)
    ? `${from} imports ${to}: only ${places.join(", ")} may`
    : undefined;
}

/** One spelling: `./` inside a folder, `#server/…` across folders. Next's pages and the files at the root have no subpath. */
function judgeSpelling(from: string, { specifier, to, isLocal }: Import): string | undefined {
  if (!isLocal || zoneOf(from) === "app" || !to.includes("/")) return undefined;
  const isSameFolder = posix.dirname(from) === posix.dirname(to);
  const isWellSpelt = isSameFolder ? specifier.startsWith("./") : specifier.startsWith("#");
  return isWellSpelt ? undefined : `${from} imports ${specifier}: ${isSameFolder ? "write ./" : "write #"} here`;
}

/** One sentence per import that goes the wrong way. Tests may import everything. */
export function findForbiddenImports(modules: SourceModule[]): string[] {
  return modules
    .filter((module) => zoneOf(module.path) !== "test")
    .flatMap(({ path, imports }) => {
      const zone = zoneOf(path);
      if (zone === undefined || !(zone in ALLOWED)) return [`${path} has no place in the layout`];
      return imports.flatMap((one) => [
        one.isLocal ? judgeLocal(path, one) : judgeOutside(path, one),
        judgeReserved(path, one),
      ]);
    })
    .filter((sentence) => sentence !== undefined);
}

/** One sentence per import that is spelt another way than its neighbours. */
export const findMisspeltImports = (modules: SourceModule[]): string[] =>
  modules.flatMap(({ path, imports }) =>
    imports.map((one) => judgeSpelling(path, one)).filter((sentence) => sentence !== undefined),
  );
