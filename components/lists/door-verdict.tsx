import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import type { RequestSummary } from "#server/contracts/request.ts";

type Judged = Pick<RequestSummary, "status" | "verification" | "rejection_cause">;

/** What the door decided: one colour, icon and word for each. */
export function verdictOf({ status, verification, rejection_cause }: Judged): {
  word: string;
  icon: IconName;
  text: string;
} {
  if (rejection_cause === "HANDSHAKE") return { word: "Handshake", icon: "key", text: "text-muted" };
  if (status === "rejected") return { word: "Rejected", icon: "shield-failed", text: "text-failed" };
  if (verification === "verified") return { word: "Verified", icon: "shield", text: "text-delivered" };
  if (verification === "authenticated") return { word: "Token", icon: "key", text: "text-delivered" };
  return { word: "Accepted", icon: "check", text: "text-muted" };
}

export function DoorVerdict({ of }: { of: Judged }) {
  const { word, icon, text } = verdictOf(of);
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap align-middle font-medium", text)}>
      <Icon name={icon} />
      <span>{word}</span>
    </span>
  );
}
