// What a team's answers have told: ids that exist, names, cursors, event types. Requests are made of these.
const KEPT_PER_FIELD = 12;

const ID = /^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$/;
export const IDS = /\b[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}\b/g;

export type Pool = ReturnType<typeof makePool>;

/** `source_id`, `source` and `sources` name the resources below `/v1/sources`. */
export const resourceOf = (field: string): string =>
  `${field
    .replace(/_ids?$/, "")
    .replaceAll("_", "-")
    .replace(/s$/, "")}s`;

/** @param untouchable texts that no request may name, such as the id of the key that the run itself uses */
export function makePool(untouchable: ReadonlySet<string>) {
  const ofResource = new Map<string, unknown[]>();
  const ofField = new Map<string, unknown[]>();
  function keep(map: Map<string, unknown[]>, name: string, value: unknown) {
    if (untouchable.has(String(value))) return;
    const kept = map.get(name) ?? [];
    map.set(name, kept);
    if (kept.includes(value)) return;
    kept.push(value);
    if (kept.length > KEPT_PER_FIELD) kept.shift();
  }
  function learnField(resource: string, name: string, value: unknown) {
    if (typeof value !== "string" && typeof value !== "number") return;
    if (name === "id" || name === "number") keep(ofResource, resource, value);
    else if (typeof value === "string" && ID.test(value)) keep(ofResource, resourceOf(name), value);
    keep(ofField, name, value);
  }
  function learn(resource: string, answer: unknown, depth = 0): void {
    if (typeof answer !== "object" || answer === null || depth > 6) return;
    // The newest last; of long lists a few are enough.
    if (Array.isArray(answer)) {
      for (const each of answer.slice(0, KEPT_PER_FIELD)) learn(resource, each, depth + 1);
      return;
    }
    for (const [name, value] of Object.entries(answer)) {
      learnField(resource, name, value);
      learn(depth === 0 && name === "data" ? resource : resourceOf(name), value, depth + 1);
    }
  }
  return {
    learn,
    /** Adds the id of a resource. */
    add: (resource: string, id: unknown) => keep(ofResource, resource, id),
    /** It is gone. */
    forget(resource: string, id: unknown) {
      const kept = ofResource.get(resource);
      if (kept?.includes(id)) kept.splice(kept.indexOf(id), 1);
    },
    ids: (resource: string): readonly unknown[] => ofResource.get(resource) ?? [],
    values: (field: string): readonly unknown[] => ofField.get(field) ?? [],
  };
}
