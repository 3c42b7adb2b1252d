"use client";

import { useState } from "react";
import { WhyList } from "#components/data/why-list.tsx";
import { Button } from "#components/ui/button.tsx";
import type { EventDetail } from "#server/contracts/event.ts";

/** Of more steps than this those in the middle wait for a press: how it began and how it stands tell the most. */
const MAX_SHOWN = 14;
const HEAD = 6;
const TAIL = 5;

/** Why the event is where it is, step by step. */
export function EventWhy({ why }: Pick<EventDetail, "why">) {
  const [isAll, setAll] = useState(false);
  if (isAll || why.length <= MAX_SHOWN) return <WhyList why={why} />;
  const hidden = why.length - HEAD - TAIL;
  return (
    <>
      <WhyList why={why.slice(0, HEAD)} />
      <Button kind="quiet" size="sm" className="my-0.5 ml-3.5" onClick={() => setAll(true)}>
        Show {hidden} more steps
      </Button>
      <WhyList why={why.slice(-TAIL)} />
    </>
  );
}
