// Just enough HTTP/1.1 to count answers and requests at less than the cost of a parser: both sides of every ratio use it.

export const BODY_BYTES = 1024;
export const SEQUENCE_DIGITS = 10;
/** Every body begins with `{"seq":"`. */
const SEQUENCE_AT = 8;
const LINE_END = "\r\n\r\n";
const CONTENT_LENGTH = "\r\ncontent-length: ";
const STATUS_AT = "HTTP/1.1 ".length;
const [ZERO, NINE] = [48, 57];

export interface Frame {
  at: number;
  bodyAt: number;
  end: number;
}

/** The message that begins at `from`, or null while it is not complete. */
function readFrame(bytes: Buffer, from: number): Frame | null {
  const headEnd = bytes.indexOf(LINE_END, from, "latin1");
  if (headEnd < 0) return null;
  const lengthAt = bytes.indexOf(CONTENT_LENGTH, from, "latin1");
  if (lengthAt < 0 || lengthAt > headEnd) {
    throw new Error(`A message without content-length: ${bytes.toString("latin1", from, headEnd)}`);
  }
  const bodyAt = headEnd + LINE_END.length;
  const end = bodyAt + readNumber(bytes, lengthAt + CONTENT_LENGTH.length);
  return end <= bytes.length ? { at: from, bodyAt, end } : null;
}

function readNumber(bytes: Buffer, at: number): number {
  let number = 0;
  for (let i = at; ; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < ZERO || byte > NINE) return number;
    number = number * 10 + byte - ZERO;
  }
}

/** The status of an answer that begins at `at`. */
export const readStatus = (bytes: Buffer, at: number) => readNumber(bytes, at + STATUS_AT);

export function readSequence(bytes: Buffer, bodyAt: number): number {
  let sequence = 0;
  for (let i = 0; i < SEQUENCE_DIGITS; i++) sequence = sequence * 10 + (bytes[bodyAt + SEQUENCE_AT + i] ?? ZERO) - ZERO;
  return sequence;
}

export function writeSequence(bytes: Buffer, bodyAt: number, sequence: number): void {
  let rest = sequence;
  for (let i = SEQUENCE_DIGITS - 1; i >= 0; i--) {
    bytes[bodyAt + SEQUENCE_AT + i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Calls `onFrame` for each whole message of a stream of chunks; most chunks are one message. */
export function makeFramer(onFrame: (bytes: Buffer, frame: Frame) => void): (chunk: Buffer) => void {
  let pending: Buffer | null = null;
  return (chunk) => {
    const bytes: Buffer = pending ? Buffer.concat([pending, chunk]) : chunk;
    let at = 0;
    for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at)) {
      at = frame.end;
      onFrame(bytes, frame);
      if (at === bytes.length) break;
    }
    pending = at === bytes.length ? null : bytes.subarray(at);
  };
}
