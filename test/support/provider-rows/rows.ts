import { firstRows } from "./first.ts";
import { keyedRows } from "./keyed.ts";
import type { ProviderRow } from "./row.ts";
import { secondRows } from "./second.ts";
import { standardRows } from "./standard.ts";
import { thirdRows } from "./third.ts";

/** PayPal has a test file of its own: its certificates need an authority. */
export const ROWS: Readonly<Record<string, ProviderRow>> = {
  ...firstRows,
  ...secondRows,
  ...keyedRows,
  ...standardRows,
  ...thirdRows,
};
