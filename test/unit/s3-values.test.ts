// A bucket's form: what it shows of a saved destination, and what it sends of what was changed.
import { expect, test } from "vitest";
import { changesOf, isSecret, valuesOf } from "#components/destination-drawer/destination-fields.ts";
import { newDestination } from "#components/destination-drawer/new-destination-fields.tsx";
import { s3Sent } from "#components/destination-drawer/s3-values.ts";
import { CreateDestination, type Destination } from "#server/contracts/destination.ts";
import { S3_DEFAULTS, S3DestinationConfig } from "#server/contracts/s3-destination.ts";

const config = {
  ...S3_DEFAULTS,
  bucket: "archive",
  endpoint: "https://store.example",
  auth: { access_key_id: "AKIA1", secret_access_key: "…K7MD" },
  format: "ndjson" as const,
  compression: "gzip" as const,
};
const destination = { type: "S3", name: "raw", description: null, config } as unknown as Destination;

test("a form that was not touched sends what is saved, without the secret that it cannot know", () => {
  const values = valuesOf(destination);
  const sent = s3Sent(values);
  expect(sent).toMatchObject({
    bucket: "archive",
    endpoint: "https://store.example",
    format: "ndjson",
    key: null,
    compression: "gzip",
    batch_wait_ms: 300_000,
    batch_bytes: 16 * 1024 * 1024,
    auth: { access_key_id: "AKIA1" },
  });
  expect(sent.auth).toEqual({ access_key_id: "AKIA1" });
  expect(S3DestinationConfig.partial().parse(sent)).toEqual(sent);
});

test("what was changed is sent as the API takes it, and nothing else", () => {
  const changes = {
    "config.endpoint": "",
    "config.key": "{date}/{batch_id}",
    "config.compression": false,
    "config.batch_wait_ms": "10 min",
    "config.batch_bytes": "0.5",
    "config.auth.secret_access_key": "new",
  };
  expect(changesOf(changes, { ...valuesOf(destination), ...changes })).toEqual({
    config: {
      endpoint: null,
      key: "{date}/{batch_id}",
      compression: "none",
      batch_wait_ms: 600_000,
      batch_bytes: 512 * 1024,
      auth: { secret_access_key: "new" },
    },
  });
});

test("the secret of a bucket is kept in no storage of the browser", () => {
  expect(isSecret("config.auth.secret_access_key")).toBe(true);
});

test("a new bucket is sent with what was typed, and its region is left to the server where none was", () => {
  const values = {
    name: "raw",
    type: "S3",
    "config.bucket": "archive",
    "config.region": "",
    "config.auth.access_key_id": "AKIA1",
    "config.auth.secret_access_key": "s",
  };
  const auth = { access_key_id: "AKIA1", secret_access_key: "s" };
  expect(CreateDestination.parse(newDestination(values))).toEqual({
    name: "raw",
    type: "S3",
    config: { bucket: "archive", auth },
  });
  const within = Object.fromEntries(Object.entries(values).map(([field, value]) => [`destination.${field}`, value]));
  expect(newDestination(within, "destination.")).toEqual(newDestination(values));
});
