// Headers of a request as they are stored: a list in which a text stands for a pair whose name is common, a letter for the name and
// the value behind it. Names, values and their order come back exactly; every other pair stays as it is. Rows keep their texts for
// ever: a letter never changes its meaning, and `unpacked_request_headers` in the database says the same.
import { NAMES, type Pair, withCapitals } from "./packed-headers.ts";

/** A pair, or a letter with a value. */
export type PackedRequestHeaders = (Pair | string)[];

const REQUEST_NAMES = {
  ...NAMES,
  g: "x-forwarded-for",
  h: "host",
  j: "x-forwarded-proto",
  m: "x-forwarded-host",
  o: "x-real-ip",
  q: "x-request-id",
  r: "x-forwarded-port",
  t: "traceparent",
};
const NAME_OF = new Map(
  Object.entries(REQUEST_NAMES).flatMap(([code, name]) => [
    [code, name],
    [code.toUpperCase(), withCapitals(name)],
  ]),
);
const CODE_OF = new Map([...NAME_OF].map(([code, name]) => [name, code]));

/** @param headers any list */
export function packRequestHeaders(headers: readonly Pair[]): PackedRequestHeaders {
  return headers.map((pair) => {
    const code = CODE_OF.get(pair[0]);
    return code === undefined ? pair : code + pair[1];
  });
}

/** The headers that were packed. Lists from before there were texts are as they were. */
export function unpackRequestHeaders(packed: PackedRequestHeaders): Pair[] {
  return packed.map((element) => {
    if (typeof element !== "string") return element;
    const name = NAME_OF.get(element.slice(0, 1));
    if (name === undefined)
      throw new Error(`The headers of a request have a code that is not known: ${element.slice(0, 1)}.`);
    return [name, element.slice(1)];
  });
}
