// What is to be seen of requests in the tables, by the API and at the receivers: of what is masked, erased or past its retention nothing.
import { deepStrictEqual } from "node:assert";
import type { Queryable } from "#server/database/db.ts";
import { type Model, type Payload, PLACES, type Place } from "./event-model.ts";
import { bodyOf, nameIn, type ProductUnderModel } from "./product-under-model.ts";

const MASK = "***";
const shown = ({ secrets, masks }: Payload, place: Place) => (masks.includes(place) ? MASK : secrets[place]);
const placesIn = (payload: Payload, isMasked: boolean) =>
  PLACES.filter((place) => payload.masks.includes(place) === isMasked);
const textsAt = ({ secrets }: Payload, places: readonly Place[]) => places.map((place) => secrets[place]);

function expectNone(of: string, text: string, hidden: readonly string[]) {
  deepStrictEqual(
    hidden.filter((each) => text.includes(each)),
    [],
    `${of} tells what nobody may see.`,
  );
}

/** Attempts by their own age: a younger one than its event outlives it. */
const STORED = [
  "select * from request where source_id = $1",
  "select * from event where source_id = $1",
  "select * from ignored_event where source_id = $1",
  `select a.* from attempt a where source_id = $1
     and exists (select from event e where e.team_id = a.team_id and e.id = a.event_id)`,
];
const SECRET = /(?:card|head)-\d+-secret/g;

const textOf = (value: unknown) => (Buffer.isBuffer(value) ? value.toString("latin1") : JSON.stringify(value));

async function storedSecrets(db: Queryable, sourceId: string): Promise<string[]> {
  const found = new Set<string>();
  for (const statement of STORED) {
    const { rows } = await db.query(statement, [sourceId]);
    for (const value of rows.flatMap(Object.values))
      for (const [secret] of textOf(value).matchAll(SECRET)) found.add(secret);
  }
  return [...found].toSorted();
}

const secretsToBeStored = ({ payloads, erased }: Model): string[] =>
  [...payloads]
    .filter(([id]) => !erased.has(id))
    .flatMap(([, payload]) => textsAt(payload, payload.isMasked ? placesIn(payload, false) : PLACES))
    .toSorted();

/** What came to the receiver since the last look: the request as it came, or with its masks once these are applied. */
function checkReceipts(product: ProductUnderModel, { payloads, erased, destinations }: Model) {
  const letterNames = destinations.map(({ deadLetters }) => deadLetters && product.nameOf(deadLetters));
  for (const { url, headers, body } of product.newReceipts()) {
    const requestId = String(headers["x-switchyard-request-id"]);
    const payload = payloads.get(requestId);
    if (!payload || erased.has(requestId)) throw new Error(`${requestId} was sent, and there is nothing left of it.`);
    const { secrets, isMasked } = payload;
    const text = body.toString();
    const card = isMasked ? shown(payload, "body.card") : secrets["body.card"];
    const head = isMasked ? shown(payload, "headers.x-card") : secrets["headers.x-card"];
    deepStrictEqual(headers["x-switchyard-masked"] === "true", isMasked, `${requestId} was sent with the wrong mark.`);
    if (!letterNames.includes(nameIn(url)))
      deepStrictEqual(
        [text, headers["x-card"]],
        [bodyOf(card), head === MASK ? undefined : head],
        `${requestId} was not sent as it has to be.`,
      );
    else if (isMasked) expectNone(`The letter of ${requestId}`, text, textsAt(payload, placesIn(payload, true)));
    else if (!text.includes(secrets["body.card"])) throw new Error(`The letter of ${requestId} lacks it: ${text}`);
  }
}

/** Reads a request, and one of its events with its attempts. */
async function lookAt(product: ProductUnderModel, model: Model, { id, turn }: { id: string; turn: number }) {
  const payload = model.payloads.get(id);
  if (!payload) throw new Error(`The model has no request ${id}.`);
  const isErased = model.erased.has(id);
  const hidden = textsAt(payload, isErased ? PLACES : placesIn(payload, true));
  const [request, raw] = await Promise.all([product.read(`/requests/${id}`), product.read(`/requests/${id}/raw_body`)]);
  const { masks, erased_at, headers } = JSON.parse(request.text);
  deepStrictEqual([request.status, masks.toSorted(), erased_at !== null], [200, payload.masks.toSorted(), isErased]);
  expectNone(`The request ${id}`, request.text + raw.text, hidden);
  deepStrictEqual(raw.status, isErased ? 409 : 200, raw.text);
  if (!isErased) {
    deepStrictEqual(raw.text, bodyOf(shown(payload, "body.card")));
    const [, head] = headers.find(([name]: [string]) => name === "x-card");
    deepStrictEqual(head, shown(payload, "headers.x-card"));
  }
  const events = model.events.filter(({ requestId }) => requestId === id);
  const event = events[turn % events.length];
  if (!event) return;
  const isWithheld = payload.masks.length > 0 && !payload.isMasked;
  const { id: eventId } = await product.eventOf(event);
  const [detail, sent, attempts] = await Promise.all(
    [`/events/${eventId}`, `/events/${eventId}/raw_body`, `/attempts?event_id=${eventId}`].map(product.read),
  );
  if (!detail || !sent || !attempts) throw new Error("Three were asked for.");
  expectNone(`The event ${eventId}`, detail.text + sent.text + attempts.text, hidden);
  deepStrictEqual(sent.status, isErased || (event.isLetter && isWithheld) ? 409 : 200, sent.text);
  if (!isErased && !event.isLetter) deepStrictEqual(sent.text, bodyOf(shown(payload, "body.card")));
  deepStrictEqual(
    JSON.parse(attempts.text).data.map(({ is_withheld }: { is_withheld: boolean }) => is_withheld),
    new Array(event.attempts).fill(isWithheld),
    `The attempts of ${eventId} are others, or are shown otherwise.`,
  );
}

/** Of a request past its retention nobody finds anything, nor can anything be done to it. */
async function lookInVain(product: ProductUnderModel, id: string) {
  const { data } = await product.ask("GET", `/events?request_id=${id}`);
  deepStrictEqual(data, [], `Events of ${id} are listed.`);
  const events = product.eventIdsOf(id).flatMap((eventId): [string, string, object?][] => [
    ["GET", `/events/${eventId}`],
    ["POST", `/events/${eventId}/retry`],
  ]);
  const calls: [string, string, object?][] = [
    ["GET", `/requests/${id}`],
    ["POST", `/requests/${id}/retry`, {}],
    ["POST", `/requests/${id}/erase`, { reason: "the model says so" }],
    ...events.slice(0, 2),
  ];
  const answers = await Promise.all(calls.map((call) => product.call(...call)));
  for (const [at, { status }] of answers.entries()) deepStrictEqual(status, 404, `${calls[at]} of what is gone`);
}

/** @param turn which of the requests is looked at closely */
export async function checkPayloads(db: Queryable, product: ProductUnderModel, model: Model, turn: number) {
  checkReceipts(product, model);
  const stored = await storedSecrets(db, product.sourceId);
  deepStrictEqual(stored, secretsToBeStored(model), "The tables hold something else in clear.");
  deepStrictEqual(await product.requestsBySource(), model.requests, "Other requests are listed.");
  const [living, gone] = [model.requests, model.gone].map((ids) => ids[turn % ids.length]);
  if (living) await lookAt(product, model, { id: living, turn });
  if (gone) await lookInVain(product, gone);
}
