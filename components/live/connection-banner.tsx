"use client";

import { useCallback } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { formatAgo } from "#components/ui/format.ts";
import { useHeardAt, useLiveLink } from "./use-live.ts";

/** Both times are this machine's: its clock may be wrong, and the difference is right all the same. */
const ago = (heardAtMs: number) => formatAgo(new Date(heardAtMs).toISOString(), new Date().toISOString());

const LastUpdate = ({ heardAtMs }: { heardAtMs: number }) => (
  <>Last update {useNow(useCallback(() => ago(heardAtMs), [heardAtMs]))}. </>
);

/** Says that what the page shows stands still. It lies over the page, so that nothing moves. */
export function ConnectionBanner() {
  const link = useLiveLink();
  const heardAtMs = useHeardAt();
  if (link !== "lost") return null;
  return (
    <div className="pointer-events-none absolute inset-x-3 bottom-3 z-30 flex justify-center">
      <div className="pointer-events-auto max-w-full rounded-md bg-float shadow-dialog">
        <Banner kind="stale">
          No answer from the server. {heardAtMs === undefined ? null : <LastUpdate heardAtMs={heardAtMs} />}
          The page goes on by itself.
        </Banner>
      </div>
    </div>
  );
}
