// The places where a provider's events name themselves, written as `event.type` in the body or `header:x-topic`.
import { field, isId } from "./body-fields.ts";
import { firstHeader, type SentHeaders } from "./inbound.ts";
import type { Provider, RawFacts, RawIdentity, SampleEvent } from "./provider.ts";

/**
 * A path in the body or `header:` and a name. `resource+action` stands for the two texts with a full stop between them. Of several places
 * the first that holds something counts.
 */
type Places = string | readonly string[];

export interface EventPlaces {
  type?: Places;
  id?: Places;
  occurredAt?: Places;
  resourceId?: Places;
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
const namesOf = (path: string) => path.split(".");

/** The value at one place; a number in a path is an index. */
function valueAt(place: string, sent: SentHeaders, body: () => unknown): unknown {
  if (place.startsWith(HEADER)) return firstHeader(sent, place.slice(HEADER.length));
  if (place.includes(JOINT)) {
    const texts = place.split(JOINT).map((one) => valueAt(one, sent, body));
    return texts.every(isText) ? texts.join(".") : undefined;
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

/** @param places of a type and an id at most two names deep: the door reads no deeper */
export function namedAt(places: EventPlaces): Pick<Provider, "bodyFields" | "identify" | "sample"> & {
  normalise: (sent: SentHeaders, body: unknown) => RawFacts;
} {
  const inBody = [...listed(places.type), ...listed(places.id)].filter((place) => !place.startsWith(HEADER));
  const isIdInHeader = listed(places.id)[0]?.startsWith(HEADER) === true;
  const isIdUnsigned = places.isIdUnsigned ?? (isIdInHeader && places.isIdSigned !== true);
  return {
    bodyFields: [...new Set(inBody.flatMap((place) => place.split(JOINT)).flatMap(namesOf))],
    identify: (inbound, body): RawIdentity => ({
      eventType: firstAt(places.type, inbound, body, isText),
      providerEventId: firstAt(places.id, inbound, body, isId),
      ...(isIdUnsigned && { isIdUnsigned }),
      ...(places.isIdShared && { isIdShared: true }),
    }),
    normalise: (sent, body) => ({
      occurredAt: firstAt(places.occurredAt, sent, () => body, isKnown),
      resourceId: firstAt(places.resourceId, sent, () => body, isId),
    }),
    sample: (id) => sampleAt(places, id),
  };
}

/** An event that names itself where the provider's do. */
function sampleAt({ type, id: idPlaces, example = "test.sent" }: EventPlaces, id: string): SampleEvent {
  const headers: [string, string][] = [];
  const body: Record<string, unknown> = {};
  const put = (place: string | undefined, value: string) => {
    if (place === undefined) return;
    if (place.startsWith(HEADER)) headers.push([place.slice(HEADER.length), value]);
    else for (const one of place.split(JOINT)) putAt(body, namesOf(one), value);
  };
  put(listed(idPlaces)[0], id);
  put(listed(type)[0], example);
  return { headers, body: { ...body, note: "A test of the way here." } };
}

function putAt(body: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const inner = (body[name] ?? {}) as Record<string, unknown>;
  body[name] = inner;
  putAt(inner, rest, value);
}
