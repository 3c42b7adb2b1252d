import { z } from "zod";
import { parseJson } from "#server/json/parse.ts";
import { AnyJson } from "./json.ts";
import { passedLimit } from "./json-limits.ts";
import { isSearchable, SEARCH_LIMITS } from "./searched-json.ts";

const SEARCH_WORDS = { values: "JSON values", depth: "levels of nesting" };

/** Payload search: the stored JSON body contains this JSON, as Postgres' `@>` defines it. */
export const BodyContains = z
  .preprocess(
    (value, ctx) => {
      if (typeof value !== "string") return value;
      const limit = passedLimit(value, SEARCH_LIMITS);
      if (limit) {
        ctx.addIssue({ code: "custom", message: `Search for at most ${SEARCH_LIMITS[limit]} ${SEARCH_WORDS[limit]}.` });
        return z.NEVER;
      }
      try {
        return parseJson(value);
      } catch {
        return value;
      }
    },
    AnyJson.refine(isSearchable, "Give a JSON object or a list."),
  )
  .optional()
  .meta({ description: "JSON that the stored body must contain.", examples: ['{"type":"invoice.paid"}'] });
