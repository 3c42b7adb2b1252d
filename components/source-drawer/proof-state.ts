// Words for the proof of a source's senders, as the head of its drawer says them. Pure.
import type { IconName } from "#components/ui/icons.tsx";
import type { Verification } from "#server/contracts/request.ts";
import type { Source } from "#server/contracts/source.ts";
import { missingProof } from "./missing-proof.ts";

export interface ProofState {
  icon: IconName;
  look: string;
  word: string;
}

/** Null where what has come tells it. */
export function settledState(source: Source): ProofState | null {
  const { unusable_because, disabled_at, config, is_system, type } = source;
  if (unusable_because !== null) return { icon: "warning", look: "text-failed", word: "Not usable" };
  if (disabled_at !== null) return { icon: "cancelled", look: "text-cancelled", word: "Disabled" };
  if (is_system) return { icon: "shield", look: "text-delivered", word: "Own happenings" };
  if (type === "PUBLISH") return { icon: "key", look: "text-delivered", word: "By API key" };
  if (config.auth_type === "NONE") return { icon: "warning", look: "text-hold", word: "Not verified" };
  if (missingProof(source)) return { icon: "warning", look: "text-hold", word: "No secret yet: refuses all" };
  return null;
}

/** @param newest the page with the newest genuine webhook; undefined while it is not known */
export function provedState(
  newest:
    | { data: readonly { verification?: Verification }[]; pagination: { stopped_at?: string | undefined } }
    | undefined,
): ProofState {
  const [genuine] = newest?.data ?? [];
  // A token vouches for its sender, and for nothing of what was sent.
  if (genuine?.verification === "authenticated")
    return { icon: "key", look: "text-delivered", word: "Known by its token" };
  if (genuine) return { icon: "shield", look: "text-delivered", word: "Verified" };
  // Where the look ended early one may lie behind it.
  const isKnown = newest !== undefined && newest.pagination.stopped_at === undefined;
  return { icon: "shield", look: "text-muted", word: isKnown ? "Nothing verified yet" : "Verifies" };
}
