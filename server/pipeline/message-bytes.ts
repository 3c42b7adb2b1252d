// The bytes of messages to Postgres, in one buffer that grows: frames, and values in the binary formats of its types.
// https://www.postgresql.org/docs/current/protocol-message-formats.html
import { letGo } from "#server/wire/let-go.ts";

const FIRST_BYTES = 64 * 1024;
/** Buffers that are kept for the next messages, and the most that one of them may hold. */
const KEPT = 4;
const MAX_KEPT_BYTES = 1024 * 1024;
const kept: Buffer[] = [];

function keepOrLetGo(buffer: Buffer): void {
  if (kept.length < KEPT && buffer.length <= MAX_KEPT_BYTES) kept.push(buffer);
  else letGo(buffer);
}

/** Up to this length a loop over the characters is quicker than a call of Buffer's own code. */
const SHORT_CHARS = 40;
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_POW_32 = 0x1_0000_0000;
/** Further from Postgres' epoch the microseconds are no longer exact as a double. */
const MAX_EXACT_MS = 9_000_000_000_000;
const MAX_INT = 0x7fff_ffff;
/** Of an array with one dimension: that number, whether it has nulls, its elements' type, their count, the first index. */
const ARRAY_HEAD_BYTES = 20;
const REAL_OID = 700;

/** A value that may be absent: null in SQL. */
type Maybe<T> = T | null | undefined;

export class MessageBytes {
  /** Of the rows that are written now. */
  columnCount = 0;
  private buffer: Buffer = kept.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
  private at = 0;

  get length(): number {
    return this.at;
  }

  /** The bytes from one place to another, not copied. They hold until `release`. */
  slice(from: number, to: number): Buffer {
    return this.buffer.subarray(from, to);
  }

  /** Gives the buffer away. Only for messages that the server has read to their end. */
  release(): void {
    keepOrLetGo(this.buffer);
    this.buffer = Buffer.alloc(0);
    this.at = 0;
  }

  /** Starts a message. Returns its place for `endFrame`. */
  startFrame(kind: string): number {
    this.room(5);
    this.buffer[this.at] = kind.charCodeAt(0);
    this.at += 5;
    return this.at - 4;
  }

  /** Ends the message that started at `place`: its length goes before it. */
  endFrame(place: number): void {
    this.buffer.writeInt32BE(this.at - place, place);
  }

  int16(value: number): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.room(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A name as the protocol ends it. A name that ends before is refused: what follows would be read as another field. */
  cString(text: string): void {
    if (text.includes("\0")) throw new Error("A name in the protocol cannot hold U+0000.");
    this.raw(Buffer.from(`${text}\0`));
  }

  /** Starts a row of a COPY. A value for each column follows. */
  row(): void {
    this.int16(this.columnCount);
  }

  /** Appends a copy of bytes that were written before. */
  again(from: number, to: number): void {
    this.room(to - from);
    this.buffer.copyWithin(this.at, from, to);
    this.at += to - from;
  }

  integer(value: Maybe<number>): void {
    if (this.isNull(value)) return;
    if (!Number.isInteger(value)) throw new RangeError(`${value} is no integer.`);
    this.room(8);
    this.at = this.buffer.writeInt32BE(value, this.buffer.writeInt32BE(4, this.at));
  }

  bigint(value: Maybe<number | bigint>): void {
    if (this.isNull(value)) return;
    this.room(12);
    this.at = this.buffer.writeBigInt64BE(BigInt(value), this.buffer.writeInt32BE(8, this.at));
  }

  boolean(value: Maybe<boolean>): void {
    if (this.isNull(value)) return;
    this.room(5);
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.buffer.writeInt32BE(1, this.at));
  }

  real(value: Maybe<number>): void {
    if (this.isNull(value)) return;
    this.room(8);
    this.at = this.buffer.writeFloatBE(value, this.buffer.writeInt32BE(4, this.at));
  }

  /** For the type real[]. */
  reals(values: Maybe<readonly number[]>): void {
    if (this.isNull(values)) return;
    this.room(4 + ARRAY_HEAD_BYTES + 8 * values.length);
    const { buffer } = this;
    this.at = buffer.writeInt32BE(ARRAY_HEAD_BYTES + 8 * values.length, this.at);
    for (const part of [1, 0, REAL_OID, values.length, 1]) this.at = buffer.writeInt32BE(part, this.at);
    for (const value of values) this.at = buffer.writeFloatBE(value, buffer.writeInt32BE(4, this.at));
  }

  double(value: Maybe<number>): void {
    if (this.isNull(value)) return;
    this.room(12);
    this.at = this.buffer.writeDoubleBE(value, this.buffer.writeInt32BE(8, this.at));
  }

  /** Microseconds since 2000 in 64 bits. */
  timestamptz(value: Maybe<Date>): void {
    if (this.isNull(value)) return;
    const ms = value.getTime() - POSTGRES_EPOCH_MS;
    if (Number.isNaN(ms)) throw new RangeError("An invalid time cannot be stored.");
    if (Math.abs(ms) > MAX_EXACT_MS) {
      this.bigint(BigInt(ms) * 1000n);
      return;
    }
    const high = Math.floor((ms * 1000) / TWO_POW_32);
    this.room(12);
    const afterHigh = this.buffer.writeInt32BE(high, this.buffer.writeInt32BE(8, this.at));
    this.at = this.buffer.writeUInt32BE(ms * 1000 - high * TWO_POW_32, afterHigh);
  }

  /**
   * For the types text and json. Half of a surrogate pair becomes U+FFFD; U+0000 is refused by Postgres with 22021 (texts of
   * strangers are cleaned before: `server/json/storable.ts`).
   */
  text(value: Maybe<string>): void {
    if (this.isNull(value)) return;
    const { length } = value;
    this.room(4 + 3 * length);
    const start = this.at + 4;
    if (length > SHORT_CHARS || !this.isWrittenAsAscii(value, start)) {
      const bytes = this.buffer.write(value, start, "utf8");
      this.at = this.buffer.writeInt32BE(bytes, this.at) + bytes;
    } else this.at = this.buffer.writeInt32BE(length, this.at) + length;
  }

  bytea(value: Maybe<Uint8Array>): void {
    if (this.isNull(value)) return;
    this.int32(value.length);
    this.raw(value);
  }

  /** Writes null in the place of an absent value. */
  private isNull<T>(value: Maybe<T>): value is null | undefined {
    if (value !== null && value !== undefined) return false;
    this.int32(-1);
    return true;
  }

  private isWrittenAsAscii(text: string, start: number): boolean {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      this.buffer[start + i] = code;
    }
    return true;
  }

  private room(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) return;
    if (needed > MAX_INT) throw new RangeError("A message to Postgres holds less than 2 GiB.");
    // A large value is mostly the last one. The few bytes that end its message have room behind it.
    const roomy = Math.max(this.buffer.length * 2, needed + FIRST_BYTES);
    const larger = Buffer.allocUnsafeSlow(Math.min(MAX_INT, roomy));
    this.buffer.copy(larger, 0, 0, this.at);
    keepOrLetGo(this.buffer);
    this.buffer = larger;
  }
}
