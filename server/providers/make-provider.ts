import type { z } from "zod";
import { type EventPlaces, namedAt } from "./places.ts";
import type { ProviderProof, SourceProvider } from "./provider.ts";

export type Named = Pick<SourceProvider, "name" | "title" | "tile" | "docs" | "isConfirmed">;
type Rest<S extends z.ZodType> = Partial<
  Pick<
    SourceProvider<S>,
    | "methods"
    | "response"
    | "handshake"
    | "sample"
    | "identify"
    | "bodyFields"
    | "normalise"
    | "factFields"
    | "fieldWords"
    | "isHeaderShared"
  >
>;

/**
 * A provider that is told in a few lines: its name, what proves it, and where its events name themselves. What `rest` holds
 * wins over what follows from the places.
 */
export function makeProvider<S extends z.ZodType>(
  named: Named,
  proof: ProviderProof<S>,
  places: EventPlaces,
  rest: Rest<S> = {},
): SourceProvider<S> {
  return { methods: ["POST"], ...named, ...proof, ...namedAt(places), ...rest };
}
