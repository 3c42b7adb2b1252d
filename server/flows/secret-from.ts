// Secrets as a file names them: never by their value.
import { z } from "zod";
import { SECRET_AUTH_FIELDS } from "#server/contracts/source.ts";
import { fieldIssues } from "#server/errors/field-issues.ts";
import type { SecretFrom, Secrets } from "./declared.ts";
import { below, camel, type Fields, type Noting, snake } from "./spelling.ts";

const SecretSource = z.strictObject({
  secretFrom: z.union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "Use letters, digits and underscores.") }),
    z.strictObject({ existing: z.literal(true) }),
  ]),
});
const REMEDY =
  "A secret does not stand in the file: write secretFrom with env and the name of a value that is sent with the call, or with existing: true to keep what is there.";

const OF_CLUSTER =
  "A secretRef names a Secret of a Kubernetes cluster, which the controller there reads: write env with the name of a value that is sent with the call.";

/** A secret that stays as it is, as a file says it. */
const EXISTING = { secretFrom: { existing: true } } as const;

function readSecret(value: unknown, noting: Noting, path: string): SecretFrom | null {
  if (value === null) return null;
  const read = SecretSource.safeParse(value);
  if (read.success) return read.data.secretFrom;
  const isMeant = typeof value === "object" && "secretFrom" in value;
  const from = isMeant ? value.secretFrom : undefined;
  if (typeof from === "object" && from !== null && "secretRef" in from) {
    noting.problem(below(path, "secretFrom.secretRef"), OF_CLUSTER);
    return null;
  }
  const [issue] = isMeant ? fieldIssues(read.error) : [];
  noting.problem(issue ? below(path, issue.path) : path, issue?.message ?? REMEDY);
  return null;
}

/** Values all of which are secrets: headers and env. @param file where they stand, which is their path in the API below `api` too */
export function readSecrets(value: unknown, noting: Noting, file: string, api: string): Secrets {
  noting.place(api, file);
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    noting.problem(file, "Give names, each with its secretFrom.");
    return {};
  }
  const read: Secrets = {};
  for (const [name, each] of Object.entries(value)) {
    noting.place(below(api, name), below(file, name));
    const from = readSecret(each, noting, below(file, name));
    if (from) read[name] = from;
  }
  return read;
}

const SECRET_FIELDS: ReadonlySet<string> = new Set(SECRET_AUTH_FIELDS);
export const isSecretField = (name: string): boolean => SECRET_FIELDS.has(name);
/** Their way through a rotation is no matter of a file. */
const KEPT_FIELDS = /^(?:previous|ended)_/;

/** `auth`: its secrets apart from what may be read. */
export function readAuth(value: unknown, noting: Noting): { auth: Fields; secrets: Secrets } {
  noting.place("config.auth", "auth");
  if (value === undefined || value === null) return { auth: {}, secrets: {} };
  if (typeof value !== "object" || Array.isArray(value)) {
    noting.problem("auth", "Give the fields of auth, such as secret.");
    return { auth: {}, secrets: {} };
  }
  const auth: Fields = {};
  const secrets: Secrets = {};
  for (const [key, each] of Object.entries(value)) {
    const [file, field] = [below("auth", key), snake(key)];
    noting.place(`config.auth.${field}`, file);
    if (KEPT_FIELDS.test(field)) {
      noting.problem(file, `Leave ${key} out: what a rotation keeps beside the secret stays as it is.`);
    } else if (!isSecretField(field)) auth[field] = each;
    else {
      const from = readSecret(each, noting, file);
      if (from) secrets[field] = from;
    }
  }
  return { auth, secrets };
}

/** `auth` of what runs, as a file says it. */
export function authToFile(auth: Fields): Fields {
  const entries = Object.entries(auth)
    .filter(([name, value]) => !KEPT_FIELDS.test(name) && value !== null && value !== undefined)
    .map(([name, value]) => [camel(name), isSecretField(name) ? EXISTING : value]);
  return Object.fromEntries(entries);
}

export const secretsToFile = (values: Fields): Fields =>
  Object.fromEntries(Object.keys(values).map((name) => [name, EXISTING]));
