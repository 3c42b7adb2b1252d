// The last thing that is known of a source's producer, as a sentence. Pure.
import type { RequestSummary } from "#server/contracts/request.ts";

type Seen = Pick<RequestSummary, "status" | "verification" | "rejection_cause" | "rejection_detail">;

export interface LastSeen {
  tone: "good" | "bad" | "none";
  /** Before and behind the time. */
  before: string;
  after: string;
}

const ACCEPTED: Partial<Record<RequestSummary["verification"], string>> = {
  verified: "verified.",
  authenticated: "known by its token.",
};

const CAUSES: Partial<Record<NonNullable<RequestSummary["rejection_cause"]>, string>> = {
  SOURCE_DISABLED: "the source is disabled.",
};

const withoutNote = ({ rejection_detail }: Pick<Seen, "rejection_detail">) =>
  (rejection_detail ?? "").split(" Kept as evidence: ", 1)[0] ?? "";

/** The reason without what was kept as evidence, and with a small letter: it goes on a sentence. */
function reasonOf({ rejection_cause, rejection_detail }: Seen): string {
  const known = rejection_cause === null ? undefined : CAUSES[rejection_cause];
  if (known !== undefined) return known;
  const told = withoutNote({ rejection_detail });
  if (told === "") return "a check failed.";
  return /^[A-Z][a-z]/.test(told) ? told.charAt(0).toLowerCase() + told.slice(1) : told;
}

/**
 * @param request the newest that its producer sent; null where none was found
 * @param isCut whether the look ended early, so that an older one may be kept
 */
export function lastSeenWords(request: Seen | null, isCut: boolean): LastSeen {
  if (!request && isCut)
    return { tone: "none", before: "Not seen lately: nothing has come to this URL since at least", after: "." };
  if (!request)
    return { tone: "none", before: "Never reached us: nothing has come to this URL since it was made", after: "." };
  if (request.status === "accepted")
    return {
      tone: "good",
      before: "Last seen",
      after: `, ${ACCEPTED[request.verification] ?? "accepted without proof."}`,
    };
  if (request.rejection_cause === "HANDSHAKE")
    return { tone: "none", before: "Reached us", after: ` to try this URL. ${withoutNote(request)}` };
  return { tone: "bad", before: "Reached us", after: ` and was refused, because ${reasonOf(request)}` };
}
