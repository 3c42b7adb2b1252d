// The file of a backup: a line that names it, a line of JSON that says of what it is, then frames under zstd. The last frame has
// the SHA-256 of all before it, so a file that was cut off or changed is known for one.
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { AppError } from "#server/errors/app-error.ts";
import { SealedKey } from "./sealed-key.ts";

const MAGIC = "SWITCHYARD BACKUP 1\n";
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_FRAME_BYTES = 256 * 2 ** 20;
const PREFIX_BYTES = 5;

export const Header = z.object({
  made_at: z.iso.datetime(),
  /** In the order in which they were applied. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** Of the SWITCHYARD_SECRET that the database belonged to. */
  fingerprint: z.string(),
  key: SealedKey.nullable(),
});
export type Header = z.infer<typeof Header>;

/** Rows of a table follow; of a day's partition, `parent` is the table. `jobs` are those of the job runner. */
export const TableStart = z.object({
  name: z.string(),
  parent: z.string().nullable(),
  columns: z.array(z.string()),
});
export type TableStart = z.infer<typeof TableStart>;
export const Sequence = z.object({ name: z.string(), value: z.string(), is_called: z.boolean() });
export type Sequence = z.infer<typeof Sequence>;

const TYPES = ["table", "rows", "end of table", "sequences", "end"] as const;
export type FrameType = (typeof TYPES)[number];
export interface Frame {
  type: FrameType;
  payload: Buffer;
}

export const damaged = () =>
  new AppError("UNPROCESSABLE", "The backup is damaged or was cut off: nothing of it was restored. Take another one.");

function encode({ type, payload }: Frame): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(payload.length);
  prefix.writeUInt8(TYPES.indexOf(type), 4);
  return Buffer.concat([prefix, payload]);
}

export const jsonFrame = (type: FrameType, value: object): Frame => ({
  type,
  payload: Buffer.from(JSON.stringify(value)),
});

/** The two lines in the clear. */
export const headOf = (header: Header): Buffer => Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);

/** The bytes of the frames, ended with the sum of all, the head included. */
export async function* encodeFrames(head: Buffer, frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256").update(head);
  for await (const frame of frames) {
    const bytes = encode(frame);
    hash.update(bytes);
    yield bytes;
  }
  yield encode({ type: "end", payload: hash.digest() });
}

/** Reads the two lines in the clear, and where they end. */
export async function readHead(path: string): Promise<{ header: Header; head: Buffer }> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw new AppError("BAD_REQUEST", `${path} cannot be read (${cause.code}).`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (!bytes.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)))
      throw new AppError("UNPROCESSABLE", `${path} is no backup of this version or an older one.`);
    const end = bytes.indexOf("\n", MAGIC.length);
    if (end < 0) throw damaged();
    const header = Header.parse(JSON.parse(bytes.subarray(MAGIC.length, end).toString()));
    return { header, head: Buffer.from(bytes.subarray(0, end + 1)) };
  } catch (error) {
    throw error instanceof AppError ? error : damaged();
  } finally {
    await file.close();
  }
}

/** Yields the frames but the last, which it checks. @throws AppError for a file that is not whole */
export async function* readFrames(path: string, head: Buffer): AsyncGenerator<Frame> {
  const hash = createHash("sha256").update(head);
  const file = createReadStream(path, { start: head.length });
  const bytes = file.compose(createZstdDecompress());
  try {
    yield* decode(bytes as AsyncIterable<Buffer>, hash);
  } catch (error) {
    throw isOurs(error) ? error : damaged();
  } finally {
    file.destroy();
    bytes.destroy();
  }
}

const isOurs = (error: unknown) => error instanceof AppError;

async function* decode(stream: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  let isWhole = false;
  for await (const chunk of stream) {
    if (isWhole) throw damaged();
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= PREFIX_BYTES && !isWhole) {
      const bytes = PREFIX_BYTES + rest.readUInt32BE();
      const type = TYPES[rest.readUInt8(4)];
      if (type === undefined || bytes > MAX_FRAME_BYTES) throw damaged();
      if (rest.length < bytes) break;
      const payload = rest.subarray(PREFIX_BYTES, bytes);
      if (type === "end") {
        if (!hash.digest().equals(payload) || rest.length > bytes) throw damaged();
        isWhole = true;
      } else {
        hash.update(rest.subarray(0, bytes));
        yield { type, payload };
      }
      rest = rest.subarray(bytes);
    }
  }
  if (!isWhole) throw damaged();
}
