// The lists of a file: an answer of an API, a list alone, or an object that has several of them by their names.
import type { ExportNode } from "./export-file.ts";

export interface Listed {
  /** The name that its list stands under; null where the file is the list. */
  under: string | null;
  node: ExportNode;
}

/** What an API puts around a list, and what says that more pages follow. */
const WRAPS = ["models", "data", "content"];

function itemsOf(node: ExportNode): ExportNode[] | null {
  if (node.kind === "list") return node.items;
  if (node.kind !== "object") return null;
  const wrap = WRAPS.find((name) => node.members.has(name));
  return wrap === undefined ? null : itemsOf(node.at(wrap));
}

/** Whether an answer is one page of several and not the last. */
export function hasMore(node: ExportNode): boolean {
  if (node.kind !== "object") return false;
  const pagination = node.members.get("pagination");
  const next = pagination?.members.get("next") ?? pagination?.members.get("has_next_page");
  const isLast = node.members.get("done");
  return (
    (next?.isSet === true && next.json() !== false && next.json() !== "") ||
    (isLast?.kind === "boolean" && isLast.json() === false) ||
    [...node.members].some(([name, each]) => WRAPS.includes(name) && hasMore(each))
  );
}

/**
 * @param names of lists that stand beside each other in one object
 * @param isTold whether one that is no list is a problem
 */
export function listsOf(root: ExportNode, names: readonly string[], isTold = true): Listed[] {
  const own = root.kind === "object" ? names.filter((name) => root.members.has(name)) : [];
  if (own.length > 0) {
    return own.flatMap((under) => {
      const node = root.at(under);
      const items = itemsOf(node);
      if (items === null && node.isSet && isTold)
        node.problem(`${under} is a list, or the answer of the API that has one.`);
      return (items ?? []).map((each) => ({ under, node: each }));
    });
  }
  return (itemsOf(root) ?? [root]).map((node) => ({ under: null, node }));
}
