/** Whether the page is live, and from when its numbers are. */
export function Freshness({ now, isStale }: { now: string; isStale: boolean }) {
  const clock = <time dateTime={now}>{now.slice(11, 19)} UTC</time>;
  return (
    <p role="status" aria-live="off" className={isStale ? "font-medium text-failed" : "text-muted"}>
      {isStale ? <>No answer from the server; these numbers are from {clock}</> : <>Live · {clock}</>}
    </p>
  );
}
