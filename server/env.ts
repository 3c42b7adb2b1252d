// The configuration of a process, and the only reader of process.env: everything else takes an `Env`, so a test can pass
// its own.
import { z } from "zod";
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from "#server/contracts/password-length.ts";
import { type LoginProviderSettings, PROVIDER_ROLES, readLoginProvider } from "./env-login.ts";
import { isSender, isSmtpUrl, type MailSettings, readMail } from "./env-mail.ts";
import { readSpool, type SpoolSettings } from "./env-spool.ts";
import { readTraces, TRACE_VARIABLES, type TraceSettings } from "./env-traces.ts";
import {
  isIssuer,
  isLoopbackHost,
  isOriginUrl,
  isPostgresUrl,
  isUrlOf,
  listOf,
  readAllowEntry,
  readCidr,
  readDomain,
  splitList,
  wholeNumber,
} from "./env-values.ts";

export const ROLES = ["gateway", "web", "worker"] as const;
export type Role = (typeof ROLES)[number];

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const LOOPBACK_CIDRS = ["127.0.0.0/8", "::1/128"];
const MIN_SECRET_CHARS = 32;

export interface Env {
  /** Port of the dashboard; 0 asks for any free one. */
  port: number;
  /** Port of the door and the REST API; 0 asks for any free one. */
  gatewayPort: number;
  /** The address both ports bind to. */
  host: string;
  /** Undefined means that the embedded Postgres is to be used. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** A directory on the disk of the database, where that is on this machine. */
  databaseDisk: string | undefined;
  /** The room for locks of the embedded Postgres, as its `max_locks_per_transaction`; undefined: what is enough for most. */
  embeddedPostgresLocks: number | undefined;
  /** At least 32 characters; undefined until the start script has made one. */
  secret: string | undefined;
  /** What opens stored secrets too: the secret before, or the one to come. */
  otherSecret: string | undefined;
  /** A key to register for team `tm_default` at start. */
  apiKey: string | undefined;
  /** Who owns team `tm_default`, made at the first start that names them. */
  owner: { email: string; password: string } | undefined;
  /** Base of ingest URLs and of `/v1`, without a trailing slash. */
  publicGatewayUrl: string;
  /** Where people open the dashboard, without a trailing slash: passkeys and the log-in provider know it by this name. */
  publicDashboardUrl: string;
  /** The company's own log-in; undefined where there is none. */
  loginProvider: LoginProviderSettings | undefined;
  /** Undefined: no e-mail is sent. */
  mail: MailSettings | undefined;
  /** Where the door keeps what comes while the database is away; undefined: nowhere, and senders are asked to come again. */
  spool: SpoolSettings | undefined;
  /** CIDRs whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** `[team@]range[:port]`: ranges that deliveries may reach although they are not public. */
  egressAllow: string[];
  retentionDays: number;
  /** How many destinations one worker serves at once. */
  workerLanes: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Undefined: no traces are sent. */
  traces: TraceSettings | undefined;
  roles: Role[];
  /** Whether the dashboard has its gallery of components at `/gallery`. */
  showsGallery: boolean;
}

/** The configuration of a role process: the start script has filled in what an embedded start leaves open. */
export type RoleEnv = Env & { databaseUrl: string; secret: string };

/** Bad configuration. `message` has one sentence with its remedy per bad variable, one a line, and never a secret. */
export class EnvError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.name = "EnvError";
    this.problems = problems;
  }
}

interface Variable {
  schema: z.ZodType;
  /** Follows the variable's name in a sentence: "PORT must be …". Without one the schema's own message does. */
  rule?: string;
}

const port: Variable = {
  schema: wholeNumber(0, 65_535),
  rule: "must be a port from 1 to 65535 (or 0 for any free one)",
};

const RoleList = z
  .string()
  .transform(splitList)
  .pipe(z.array(z.enum(ROLES)).min(1));

