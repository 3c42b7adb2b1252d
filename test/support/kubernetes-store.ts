// What the test's API server keeps: objects by kind, namespace and name, each change with a version of its own, and a history of
// changes from which watches go on.
import { randomUUID } from "node:crypto";
import type { StructuralSchema } from "#server/flows/file-schema.ts";
import { readManifests } from "./kubernetes-roles.ts";
import { pruned } from "./kubernetes-schema.ts";

export interface StoredObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    deletionTimestamp?: string;
    finalizers?: string[];
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    generateName?: string;
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own
  [field: string]: any;
}

export interface Place {
  resource: string;
  namespace: string;
  name: string;
}

export interface Change {
  version: number;
  type: "ADDED" | "MODIFIED" | "DELETED";
  resource: string;
  object: StoredObject;
}

/** An answer that is none of 2xx, as Kubernetes spells it. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

const SCHEMA: StructuralSchema = readManifests("crd.yaml")[0].spec.versions[0].schema.openAPIV3Schema;
const keyOf = ({ resource, namespace, name }: Place) => `${resource}/${namespace}/${name}`;

// biome-ignore lint/suspicious/noExplicitAny: JSON
function merged(target: any, patch: any): any {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const out = typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}

/** What a kube-apiserver refuses of an Event. */
function requireEvent({ metadata, regarding, note = "", ...event }: StoredObject): void {
  const wrong = ["eventTime", "reportingController", "reportingInstance", "action", "reason", "type"].filter(
    (field) => typeof event[field] !== "string" || event[field].length > 128,
  );
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?-?$/.test(metadata.generateName ?? metadata.name))
    wrong.push("metadata.generateName");
  if (regarding?.namespace !== metadata.namespace) wrong.push("regarding.namespace");
  if (Buffer.byteLength(note) > 1_024) wrong.push("note");
  if (wrong.length > 0) throw new Refusal(422, "Invalid", `Event "${metadata.name}" is invalid: ${wrong.join(", ")}`);
}

/** As `time` of Kubernetes: in seconds. */
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

export class KubernetesStore {
  readonly #objects = new Map<string, StoredObject>();
  #history: Change[] = [];
  #version = 1;
  /** Changes up to this version are forgotten. */
  #compacted = 0;
  onChange: (change: Change) => void = () => {};

  get version(): number {
    return this.#version;
  }

  list(resource: string, namespace: string): StoredObject[] {
    const within = namespace === "" ? `${resource}/` : `${resource}/${namespace}/`;
    return [...this.#objects].filter(([key]) => key.startsWith(within)).map(([, object]) => object);
  }

  get(place: Place): StoredObject {
    const found = this.#objects.get(keyOf(place));
    if (!found) throw new Refusal(404, "NotFound", `${place.resource} "${place.name}" not found`);
    return found;
  }

  /** The changes since a version. @throws Refusal with 410 where it is too old */
  since(version: number): Change[] {
    if (version < this.#compacted) throw new Refusal(410, "Expired", `too old resource version: ${version}`);
    return this.#history.filter((change) => change.version > version);
  }

  /** Forgets the history, as etcd does after some minutes. */
  compact(): void {
    this.#version++;
    this.#compacted = this.#version;
    this.#history = [];
  }

  #write(place: Place, object: StoredObject, type: Change["type"]): StoredObject {
    this.#version++;
    const written = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    if (type === "DELETED") this.#objects.delete(keyOf(place));
    else this.#objects.set(keyOf(place), written);
    const change = { version: this.#version, type, resource: place.resource, object: written };
    this.#history.push(change);
    this.onChange(change);
    return written;
  }

  create(place: Place, body: StoredObject): StoredObject {
    const name = body.metadata.name ?? `${body.metadata.generateName}${randomUUID().slice(0, 5)}`;
    const at = { ...place, name };
    if (this.#objects.has(keyOf(at)))
      throw new Refusal(409, "AlreadyExists", `${place.resource} "${name}" already exists`);
    const { status: _, ...rest } = body;
    const metadata = {
      ...body.metadata,
      ...{ name, namespace: place.namespace, uid: randomUUID(), generation: 1, creationTimestamp: now() },
    };
    return this.#write(at, this.#checked(place.resource, { ...rest, metadata } as StoredObject), "ADDED");
  }

  /** @param isStatus the subresource: it takes the status alone, and everything else leaves it as it is */
  change(place: Place, isStatus: boolean, next: (before: StoredObject) => StoredObject): StoredObject {
    const before = this.get(place);
    const wanted = next(before);
    const asked = wanted.metadata?.resourceVersion;
    if (asked !== undefined && asked !== before.metadata.resourceVersion)
      throw new Refusal(
        409,
        "Conflict",
        "the object has been modified; please apply your changes to the latest version",
      );
    const { finalizers, annotations, labels } = wanted.metadata;
    const metadata = isStatus
      ? before.metadata
      : { ...before.metadata, finalizers: finalizers ?? [], annotations: annotations ?? {}, labels: labels ?? {} };
    const own = isStatus ? { ...before, status: wanted.status } : { ...wanted, status: before.status, metadata };
    const checked = this.#checked(place.resource, own as StoredObject);
    const isOther = JSON.stringify(checked.spec) !== JSON.stringify(before.spec);
    checked.metadata = { ...metadata, generation: before.metadata.generation + (isOther ? 1 : 0) };
    if (JSON.stringify(checked) === JSON.stringify(before)) return before;
    const isGone = checked.metadata.deletionTimestamp && checked.metadata.finalizers?.length === 0;
    return this.#write(place, checked, isGone ? "DELETED" : "MODIFIED");
  }

  patch(place: Place, isStatus: boolean, patch: unknown): StoredObject {
    return this.change(place, isStatus, (before) => merged(before, patch));
  }

  delete(place: Place): StoredObject {
    const before = this.get(place);
    if (!before.metadata.finalizers?.length) return this.#write(place, before, "DELETED");
    if (before.metadata.deletionTimestamp) return before;
    const { generation } = before.metadata;
    const metadata = { ...before.metadata, deletionTimestamp: now(), generation: generation + 1 };
    return this.#write(place, { ...before, metadata }, "MODIFIED");
  }

  #checked(resource: string, object: StoredObject): StoredObject {
    if (resource === "events") requireEvent(object);
    if (resource !== "deliveryflows") return object;
    const { apiVersion, kind, metadata, ...rest } = object;
    const problems: string[] = [];
    const kept = pruned(SCHEMA, JSON.parse(JSON.stringify(rest)), "", problems) as object;
    if (problems.length > 0)
      throw new Refusal(422, "Invalid", `DeliveryFlow "${metadata.name}" is invalid: ${problems.join(", ")}`);
    return { apiVersion, kind, metadata, ...kept };
  }
}
