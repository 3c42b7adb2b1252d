import { z } from "zod";

/** Headers as they were received: order, case and repeats are kept. */
export const HeaderList = z.array(z.tuple([z.string(), z.string()]));
export type HeaderList = z.infer<typeof HeaderList>;
