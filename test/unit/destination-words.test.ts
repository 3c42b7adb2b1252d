// What the drawer of a destination says of where it sends to, and where a field that needs a correction is found.
import { expect, test } from "vitest";
import { placeWords, tabOf } from "#components/destination-drawer/destination-words.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import { S3_DEFAULTS } from "#server/contracts/s3-destination.ts";

const bucket = (endpoint: string | null) =>
  ({ type: "S3", config: { ...S3_DEFAULTS, bucket: "archive", region: "eu-north-1", endpoint } }) as Destination;

test("a bucket is named with its store, and only what sends nothing is said to send nothing", () => {
  expect(placeWords(bucket(null))).toBe("archive at eu-north-1");
  expect(placeWords(bucket("https://store.example:9000"))).toBe("archive at store.example:9000");
  expect(placeWords({ type: "HTTP", config: { url: "https://crm.example/sync" } } as Destination)).toBe(
    "crm.example/sync",
  );
  expect(placeWords({ type: "MOCK", config: {} } as Destination)).toBe("answers as it is told, sends nothing");
});

test("a wrong field of the order is looked for where the order is chosen", () => {
  for (const name of Object.keys(NO_ORDER)) expect(tabOf(`config.${name}`)).toBe("pace");
});

test("each other field of a bucket is on the tab that shows it", () => {
  expect(tabOf("config.bucket")).toBe("settings");
  expect(tabOf("config.batch_bytes")).toBe("settings");
  expect(tabOf("config.retry.count")).toBe("pace");
  expect(tabOf("config.breaker.ramp_ms")).toBe("trouble");
  expect(tabOf("config.dead_letter_destination_id")).toBe("trouble");
});
