// A sample of what lies in the spool: whether the secret opens it.
import type { ByteSeals } from "#server/crypto/byte-seal.ts";
import { openArrival } from "./sealed-arrival.ts";

/** The first messages are tried: what cannot be stored stays while those that come later are drained. */
const MAX_TRIED = 50;
const TRY_MS = 2_500;
const TRIED_BYTES = 8 * 1024 * 1024;

export interface Tried {
  tried: number;
  /** Those that the secret does not open. */
  shut: number;
  /** Why the next one could not be read, where that ended it. */
  failure?: string;
}

/** As JetStream gives it. */
interface Message {
  seq: number;
  subject: string;
  data: Uint8Array;
  header: { get(name: string): string };
}

/**
 * Tries the first messages of a stream. A message that cannot be read ends it, and says nothing of the stream: it was drained meanwhile,
 * or the answer was lost.
 *
 * @param read the first message of this number or a later one; null where there is none any more
 */
export async function tryFirst(
  read: (seq: number) => Promise<Message | null>,
  { state, config }: { state: { first_seq: number; last_seq: number }; config: { name: string } },
  seals: ByteSeals,
): Promise<Tried> {
  const found: Tried = { tried: 0, shut: 0 };
  let bytes = 0;
  // Over a slow line a few are enough.
  const untilMs = performance.now() + TRY_MS;
  const isEnough = () => found.tried === MAX_TRIED || bytes >= TRIED_BYTES || performance.now() > untilMs;
  for (let seq = state.first_seq; seq <= state.last_seq && !isEnough(); seq++) {
    const message = await read(seq).catch((error: Error) => error);
    if (message instanceof Error) return { ...found, failure: message.message };
    if (!message) break;
    seq = message.seq;
    bytes += message.data.length;
    found.tried++;
    if (!opens(seals, message, config.name)) found.shut++;
  }
  return found;
}

function opens(seals: ByteSeals, { subject, data, header }: Message, stream: string): boolean {
  try {
    openArrival(seals, Buffer.from(data), subject.slice(stream.length + 1), header.get("Nats-Msg-Id"));
    return true;
  } catch {
    return false;
  }
}
