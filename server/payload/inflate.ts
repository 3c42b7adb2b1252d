// Decodes content encodings, on copies and within caps. A bomb gives nothing, and never an error.
import { promisify } from "node:util";
import {
  brotliDecompress,
  brotliDecompressSync,
  gunzip,
  gunzipSync,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  inflate as inflateZlib,
} from "node:zlib";

const MAX_INFLATED_BYTES = 10 * 1024 * 1024;
const MAX_RATIO = 100;
const ALLOWANCE_BYTES = 64 * 1024;
const MAX_ENCODINGS = 2;

type Codec = "gzip" | "br" | "zlib" | "raw";
const INFLATE_SYNC = { gzip: gunzipSync, br: brotliDecompressSync, zlib: inflateSync, raw: inflateRawSync };
const INFLATE = {
  gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  br: promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress),
  zlib: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateZlib),
  raw: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw),
};

/** In the order in which they are undone; null where there are more than two. */
function encodingsOf(contentEncoding: string | null): string[] | null {
  const encodings = (contentEncoding ?? "")
    .split(",")
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== "" && encoding !== "identity");
  return encodings.length > MAX_ENCODINGS ? null : encodings.reverse();
}

function codecOf(bytes: Buffer, encoding: string): Codec {
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "br") return "br";
  if (encoding !== "deflate") throw new Error(`The encoding ${encoding} is not known.`);
  // Many senders leave out the zlib wrapper that RFC 9110 asks for; its first byte has 8 in the low four bits.
  return ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0 ? "zlib" : "raw";
}

const limitFor = (body: Buffer) => ({
  maxOutputLength: Math.min(MAX_INFLATED_BYTES, body.length * MAX_RATIO + ALLOWANCE_BYTES),
});

/**
 * The bytes behind a `content-encoding`, given as received. Null where it is unknown, its data broken, or its output over
 * 10 MiB, or over 100 times its size plus 64 KiB.
 */
export function inflate(body: Buffer, contentEncoding: string | null): Buffer | null {
  const encodings = encodingsOf(contentEncoding);
  if (encodings?.length === 0) return body;
  try {
    return (
      encodings?.reduce((bytes, encoding) => INFLATE_SYNC[codecOf(bytes, encoding)](bytes, limitFor(body)), body) ??
      null
    );
  } catch {
    return null;
  }
}

/** Like {@link inflate}, on another thread. It reads a copy: that thread may read on after the answer, when there is too much. */
export async function inflateAside(body: Buffer, contentEncoding: string | null): Promise<Buffer | null> {
  let bytes: Buffer | null = body;
  try {
    for (const encoding of encodingsOf(contentEncoding) ?? [""]) {
      const read: Buffer = bytes === body ? Buffer.from(body) : bytes;
      bytes = await INFLATE[codecOf(read, encoding)](read, limitFor(body));
    }
    return bytes;
  } catch {
    return null;
  }
}
