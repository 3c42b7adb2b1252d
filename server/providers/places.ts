// The places where a provider's events name themselves, written as `event.type` in the body or `header:x-topic`.
import { field, isId } from "./body-fields.ts";
import { identifyList } from "./event-list.ts";
import { firstHeader, type SentHeaders } from "./inbound.ts";
import type { Provider, RawFacts, RawIdentity, SampleEvent } from "./provider.ts";

/**
 * A path in the body or `header:` and a name. `resource+action` stands for the two texts with a full stop between them. Of several places
 * the first that holds something counts.
 */
type Places = string | readonly string[];

interface FactPlaces {
  occurredAt?: Places;
  resourceId?: Places;
}

export interface EventPlaces extends FactPlaces {
  type?: Places;
  id?: Places;
  /** Where a request brings several events. What the list does not tell is looked for at `type` and `id`. */
  list?: {
    /** Empty: the body itself. Of several places the first that holds a list counts. */
    at: Places;
    /** Within each event, as `id` is. */
    type: Places;
    /** Where the events have ids that a repeated request brings again. */
    id?: Places;
  };
  /** The id's header is under the signature. Without this an id in a header is not. */
  isIdSigned?: boolean;
  /** The signature does not cover the body that the id stands in. */
  isIdUnsigned?: boolean;
  isIdShared?: boolean;
  /** A type as its events have it, for the sample. */
  example?: string;
}

const HEADER = "header:";
const JOINT = "+";
const listed = (places: Places | undefined): readonly string[] =>
  places === undefined ? [] : typeof places === "string" ? [places] : places;
const namesOf = (path: string) => (path === "" ? [] : path.split("."));

/** The paths in the body that are looked at. */
const pathsOf = (places: Places | undefined): string[] =>
  listed(places)
    .filter((place) => !place.startsWith(HEADER))
    .flatMap((place) => place.split(JOINT));

const listPathsOf = ({ at, type, id }: NonNullable<EventPlaces["list"]>): string[] =>
  listed(at).flatMap((place) =>
    [...pathsOf(type), ...pathsOf(id)].map((path) => [...namesOf(place), "*", path].join(".")),
  );

/** The value at one place; a number in a path is an index. */
function valueAt(place: string, sent: SentHeaders, body: () => unknown): unknown {
  if (place.startsWith(HEADER)) return firstHeader(sent, place.slice(HEADER.length));
  if (place.includes(JOINT)) {
    const parts = place.split(JOINT).map((one) => valueAt(one, sent, body));
    return parts.every((part) => isText(part) || isId(part)) ? parts.join(".") : undefined;
  }
  return namesOf(place).reduce((value, name) => field(value, name), body());
}

function firstAt(
  places: Places | undefined,
  sent: SentHeaders,
  body: () => unknown,
  isValue: (value: unknown) => boolean,
): unknown {
  for (const place of listed(places)) {
    const value = valueAt(place, sent, body);
    if (isValue(value)) return value;
  }
  return null;
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isKnown = (value: unknown) => value !== undefined && value !== null && value !== "";

function listIdentity({ list }: EventPlaces, sent: SentHeaders, body: () => unknown): RawIdentity | null {
  const events = list && firstAt(list.at, sent, body, Array.isArray);
  if (!list || !Array.isArray(events)) return null;
  return identifyList(
    events.map((event) => ({
      type: firstAt(list.type, sent, () => event, isText),
      id: firstAt(list.id, sent, () => event, isId),
    })),
  );
}

/** The two facts that are read once an event is stored. */
export const factsAt = ({ occurredAt, resourceId }: FactPlaces) => ({
  factFields: [...pathsOf(occurredAt), ...pathsOf(resourceId)],
  normalise: (sent: SentHeaders, body: unknown): RawFacts => ({
    occurredAt: firstAt(occurredAt, sent, () => body, isKnown),
    resourceId: firstAt(resourceId, sent, () => body, isId),
  }),
});

export function namedAt(
  places: EventPlaces,
): Pick<Provider, "bodyFields" | "identify" | "sample"> & ReturnType<typeof factsAt> {
  const isIdInHeader = listed(places.id)[0]?.startsWith(HEADER) === true;
  const isIdUnsigned = places.isIdUnsigned ?? (isIdInHeader && places.isIdSigned !== true);
  return {
    ...factsAt(places),
    bodyFields: [...pathsOf(places.type), ...pathsOf(places.id), ...(places.list ? listPathsOf(places.list) : [])],
    identify: (inbound, body): RawIdentity => {
      const ofList = listIdentity(places, inbound, body);
      const eventType = ofList?.eventType ?? firstAt(places.type, inbound, body, isText);
      const shared = places.isIdShared && { isIdShared: true };
      if (ofList?.providerEventId) return { ...ofList, eventType, ...shared };
      const providerEventId = firstAt(places.id, inbound, body, isId);
      return { eventType, providerEventId, ...(isIdUnsigned && { isIdUnsigned }), ...shared };
    },
    sample: (id) => sampleAt(places, id),
  };
}

/** An event that names itself where the provider's do; the only one of its list, where they come in lists. */
function sampleAt(places: EventPlaces, id: string): SampleEvent {
  const { list, example = "test.sent" } = places;
  const headers: [string, string][] = [];
  const note = "A test of the way here.";
  const put = (body: Record<string, unknown>, place: string | undefined, value: string) => {
    if (place === undefined) return;
    if (place.startsWith(HEADER)) headers.push([place.slice(HEADER.length), value]);
    else for (const [path, part] of partsAt(place, value)) putAt(body, namesOf(path), part);
  };
  const event: Record<string, unknown> = {};
  if (list) {
    put(event, listed(list.id)[0], id);
    put(event, listed(list.type)[0], example);
  }
  const [at = ""] = listed(list?.at);
  if (list && at === "") return { headers, body: [{ ...event, note }] };
  const body: Record<string, unknown> = {};
  if (list) putAt(body, namesOf(at), [event]);
  put(body, listed(places.id)[0], id);
  put(body, listed(places.type)[0], example);
  return { headers, body: { ...body, note } };
}

/** What stands at each path of a place: of joined ones each has its part of `payments.confirmed`, and all of what has other parts. */
function partsAt(place: string, value: string): [path: string, part: string][] {
  const paths = place.split(JOINT);
  const parts = value.split(".");
  return paths.map((path, i) => [path, parts.length === paths.length ? (parts[i] ?? value) : value]);
}

function putAt(body: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const inner = (body[name] ?? {}) as Record<string, unknown>;
  body[name] = inner;
  putAt(inner, rest, value);
}
