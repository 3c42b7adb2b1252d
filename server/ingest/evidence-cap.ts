/** Rejected bodies are evidence, not payload: this much of one is kept. */
export const EVIDENCE_BODY_BYTES = 16 * 1024;

/** How many rejected requests of one source are kept a minute; the rest are only counted, so that an attacker cannot fill the disk. */
const KEPT_PER_MINUTE = 300;

/** Decides whether one more rejected request of a source is kept at `nowMs`. */
export function makeEvidenceCap(): (sourceId: string, nowMs: number) => boolean {
  let minute = 0;
  let kept = new Map<string, number>();
  return (sourceId, nowMs) => {
    const current = Math.floor(nowMs / 60_000);
    if (current !== minute) {
      minute = current;
      kept = new Map();
    }
    const count = (kept.get(sourceId) ?? 0) + 1;
    kept.set(sourceId, count);
    return count <= KEPT_PER_MINUTE;
  };
}
