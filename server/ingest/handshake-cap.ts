// Handshakes that bring their owner a secret. They come once, so what strangers send beside them must leave them room: they share
// none with rejections, and one caller uses up a little.
import { makeDailyBytes } from "#server/shares/daily-bytes.ts";
import { callerKey } from "#server/wire/caller-address.ts";
import { bytesOf, cutSent, type EvidenceOwner, FULL, type Kept, NOTHING, type Sent } from "./evidence.ts";

const MIB = 1024 * 1024;
/** The caps of one gateway in all, of a team, of a source. */
const BYTES_PER_DAY = [256 * MIB, 64 * MIB, 16 * MIB];
const HOUR_MS = 3_600_000;
/** Some hundred handshakes of a provider. */
const BYTES_PER_CALLER_AND_HOUR = 128 * 1024;

/** Decides whether a handshake is stored at `nowMs`. One that would be cut is not: the cut may be the secret. */
export function makeHandshakeCap(): (owner: EvidenceOwner & { ip: string }, sent: Sent, nowMs: number) => Kept {
  const daily = makeDailyBytes(BYTES_PER_DAY);
  let hour = 0;
  /** Of callers of whom something was kept: the bytes of a day bound their number. */
  let callerBytes = new Map<string, number>();

  return ({ teamId, sourceId, ip }, sent, nowMs) => {
    const current = Math.floor(nowMs / HOUR_MS);
    if (current !== hour) {
      hour = current;
      callerBytes = new Map();
    }
    const evidence = cutSent(sent, FULL);
    const caller = `${sourceId} ${callerKey(ip)}`;
    const bytes = bytesOf(evidence);
    const total = (callerBytes.get(caller) ?? 0) + bytes;
    const isKept =
      evidence.note === "" && total <= BYTES_PER_CALLER_AND_HOUR && daily.take([teamId, sourceId], bytes, nowMs);
    if (!isKept) return { isKept, evidence: NOTHING };
    callerBytes.set(caller, total);
    return { isKept, evidence };
  };
}
