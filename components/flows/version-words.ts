// A version as a line: what was changed, by whom and on which way.
import { fieldText } from "#components/data/field-table.tsx";
import { ACTIONS } from "#components/settings/audit-words.ts";
import type { VersionChange, VersionField, VersionSummary } from "#server/contracts/version.ts";

const TOLD_NAMES = 3;
const TOLD_CHARS = 32;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const shortly = (text: string) => (text.length > TOLD_CHARS ? `${text.slice(0, TOLD_CHARS)}…` : text);

/** `rate_limit` of `config.rate_limit`, `retry.count` of `rules.retry.count`. */
export const shortPath = (path: string) => path.replace(/^(?:config|rules)\./, "");

function fieldWords({ path, before, after }: VersionField): string {
  const name = shortPath(path);
  if (path === "code") return "code";
  if (after === null) return `no ${name}`;
  const text = shortly(fieldText(after) ?? "");
  return before === null || typeof after === "object" ? `${name} set` : `${name} ${text}`;
}

function changeWords({ action, resource_kind, resource_name, fields }: VersionChange): string {
  const word = capital(ACTIONS[action] ?? action.replaceAll("_", " "));
  if (action === "create" || action === "delete") return `${word} ${resource_kind} ${resource_name}`;
  if (action !== "update" || fields.length === 0) return `${word} ${resource_name}`;
  return `${resource_name}: ${fields.map(fieldWords).join(", ")}`;
}

/** What a version did, in a line. */
export function versionTitle({ changes, changes_count: count, flow, restored_from: from }: VersionSummary): string {
  if (from !== null) return `Restored v${from}`;
  const [first] = changes;
  if (first && count === 1) return changeWords(first);
  const names = changes.slice(0, TOLD_NAMES).map(({ resource_name }) => resource_name);
  const more = count > names.length ? " …" : "";
  return `${count} changes: ${flow ?? names.join(", ") + more}`;
}

type Author = Pick<VersionSummary, "actor_kind" | "actor_id" | "actor_name" | "flow" | "restored_from">;

export const authorName = ({ actor_kind, actor_id, actor_name }: Author): string =>
  actor_name ?? (actor_kind === "system" ? "the product" : actor_id);

const WAYS: Record<string, string> = { user: "by hand", api_key: "by API", system: "by itself" };

/** The way on which a change came. */
export function wayOf({ actor_kind, flow, restored_from: from }: Author): string {
  if (from !== null) return "restore";
  return flow !== null ? "flow file" : (WAYS[actor_kind] ?? "by hand");
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
export const fieldsWords = (count: number) => plural(count, "field");
export const changesWords = (count: number) => plural(count, "change");

interface Outcomes {
  delivered: number;
  failed: number;
}

const share = ({ delivered, failed }: Outcomes) => {
  const all = delivered + failed;
  return all === 0 ? null : `${Math.floor((1000 * delivered) / all) / 10} %`;
};

/** What followed a version at one resource. */
export function followedWords(name: string, before: Outcomes, after: Outcomes, minutes: number): string {
  const [was, became] = [share(before), share(after)];
  if (was === null && became === null) return `Nothing was sent by ${name} within ${minutes} min of it.`;
  const says = (words: string | null) => words ?? "nothing sent";
  const failed = after.failed > 0 ? ` ${plural(after.failed, "attempt")} failed after it.` : "";
  return `Success of ${name}: ${says(was)} in the ${minutes} min before, ${says(became)} after.${failed}`;
}
