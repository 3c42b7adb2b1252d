// The file that a DeliveryFlow stands for: its spec as it is, but for the Secrets of the namespace, which the file names as values
// that come with the call.
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { FLOW_API_VERSION, FLOW_KIND } from "#server/contracts/flow.ts";
import { type DeliveryFlow, type FlowProblem, USABLE_LABEL } from "./delivery-flow.ts";

/** A Secret as the cluster has it. */
export interface FoundSecret {
  uid: string;
  version: string;
  labels: Record<string, string>;
  /** Decoded. */
  values: Record<string, string>;
}

/** Undefined where there is none, or where the controller may not read it. */
export type FindSecret = (name: string) => Promise<FoundSecret | undefined>;

export interface FlowFile {
  text: string;
  /** By the names that the text has for them. */
  secrets: Record<string, string>;
  /** Of the Secrets that were read, so that a change of one is a change of the file. */
  versions: string[];
  problems: FlowProblem[];
}

interface Reference {
  name: string;
  key: string;
}

interface Reading {
  problems: FlowProblem[];
  /** By the name in the text. */
  wanted: Map<string, Reference & { path: string }>;
  /** The Secret of the names that stand for an environment. */
  envFrom: string | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Unlike for each Secret and key, and a name as the API takes it. */
function nameOf({ name, key }: Reference): string {
  const hash = createHash("sha256").update(`${name}\n${key}`).digest("hex").slice(0, 12);
  return `${`k8s_${name}_${key}`.replaceAll(/[^A-Za-z0-9_]/g, "_").slice(0, 100)}_${hash}`;
}

function readSecretFrom(value: unknown, path: string, reading: Reading): unknown {
  if (!isRecord(value)) return value;
  const { envFrom, problems, wanted } = reading;
  const ask = (reference: Reference): unknown => {
    const name = nameOf(reference);
    if (!wanted.has(name)) wanted.set(name, { ...reference, path });
    return { env: name };
  };
  if ("secretRef" in value) {
    const { name, key } = isRecord(value.secretRef) ? value.secretRef : {};
    if (typeof name === "string" && typeof key === "string" && Object.keys(value).length === 1)
      return ask({ name, key });
    problems.push({ path: `${path}.secretRef`, message: "Give name and key of a Secret in this namespace." });
    return { existing: true };
  }
  if (typeof value.env !== "string") return value;
  if (envFrom !== null) return ask({ name: envFrom, key: value.env });
  const message =
    "A cluster has no environment: write secretRef with name and key of a Secret, or name the Secret that has this key in the annotation switchyard.dev/env-from.";
  problems.push({ path: `${path}.env`, message });
  return { existing: true };
}

/** JSON that went through a double has lost its digits: what it was cannot be known any more. */
function refuseRounded(value: number, path: string, { problems }: Reading): void {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return;
  const message =
    "Numbers beyond 9007199254740991 lose digits on the way through Kubernetes: apply this flow with switchyard flows apply.";
  problems.push({ path, message });
}

function walk(value: unknown, path: string, reading: Reading): unknown {
  if (typeof value === "number") refuseRounded(value, path, reading);
  if (Array.isArray(value)) return value.map((each, index) => walk(each, `${path}[${index}]`, reading));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const at = `${path}.${key}`;
      return [key, key === "secretFrom" ? readSecretFrom(each, at, reading) : walk(each, at, reading)];
    }),
  );
}

interface TextOptions {
  envFrom: string | null;
  /** The Secret with the API key, which is for nobody else. */
  keySecret: string;
  findSecret: FindSecret;
}

/** Reads a flow and the Secrets that it names. */
export async function flowFileOf(flow: DeliveryFlow, { envFrom, keySecret, findSecret }: TextOptions) {
  const reading: Reading = { problems: [], wanted: new Map(), envFrom };
  const spec = walk(flow.spec ?? {}, "spec", reading);
  const name = flow.metadata?.name ?? "";
  const file: FlowFile = { text: textOf(name, spec), secrets: {}, versions: [], problems: reading.problems };
  const names = new Set([...reading.wanted.values()].map((each) => each.name));
  const found = new Map<string, FoundSecret | undefined>();
  for (const each of names) if (each !== keySecret) found.set(each, await findSecret(each));
  for (const [env, { name: secret, key, path }] of reading.wanted) {
    const value = valueIn(secret, key, found.get(secret), keySecret);
    if (typeof value === "string") file.secrets[env] = value;
    else file.problems.push({ path, ...value });
  }
  for (const [secret, each] of found) if (each) file.versions.push(`${secret} ${each.uid} ${each.version}`);
  return file;
}

/** The same answer whether a Secret is not there or not for flows: nobody learns by a flow which Secrets there are. */
function valueIn(
  name: string,
  key: string,
  secret: FoundSecret | undefined,
  keySecret: string,
): string | { message: string } {
  if (name === keySecret)
    return { message: `The Secret ${name} holds the API key and is for no flow: name another Secret.` };
  if (secret?.labels[USABLE_LABEL] !== "true") {
    const message = `There is no Secret ${name} in this namespace that flows may use: make it, let the controller read it, and label it ${USABLE_LABEL}=true.`;
    return { message };
  }
  const value = secret.values[key];
  return value === undefined || value === ""
    ? { message: `The Secret ${name} has no value under the key ${key}: add it, or name another key.` }
    : value;
}

function textOf(name: string, spec: unknown): string {
  const head = { apiVersion: FLOW_API_VERSION, kind: FLOW_KIND, metadata: { name } };
  return stringify({ ...head, spec }, { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

/** A flow that declares nothing: applied with prune, it deletes what the flow owns. */
export const emptyText = (name: string): string => textOf(name, {});
