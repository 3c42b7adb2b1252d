import { buildsRows } from "./builds.ts";
import { firstRows } from "./first.ts";
import { keyedRows } from "./keyed.ts";
import { mailRows } from "./mail.ts";
import { notInHeadersRows } from "./not-in-headers.ts";
import { ownRows } from "./own.ts";
import { paymentsRows } from "./payments.ts";
import type { ProviderRow } from "./row.ts";
import { secondRows } from "./second.ts";
import { standardRows } from "./standard.ts";
import { thirdRows } from "./third.ts";
import { workRows } from "./work.ts";

/** PayPal, Amazon SNS, Plaid and eBay have test files of their own: their keys need an authority. */
export const ROWS: Readonly<Record<string, ProviderRow>> = {
  ...firstRows,
  ...workRows,
  ...paymentsRows,
  ...ownRows,
  ...notInHeadersRows,
  ...mailRows,
  ...buildsRows,
  ...secondRows,
  ...keyedRows,
  ...standardRows,
  ...thirdRows,
};
