// The words for an endpoint: its title, its state, and what became of it.
import type { EventState } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { Endpoint, GoneEndpoint } from "#server/contracts/endpoint.ts";

/** Without its scheme, which is nearly always the same. */
export const shownUrl = (url: string): string => url.replace(/^https:\/\//, "");

/** The host's first label, which tells one agent from another; a name that somebody gave says it better. */
export const titleOf = ({ name, url }: Pick<Endpoint, "name" | "url">): string => {
  const host = URL.parse(url)?.host ?? "";
  return name.startsWith(host.slice(0, 20)) ? (host.split(".")[0] ?? name) : name;
};

interface State {
  look: EventState;
  words: string;
}

/** The one state that a person has to know of, the worst first. */
export function stateOf(endpoint: Endpoint): State {
  const { hold_reason, disabled_at, paused, failed_count, retrying_count, waiting_count } = endpoint;
  if (hold_reason === "lease_expired")
    return { look: "HOLD", words: waiting_count > 0 ? `${formatCount(waiting_count)} held` : "Held" };
  if (hold_reason !== null) return { look: "HOLD", words: "Not verified" };
  if (disabled_at !== null) return { look: "CANCELLED", words: "Disabled" };
  if (paused) return { look: "HOLD", words: "Paused" };
  if (retrying_count > 0) return { look: "RETRYING", words: `${formatCount(retrying_count)} retrying` };
  if (failed_count > 0) return { look: "FAILED", words: `${formatCount(failed_count)} failed` };
  if (waiting_count > 0) return { look: "QUEUED", words: `${formatCount(waiting_count)} waiting` };
  return { look: "DELIVERED", words: "Delivering" };
}

const BECAUSE: Record<GoneEndpoint["because"], string> = {
  lease_ran_out: "lease ran out",
  removed: "removed by hand",
  unregistered_itself: "unregistered itself",
};
export const goneBecause = ({ because }: GoneEndpoint): string => BECAUSE[because];

export const goneWith = ({ cancelled_count: count }: GoneEndpoint): string =>
  count === 0 ? "nothing waited" : `${formatCount(count)} waiting ${count === 1 ? "was" : "were"} cancelled`;

/** The call that makes such an endpoint again. */
export function callOf({ url, event_types, ttl, is_of_every_source, connections, verification }: Endpoint): string {
  const source = is_of_every_source ? undefined : connections[0]?.source_id;
  const body = {
    url,
    eventTypes: event_types,
    ...(source && { source }),
    ...(ttl !== null && { ttl }),
    ...(verification && { verify: true }),
  };
  return `POST /v1/endpoints\n${JSON.stringify(body, null, 2)}`;
}
