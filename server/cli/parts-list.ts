// The parts of a release, out of npm's list of all that is installed.

/** What this code reads of CycloneDX. */
export interface PartsList {
  components: { "bom-ref": string; group?: string; name: string; version: string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** The packages of a lock file by their paths. */
export type Locked = Record<string, { version?: string; dev?: boolean }>;

/**
 * @returns the list without the packages that only develop: every place where the lock file has such a version is marked so. `npm sbom --omit=dev`
 * leaves out whatever a package of development asks for too, as React and zod.
 */
export function deliveredParts<T extends PartsList>(list: T, locked: Locked): T {
  const delivered = new Set(
    Object.entries(locked).flatMap(([path, { version, dev }]) =>
      path === "" || dev
        ? []
        : [`${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`],
    ),
  );
  const nameOf = ({ group, name, version }: PartsList["components"][number]) =>
    `${group ? `${group}/` : ""}${name}@${version}`;
  const components = list.components.filter((component) => delivered.has(nameOf(component)));
  const taken = new Set(list.components.map((component) => component["bom-ref"]));
  for (const component of components) taken.delete(component["bom-ref"]);
  const dependencies = list.dependencies
    .filter(({ ref }) => !taken.has(ref))
    .map((each) => ({ ...each, dependsOn: (each.dependsOn ?? []).filter((ref) => !taken.has(ref)) }));
  return { ...list, components, dependencies };
}
