// The sender to destinations of type S3: one object per event, whose name and bytes follow from the event alone. A repeat
// writes the same object again.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { DEFAULT_KEYS, objectKey } from "#server/contracts/object-key.ts";
import type { S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import { idTimeMs } from "#server/ids.ts";
import { makeObjectStore, type StoreTools } from "#server/object-store/object-store.ts";
import type { Sender } from "./sender.ts";

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
