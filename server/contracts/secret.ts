import { z } from "zod";

/** Pasted secrets bring line breaks and blanks with them: no scheme has any at the ends of a secret. */
export const Secret = z.string().trim().min(1, "Give a secret that is not empty.").max(4096);
