// The file of a backup: a line that names it, a line of JSON that says of what it is, a line with the SHA-256 of these two, then
// frames, each compressed by itself and ended with a tag over all bytes of the file up to it. So nothing of a file that was changed,
// cut off or put together anew reaches a table.
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";
import { AppError } from "#server/errors/app-error.ts";
import { SealedKey } from "./sealed-key.ts";

const MAGIC = "SWITCHYARD BACKUP 1\n";
const MAX_HEAD_BYTES = 256 * 1024;
/** A row of Postgres has up to 1 GB. */
const MAX_PAYLOAD_BYTES = 2 ** 30 + 2 ** 24;
const PREFIX_BYTES = 5;
const TAG_BYTES = 16;

export const Header = z.object({
  made_at: z.iso.datetime(),
  /** Of the Switchyard that made it. */
  version: z.string(),
  /** In the order in which they were applied. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** Of the SWITCHYARD_SECRET that the database belonged to; empty where nobody knew. */
  fingerprint: z.string(),
  /** The secret itself, under a passphrase; null: it is not in the file. */
  key: SealedKey.nullable(),
});
export type Header = z.infer<typeof Header>;

/** Rows of a table follow; of a day's partition, `parent` is the table. */
export const TableStart = z.object({
  name: z.string(),
  parent: z.string().nullable(),
  columns: z.array(z.string()),
});
export type TableStart = z.infer<typeof TableStart>;
export const EndOfTable = z.object({ rows: z.number() });
export const Sequence = z.object({ name: z.string(), value: z.string(), is_called: z.boolean() });
export type Sequence = z.infer<typeof Sequence>;

const TYPES = ["table", "rows", "end of table", "sequences", "end"] as const;
export type FrameType = (typeof TYPES)[number];
export interface Frame {
  type: FrameType;
  payload: Buffer;
}

export const damaged = () =>
  new AppError(
    "UNPROCESSABLE",
    "The backup is damaged or was cut off, and nothing of it was restored: take another one.",
  );

/** The tag of all that `hash` has seen, which goes on. */
const tagOf = (hash: Hash) => hash.copy().digest().subarray(0, TAG_BYTES);

function encode({ type, payload }: Frame, hash: Hash): Buffer {
  const packed = zstdCompressSync(payload);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(packed.length);
  prefix.writeUInt8(TYPES.indexOf(type), 4);
  hash.update(prefix).update(packed);
  return Buffer.concat([prefix, packed, tagOf(hash)]);
}

export const jsonFrame = (type: FrameType, value: object): Frame => ({
  type,
  payload: Buffer.from(JSON.stringify(value)),
});

const lineOf = (bytes: Buffer) => `${createHash("sha256").update(bytes).digest("hex")}\n`;

/** The three lines in the clear. */
export function headOf(header: Header): Buffer {
  const said = Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);
  return Buffer.concat([said, Buffer.from(lineOf(said))]);
}

/** The bytes of a whole file: `head`, the frames, and the last one, which says that there are no more. */
export async function* encodeFile(head: Buffer, frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  yield head;
  const hash = createHash("sha256").update(head);
  for await (const frame of frames) yield encode(frame, hash);
  yield encode({ type: "end", payload: Buffer.alloc(0) }, hash);
}

export interface ReadHead {
  path: string;
  header: Header;
  /** The bytes of the three lines. */
  head: Buffer;
}

/** Reads the lines in the clear. @throws AppError for a file that is none of ours, or damaged */
export async function readHead(path: string): Promise<ReadHead> {
  const unreadable = (cause: NodeJS.ErrnoException) => {
    throw new AppError("BAD_REQUEST", `${path} cannot be read (${cause.code}).`);
  };
  const file = await open(path, "r").catch(unreadable);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEAD_BYTES), 0, MAX_HEAD_BYTES, 0).catch(unreadable);
    const bytes = buffer.subarray(0, bytesRead);
    if (!bytes.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)))
      throw new AppError("UNPROCESSABLE", `${path} is no backup of Switchyard, or of a later version's format.`);
    const saidEnd = bytes.indexOf("\n", MAGIC.length) + 1;
    const said = bytes.subarray(0, saidEnd);
    const line = Buffer.from(lineOf(said));
    if (saidEnd === 0 || !bytes.subarray(saidEnd, saidEnd + line.length).equals(line)) throw damaged();
    const header = Header.parse(JSON.parse(said.subarray(MAGIC.length).toString()));
    return { path, header, head: Buffer.concat([said, line]) };
  } catch (error) {
    throw error instanceof AppError ? error : damaged();
  } finally {
    await file.close();
  }
}

/**
 * Yields the frames but the last, each once its tag was found right.
 *
 * @param onRead is told how many bytes of the file were read @throws AppError for a file that is not whole
 */
export async function* readFrames({ path, head }: ReadHead, onRead: (bytes: number) => void): AsyncGenerator<Frame> {
  const hash = createHash("sha256").update(head);
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    for (let at = head.length; ; ) {
      const { type, payload, bytes } = await readFrame(file, { at, size, hash });
      at += bytes;
      onRead(at);
      if (type !== "end") yield { type, payload };
      else if (at === size) return;
      else throw damaged();
    }
  } finally {
    await file.close();
  }
}

interface Place {
  at: number;
  /** Of the file. */
  size: number;
  hash: Hash;
}

async function readFrame(file: FileHandle, { at, size, hash }: Place): Promise<Frame & { bytes: number }> {
  const prefix = await readExactly(file, PREFIX_BYTES, at);
  const bytes = PREFIX_BYTES + prefix.readUInt32BE() + TAG_BYTES;
  const type = TYPES[prefix.readUInt8(4)];
  if (type === undefined || at + bytes > size) throw damaged();
  const rest = await readExactly(file, bytes - PREFIX_BYTES, at + PREFIX_BYTES);
  const packed = rest.subarray(0, -TAG_BYTES);
  hash.update(prefix).update(packed);
  if (!tagOf(hash).equals(rest.subarray(-TAG_BYTES))) throw damaged();
  return { type, payload: zstdDecompressSync(packed, { maxOutputLength: MAX_PAYLOAD_BYTES }), bytes };
}

async function readExactly(file: FileHandle, bytes: number, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, position + done);
    if (bytesRead === 0) throw damaged();
    done += bytesRead;
  }
  return buffer;
}
