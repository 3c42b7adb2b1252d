// Words for fields that mean the same wherever they stand. A contract that has more to say says it itself.
import type { Json } from "./json-schema.ts";

const OF_ONE: Record<string, string> = {
  attempt_id: "The id of an attempt, which begins with `att_`.",
  buckets: "The bars that the time is cut into.",
  config: "The settings of its type. What is left out of a change stays as it is.",
  connection_id: "The id of a connection, which begins with `web_`.",
  date_range: "The time that is counted.",
  description: "A note for people.",
  destination: "A destination that is made along with it, in the place of `destination_id`.",
  destination_id: "The id of a destination, which begins with `des_`.",
  dir: "`desc`: the newest first.",
  disabled: "Whether it is disabled.",
  event_id: "The id of an event, which begins with `evt_`.",
  event_type_pattern: "A glob of event types, such as `payment.*`.",
  held: "Whether it is held.",
  id: "The id of the resource.",
  kind: "The kind, one of those listed.",
  limit: "The most items in one answer.",
  list: "The list that it is of.",
  max_latency_ms: "Attempts that took no longer.",
  min_latency_ms: "Attempts that took no less.",
  name: "What people call it.",
  order_by: "What a list is ordered by.",
  paused: "Whether it is paused.",
  provider_event_id: "What the provider calls the event.",
  rate_limit: "The most that is sent in any `rate_limit_period`.",
  rate_limit_period: "The time that `rate_limit` counts.",
  request: "A request, as a transformation sees it.",
  request_id: "The id of a request, which begins with `req_`.",
  rules: "What is done on the way, at most one of each type. They run in one order, whatever order they are sent in.",
  secret: "The new secret. Left out: one is made, where the type makes its own.",
  source: "A source that is made along with it, in the place of `source_id`.",
  source_id: "The id of a source, which begins with `src_`.",
  status: "The state that it is in.",
  transformation_id: "The id of a transformation, which begins with `trs_`.",
  ttl: "The seconds of a lease.",
  type: "The kind, one of those listed.",
  url: "An http or https URL.",
  verified: "Whether the sender was verified or authenticated.",
};

const OF_SEVERAL: Record<string, string> = {
  connection_id: "Of these connections alone.",
  connection_ids: "On these connections alone.",
  destination_id: "Of these destinations alone.",
  dimensions: "Counted for each of these by itself.",
  ended_because: "Ended for these reasons alone.",
  error_code: "With these codes alone.",
  event_id: "Of these events alone.",
  hold_reason: "Held for these reasons alone.",
  id: "With these ids alone.",
  kind: "Of these kinds alone.",
  rejection_cause: "Rejected for these causes alone.",
  request_id: "Of these requests alone.",
  resource_id: "About these resources alone, as their senders call them.",
  response_status: "Answered with these statuses alone.",
  source_id: "Of these sources alone.",
  state: "In these states alone.",
  status: "In these states alone.",
  trigger: "Begun in these ways alone.",
  verification: "With these results of verification alone.",
  verified_with: "Verified with these secrets alone.",
};

const wordsOf = (name: string, { type }: Json): string | undefined =>
  (type === "array" ? OF_SEVERAL[name] : undefined) ?? OF_ONE[name];

/** An input whose fields all have words: the contract's, or those that the name has everywhere. */
export function withFieldWords(input: Json): Json {
  const properties = Object.entries((input.properties ?? {}) as Record<string, Json>).map(([name, schema]) => {
    const words = schema.description ?? wordsOf(name, schema);
    return [name, words === undefined ? schema : { ...schema, description: words }];
  });
  return { ...input, properties: Object.fromEntries(properties) };
}

const OF_TAGS: Record<string, string> = {
  account: "The person who asks.",
  "api-keys": "Keys for programs.",
  attempts: "Each try to deliver an event.",
  attention: "What waits for a person.",
  audit: "Who changed what.",
  bulk: "Many events or requests at once: plan, start, watch, cancel.",
  connections: "The way from one source to one destination, with its rules.",
  demo: "Sources and webhooks to try the product with.",
  destinations: "Receivers, with their limits.",
  endpoints: "Consumers that register themselves.",
  events: "One request on one connection, and what became of it.",
  flows: "Routing as a file: plan, apply, export.",
  guide: "The docs of the product.",
  invitations: "Links by which people join the team.",
  issues: "What is wrong, and what opens it.",
  "mail-addresses": "Addresses that may be told by e-mail.",
  members: "The people of the team.",
  metrics: "Counts over time.",
  notifications: "Who is told of issues.",
  overview: "The team at a glance.",
  publish: "Events of the team's own services.",
  requests: "What producers sent, byte for byte.",
  retention: "How long things are kept.",
  routes: "Connections by globs.",
  sessions: "Where people are logged in.",
  sources: "The URLs that producers send to.",
  teams: "Who owns all the rest.",
  topology: "Sources, connections and destinations as one picture.",
  transformations: "JavaScript that changes a request on its way.",
  tunnels: "Machines of persons that receive events.",
  versions: "The configuration as it was, and back to it.",
  views: "Saved filters of lists.",
};

/** A tag of the document: the first part of a path. */
export const tagNamed = (name: string): Json => ({ name, ...(OF_TAGS[name] && { description: OF_TAGS[name] }) });
