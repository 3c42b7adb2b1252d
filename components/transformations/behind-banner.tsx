"use client";

import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import type { TransformationVersion } from "#server/contracts/transformation.ts";
import { authorOf } from "./use-versions.ts";

interface BehindBannerProps {
  from: number;
  to: number;
  /** The version that somebody else saved; undefined while it is read. */
  theirs: TransformationVersion | undefined;
  compare: () => void;
  takeTheirs: () => void;
  keepMine: () => void;
}

/** Somebody saved another version while the code was edited: nothing is overwritten until a person says which one it is. */
export const BehindBanner = ({ from, to, theirs, compare, takeTheirs, keepMine }: BehindBannerProps) => (
  <div className="border-line border-b px-3 py-1.5">
    <Banner
      kind="warning"
      action={
        <span className="flex flex-wrap justify-end gap-1.5">
          <Button size="sm" onClick={compare}>
            Compare
          </Button>
          <Button size="sm" onClick={takeTheirs}>
            Take v{to}
          </Button>
          <Button size="sm" onClick={keepMine}>
            Go on with mine
          </Button>
        </span>
      }
    >
      v{to} was saved{theirs ? ` ${authorOf(theirs)}` : ""} while you changed v{from}. Your code is kept in this tab.
    </Banner>
  </div>
);
