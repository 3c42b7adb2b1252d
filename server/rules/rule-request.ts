import type { EventFacts } from "#server/contracts/event-facts.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";

/**
 * A request as the rules see it: header names are lower case, `body` is parsed JSON or a form, else text, and absent
 * where there is none. A body that is not text has `body: null` and its bytes in `raw_body`, which only the
 * deduplicate rule reads.
 */
export interface RuleRequest extends TransformRequest {
  raw_body?: Uint8Array;
  /** What the event told of itself when it came: no transform sees or changes it. */
  event?: EventFacts;
}