const VARIABLES = {
  PORT: port,
  GATEWAY_PORT: port,
  HOST: {
    schema: z.string().regex(/^[A-Za-z0-9.:-]+$/),
    rule: "must be an address or host name to bind to, such as 127.0.0.1 or 0.0.0.0",
  },
  DATABASE_URL: {
    schema: z.string().refine(isPostgresUrl),
    rule: "must be a Postgres URL such as postgresql://user:password@host:5432/database; unset it to use the embedded Postgres",
  },
  DATA_DIR: { schema: z.string().refine((dir) => !dir.includes("\0")), rule: "must be a directory path" },
  EMBEDDED_POSTGRES_LOCKS: {
    schema: wholeNumber(64, 100_000),
    rule: "must be a whole number of locks for each connection, from 64 to 100000",
  },
  DATABASE_DISK: { schema: z.string().refine((dir) => !dir.includes("\0")), rule: "must be a directory path" },
  SWITCHYARD_SECRET: {
    schema: z.string().min(MIN_SECRET_CHARS),
    rule: `must have at least ${MIN_SECRET_CHARS} characters; make one with: openssl rand -base64 32`,
  },
  SWITCHYARD_OTHER_SECRET: {
    schema: z.string().min(MIN_SECRET_CHARS),
    rule: `must be a secret that SWITCHYARD_SECRET was, or will be, of at least ${MIN_SECRET_CHARS} characters`,
  },
  SWITCHYARD_API_KEY: {
    schema: z.string().regex(/^sy_[A-Za-z0-9_-]{24,200}$/),
    rule: "must be sy_ followed by at least 24 letters, digits, - or _; make one with: echo sy_$(openssl rand -hex 32)",
  },
  SWITCHYARD_OWNER_EMAIL: { schema: z.email(), rule: "must be an e-mail address such as owner@example.com" },
  SWITCHYARD_OWNER_PASSWORD: {
    schema: z.string().min(MIN_PASSWORD_CHARS).max(MAX_PASSWORD_CHARS),
    rule: `must have ${MIN_PASSWORD_CHARS} to ${MAX_PASSWORD_CHARS} characters`,
  },
  PUBLIC_GATEWAY_URL: {
    schema: z.string().refine((text) => isUrlOf(text, ["http:", "https:"])),
    rule: "must be an http or https URL such as https://hooks.example.com",
  },
  PUBLIC_DASHBOARD_URL: {
    schema: z.string().refine(isOriginUrl),
    rule: "must be an http or https URL without a path, such as https://switchyard.example.com",
  },
  OIDC_ISSUER: {
    schema: z.string().refine(isIssuer),
    rule: "must be the https URL of your log-in provider, as it names itself, such as https://login.example.com",
  },
  OIDC_CLIENT_ID: { schema: z.string().max(500), rule: "must be the id that your log-in provider gave out for this" },
  OIDC_CLIENT_SECRET: { schema: z.string().max(2_000), rule: "must be the secret that belongs to OIDC_CLIENT_ID" },
  OIDC_NAME: { schema: z.string().max(60), rule: "must be what people call the log-in, in at most 60 characters" },
  OIDC_ALLOWED_DOMAINS: { schema: listOf(readDomain) },
  OIDC_ROLE: { schema: z.enum(PROVIDER_ROLES), rule: `must be one of ${PROVIDER_ROLES.join(", ")}` },
  SMTP_URL: {
    schema: z.string().refine(isSmtpUrl),
    rule: "must be the URL of a mail server, such as smtp://user:password@mail.example.com:587 or smtps://…, without a path",
  },
  SMTP_FROM: {
    schema: z.string().max(320).refine(isSender),
    rule: "must be an e-mail address, alone or as Switchyard <alerts@example.com>",
  },
  SPOOL_URL: {
    schema: z
      .string()
      .transform(readSpool)
      .refine((read) => read !== null),
    rule: "must be the URL of NATS servers such as tls://user:password@nats-1:4222,nats-2:4222,nats-3:4222/switchyard?replicas=3&max_mb=1024, with 1, 3 or 5 replicas and 16 to 1000000 MB",
  },
  TRUSTED_PROXIES: { schema: listOf(readCidr) },
  EGRESS_ALLOW: { schema: listOf(readAllowEntry) },
  RETENTION_DAYS: { schema: wholeNumber(1, 3650), rule: "must be a whole number of days from 1 to 3650" },
  WORKER_LANES: { schema: wholeNumber(1, 1000), rule: "must be a whole number from 1 to 1000" },
  LOG_LEVEL: { schema: z.enum(LOG_LEVELS), rule: `must be one of ${LOG_LEVELS.join(", ")}` },
  ...TRACE_VARIABLES,
  SWITCHYARD_ROLES: { schema: RoleList, rule: `must be a comma-separated list of ${ROLES.join(", ")}` },
  SWITCHYARD_GALLERY: { schema: z.enum(["0", "1"]).transform((text) => text === "1"), rule: "must be 0 or 1" },
} satisfies Record<string, Variable>;

type VariableName = keyof typeof VARIABLES;

// An empty EGRESS_ALLOW is a decision (nothing private is reachable); any other empty variable is an unset one.
const isUnset = (name: string, text: string | undefined) =>
  text === undefined || (text.trim() === "" && name !== "EGRESS_ALLOW");

function readVariables(source: Record<string, string | undefined>) {
  const values: Partial<Record<VariableName, unknown>> = {};
  const problems: string[] = [];
  for (const [name, { schema, rule }] of Object.entries<Variable>(VARIABLES)) {
    const text = source[name];
    if (isUnset(name, text)) continue;
    const result = schema.safeParse(text?.trim());
    if (result.success) values[name as VariableName] = result.data;
    else problems.push(`${name} ${rule ?? result.error.issues[0]?.message}.`);
  }
  const read = <T>(name: VariableName, fallback: T) => (values[name] ?? fallback) as T;
  return { read, problems };
}

