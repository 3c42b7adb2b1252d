import { z } from "zod";
import type { Json } from "#server/json/value.ts";

/** Any JSON value. Input of it is parsed JSON already, and `z.json()` would take an exact number apart. */
export const AnyJson = z.custom<Json>((value) => value !== undefined);
