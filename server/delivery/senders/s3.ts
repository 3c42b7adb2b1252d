// The sender to destinations of type S3. One object per event: its name and bytes follow from the event and the names of its
// ends, so a repeat writes the same object again, unless one was renamed meanwhile. Or one file for many, whose name and events were stored before.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { DEFAULT_KEYS, objectKey } from "#server/contracts/object-key.ts";
import type { S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import { idTimeMs } from "#server/ids.ts";
import { makeObjectStore, type ObjectStore, type StoreTools } from "#server/object-store/object-store.ts";
import type { FileSender, Sender } from "./sender.ts";

/** The names of a branch's ends as they are now, for the names of objects. */
export type NamesOf = (branch: { source_id: string; connection_id: string }) => { source: string; connection: string };

type Compression = Pick<S3DestinationConfig, "compression">;

const compress = promisify(gzip);
const GZIP_SUFFIX = ".gz";
const MAX_CONTENT_TYPE_LENGTH = 255;

export function makeS3Sender(config: S3DestinationConfig, tools: StoreTools & { namesOf: NamesOf }): Sender {
  const store = makeObjectStore(config, tools);
  const template = config.key ?? DEFAULT_KEYS.event;
  return {
    ...(config.format === "ndjson" && { files: makeFileSender(config, store, tools.namesOf) }),
    async send(event, request, body, { onSent }) {
      const key = objectKey(template, {
        createdAt: new Date(idTimeMs(event.id)),
        ...tools.namesOf(event),
        event: { eventId: event.id, requestId: event.request_id, eventType: event.event_type },
        batchId: null,
      });
      const object = {
        key: withSuffix(key, config),
        bytes: await packed(body, config),
        contentType: contentTypeOf(event.transformed?.headers ?? request.headers, config),
        metadata: {
          "event-id": event.id,
          "request-id": event.request_id,
          "source-id": event.source_id,
          "connection-id": event.connection_id,
        },
      };
      return store.put(object, onSent);
    },
  };
}

function makeFileSender(config: S3DestinationConfig, store: ObjectStore, namesOf: NamesOf): FileSender {
  const template = config.key ?? DEFAULT_KEYS.ndjson;
  return {
    limits: { waitMs: config.batch_wait_ms, maxBytes: config.batch_bytes },
    keyOf(first, id) {
      const createdAt = new Date(idTimeMs(first.id));
      return withSuffix(objectKey(template, { createdAt, ...namesOf(first), event: null, batchId: id }), config);
    },
    async write(key, text, onSent) {
      // The name was stored with the file, and says how it is packed.
      const isPacked = key.endsWith(GZIP_SUFFIX);
      const bytes = isPacked ? await compress(text) : text;
      const contentType = isPacked ? "application/gzip" : "application/x-ndjson";
      return store.put({ key, bytes, contentType, metadata: {} }, onSent);
    },
  };
}

const withSuffix = (key: string, { compression }: Compression): string =>
  compression === "gzip" && !key.endsWith(GZIP_SUFFIX) ? `${key}${GZIP_SUFFIX}` : key;

/** The bytes as they are stored. Equal bytes stay equal: gzip's header has no time here. */
const packed = async (bytes: Buffer, { compression }: Compression): Promise<Buffer> =>
  compression === "gzip" ? compress(bytes) : bytes;

function contentTypeOf(headers: HeaderList, { compression }: Compression): string {
  if (compression === "gzip") return "application/gzip";
  const given = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const isPlain = /^[\x20-\x7e]+$/.test(given) && given.length <= MAX_CONTENT_TYPE_LENGTH;
  return isPlain ? given : "application/octet-stream";
}
