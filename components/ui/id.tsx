import { CopyButton } from "./copy-button.tsx";

const HEAD_CHARS = 4;
const TAIL_CHARS = 4;

/** `evt_01kb…x4mr`: the prefix, and the ends that tell two ids apart at a glance. */
export function shortenId(id: string): string {
  const head = id.indexOf("_") + 1 + HEAD_CHARS;
  return id.length > head + TAIL_CHARS + 1 ? `${id.slice(0, head)}…${id.slice(-TAIL_CHARS)}` : id;
}

/** An id, shortened unless `isWhole`, with a button that copies all of it. */
export function Id({ id, what, isWhole = false }: { id: string; what: string; isWhole?: boolean }) {
  return (
    <span className="inline-flex items-center gap-0.5 whitespace-nowrap align-middle font-mono text-muted text-xs">
      <span title={id}>{isWhole ? id : shortenId(id)}</span>
      <CopyButton text={id} what={what} />
    </span>
  );
}
