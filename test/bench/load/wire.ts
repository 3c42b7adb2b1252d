// Just enough HTTP/1.1 to count answers and requests at less than the cost of a parser: both sides of every ratio use it.

export const BODY_BYTES = 1024;
export const SEQUENCE_DIGITS = 10;
/** Every body begins with `{"seq":"`. */
const SEQUENCE_AT = 8;
const LINE_END = "\r\n\r\n";
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const ZERO = 48;

export interface Frame {
  head: string;
  bodyAt: number;
  end: number;
}

/** The message that begins at `from`, or null while it is not complete. */
function readFrame(bytes: Buffer, from: number): Frame | null {
  const headEnd = bytes.indexOf(LINE_END, from, "latin1");
  if (headEnd < 0) return null;
  const head = bytes.toString("latin1", from, headEnd);
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`A message without content-length: ${head}`);
  const bodyAt = headEnd + LINE_END.length;
  const end = bodyAt + Number(length);
  return end <= bytes.length ? { head, bodyAt, end } : null;
}

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
