import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import type { BulkOperation, BulkState } from "#server/contracts/bulk.ts";

const LOOKS: Record<BulkState, { word: string; icon: IconName; text: string }> = {
  RUNNING: { word: "Running", icon: "retrying", text: "text-retrying" },
  COMPLETED: { word: "Done", icon: "delivered", text: "text-delivered" },
  CANCELLED: { word: "Cancelled", icon: "cancelled", text: "text-cancelled" },
  FAILED: { word: "Broken off", icon: "failed", text: "text-failed" },
};

/** How an operation stands, in colour, icon and word. */
export function OperationState({
  operation,
  className,
}: {
  operation: Pick<BulkOperation, "state">;
  className?: string;
}) {
  const { word, icon, text } = LOOKS[operation.state];
  return (
    <span
      className={cn("inline-flex items-center gap-1.5 whitespace-nowrap align-middle font-medium", text, className)}
    >
      <Icon name={icon} />
      {word}
    </span>
  );
}
