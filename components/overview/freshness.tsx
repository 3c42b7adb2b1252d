import { Banner } from "#components/ui/banner.tsx";

const Clock = ({ now }: { now: string }) => <time dateTime={now}>{now.slice(11, 19)} UTC</time>;

/** Whether the page is live, and from when its numbers are. */
export function Freshness({ now, isStale }: { now: string; isStale: boolean }) {
  return (
    <p className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted text-xs">
      {isStale ? null : (
        <span className="mr-0.5 size-[7px] rounded-full bg-delivered-solid shadow-[0_0_0_3px_var(--delivered-bg)]" />
      )}
      <span>
        {isStale ? "From " : "Live · "}
        <Clock now={now} />
      </span>
    </p>
  );
}

/** Says that the numbers below stand still. */
export const StaleBanner = ({ now }: { now: string }) => (
  <div className="mb-4">
    <Banner kind="stale">
      No answer from the server. What you see is from <Clock now={now} />; the page goes on by itself.
    </Banner>
  </div>
);
