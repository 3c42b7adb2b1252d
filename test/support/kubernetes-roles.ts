// The rights that the manifests give to the controller, by which the test's API server judges each of its calls.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { MANIFESTS_DIR } from "#server/controller/manifest-files.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}
// biome-ignore lint/suspicious/noExplicitAny: a manifest is read as it is written
export type Manifest = any;

export const readManifests = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(MANIFESTS_DIR, file), "utf8")).map((document) => document.toJS());

export interface Asked {
  group: string;
  /** With its subresource, such as `deliveryflows/status`. */
  resource: string;
  verb: string;
  /** Empty for the whole cluster. */
  namespace: string;
  name: string;
}

/** @param mapped the namespaces in which namespace.yaml was applied */
export function makeMayController(mapped: readonly string[]): (asked: Asked) => boolean {
  const manifests = readManifests("controller.yaml");
  const cluster: Rule[] = manifests.find(({ kind }) => kind === "ClusterRole").rules;
  const own = manifests.find(({ kind }) => kind === "Role");
  const [secrets] = readManifests("namespace.yaml");
  return ({ group, resource, verb, namespace, name }) => {
    const rules = [
      ...cluster,
      ...(namespace === own.metadata.namespace ? own.rules : []),
      ...(mapped.includes(namespace) ? secrets.rules : []),
    ] as Rule[];
    return rules.some(
      (rule) =>
        rule.apiGroups.includes(group) &&
        rule.resources.includes(resource) &&
        rule.verbs.includes(verb) &&
        (!rule.resourceNames || rule.resourceNames.includes(name)),
    );
  };
}

/** Each right that the manifests give, as `verb resource`. */
export const allRights = (): string[] =>
  [...readManifests("controller.yaml"), ...readManifests("namespace.yaml")]
    .flatMap(({ rules = [] }: { rules?: Rule[] }) => rules)
    .flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)));
