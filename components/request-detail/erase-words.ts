// Words for an erasure: the things that it reaches, and those that it does not.
import { formatCount } from "#components/ui/format.ts";
import type { ErasurePlan } from "#server/contracts/erasure.ts";

const counted = (count: number, one: string) => `${formatCount(count)} ${one}${count === 1 ? "" : "s"}`;

/** `the request, 3 events and 5 attempts` */
export const reachWords = ({ events, attempts }: Pick<ErasurePlan, "events" | "attempts">): string =>
  `the request, ${counted(events, "event")} and ${counted(attempts, "attempt")}`;

const MAX_NAMED = 3;

/** `2 deliveries at billing-ledger, 1 object at archive` */
export function copiesWords(delivered: ErasurePlan["delivered"]): string {
  const named = delivered.slice(0, MAX_NAMED).map(({ destination_id, destination_name, destination_type, events }) => {
    const what = destination_type === "S3" ? "object" : "delivery";
    const words = events === 1 ? `1 ${what}` : `${formatCount(events)} ${what === "object" ? "objects" : "deliveries"}`;
    return `${words} at ${destination_name ?? destination_id}`;
  });
  const more = delivered.length - MAX_NAMED;
  return named.join(", ") + (more > 0 ? ` and ${counted(more, "destination")} more` : "");
}

export const cancelsWords = (unfinished: number): string =>
  unfinished === 1
    ? "Cancel the event that is not finished"
    : `Cancel the ${formatCount(unfinished)} events that are not finished`;
