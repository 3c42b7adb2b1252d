// Drift in words. Pure.
import type { Flow, FlowAuthor } from "#server/contracts/flow.ts";
import { shortPath } from "./version-words.ts";

/** Who changed it, by the audit log. */
export const driftAuthor = (author: Omit<FlowAuthor, "at"> | null): string =>
  author === null
    ? "somebody"
    : (author.actor_name ?? (author.actor_kind === "system" ? "the product" : author.actor_id));

const TOLD = 3;

/** What the graph says of each resource that is not as its file says, by id. */
export function driftWords(flows: readonly Flow[]): ReadonlyMap<string, string> {
  const entries = flows.flatMap(({ name, resources }) =>
    resources
      .filter(({ drift }) => drift.length > 0)
      .map(({ id, drift }) => {
        const fields = drift.slice(0, TOLD).map(({ path }) => shortPath(path));
        const more = drift.length - fields.length;
        const what = fields.join(", ") + (more > 0 ? ` and ${more} more` : "");
        const by = driftAuthor(drift.find(({ changed_by }) => changed_by !== null)?.changed_by ?? null);
        return [id, `Drifted from the flow ${name}: ${by} changed ${what}`] as const;
      }),
  );
  return new Map(entries);
}