/** `http://host:port` as a browser on this machine can open it: a wildcard address is shown as 127.0.0.1. */
export function httpUrl(host: string, port: number): string {
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

/** {@link httpUrl} by the one name that every machine has for itself: browsers keep no passkey for an address. */
const nameUrl = (host: string, port: number) => httpUrl(isLoopbackHost(host) ? "localhost" : host, port);

/**
 * Reads the configuration that the README lists out of `source`.
 * Throws one {@link EnvError} that names every bad variable with its remedy.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const { read, problems } = readVariables(source);
  const host = read("HOST", "127.0.0.1");
  const gatewayPort = read("GATEWAY_PORT", 3001);
  const databaseUrl = read<string | undefined>("DATABASE_URL", undefined);
  const ownerEmail = read<string | undefined>("SWITCHYARD_OWNER_EMAIL", undefined);
  const ownerPassword = read<string | undefined>("SWITCHYARD_OWNER_PASSWORD", undefined);
  const isOpenToThisMachine = databaseUrl === undefined && isLoopbackHost(host);
  const env: Env = {
    port: read("PORT", 3000),
    gatewayPort,
    host,
    databaseUrl,
    dataDir: read("DATA_DIR", ".switchyard"),
    databaseDisk: read<string | undefined>("DATABASE_DISK", undefined),
    embeddedPostgresLocks: read<number | undefined>("EMBEDDED_POSTGRES_LOCKS", undefined),
    secret: read<string | undefined>("SWITCHYARD_SECRET", undefined),
    otherSecret: read<string | undefined>("SWITCHYARD_OTHER_SECRET", undefined),
    apiKey: read<string | undefined>("SWITCHYARD_API_KEY", undefined),
    owner: ownerEmail && ownerPassword ? { email: ownerEmail.toLowerCase(), password: ownerPassword } : undefined,
    publicGatewayUrl: read("PUBLIC_GATEWAY_URL", httpUrl(host, gatewayPort)).replace(/\/+$/, ""),
    publicDashboardUrl: read("PUBLIC_DASHBOARD_URL", nameUrl(host, read("PORT", 3000))).replace(/\/+$/, ""),
    loginProvider: readLoginProvider(read, problems),
    mail: readMail({ url: read("SMTP_URL", ""), from: read("SMTP_FROM", "") }, problems),
    spool: read<SpoolSettings | undefined>("SPOOL_URL", undefined),
    trustedProxies: read("TRUSTED_PROXIES", LOOPBACK_CIDRS),
    egressAllow: read("EGRESS_ALLOW", isOpenToThisMachine ? LOOPBACK_CIDRS : []),
    retentionDays: read("RETENTION_DAYS", 30),
    workerLanes: read("WORKER_LANES", 50),
    logLevel: read("LOG_LEVEL", "info"),
    traces: readTraces(read),
    roles: read("SWITCHYARD_ROLES", [...ROLES]),
    showsGallery: read("SWITCHYARD_GALLERY", false),
  };
  if (env.otherSecret === env.secret) env.otherSecret = undefined;
  if (env.port === env.gatewayPort && env.port !== 0) {
    problems.push(`PORT and GATEWAY_PORT are both ${env.port}; give them two different ports.`);
  }
  if (problems.length === 0 && (ownerEmail === undefined) !== (ownerPassword === undefined)) {
    problems.push("SWITCHYARD_OWNER_EMAIL and SWITCHYARD_OWNER_PASSWORD make the owner together: set both or none.");
  }
  if (databaseUrl !== undefined && env.secret === undefined && problems.length === 0) {
    problems.push(
      "SWITCHYARD_SECRET is required with DATABASE_URL, since every process must share it; make one with: openssl rand -base64 32",
    );
  }
  if (problems.length > 0) throw new EnvError(problems);
  return env;
}

/** {@link parseEnv} of this process. */
export const loadEnv = (): Env => parseEnv(process.env);

/** The environment of a process that runs one role on its own; it must name the database and the secret. */
export function loadRoleEnv(): RoleEnv {
  const env = loadEnv();
  const { databaseUrl, secret } = env;
  if (databaseUrl === undefined || secret === undefined) {
    throw new EnvError(["DATABASE_URL and SWITCHYARD_SECRET must be set to run one role alone; npm start sets both."]);
  }
  return { ...env, databaseUrl, secret };
}

/** The variables of this process with `overrides` on top, for a child process. An override of undefined removes the variable. */
export const childEnv = (overrides: Record<string, string | undefined>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...overrides,
});
