"use client";

import { useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { lazy, type ReactNode, useSyncExternalStore } from "react";
import { noteSignedIn, onStanding, readStanding, type Standing } from "#components/data/standing.ts";
import { useLiveFeed } from "#components/live/live-context.ts";
import { useLiveLink } from "#components/live/use-live.ts";
import { cn } from "#components/ui/class-names.ts";
import { Later } from "#components/ui/later.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { titleAt } from "./pages.ts";

const loadDialog = async () => ({ default: (await import("#components/door/session-ended.tsx")).SessionEnded });
const loadRemoved = async () => ({ default: (await import("./removed.tsx")).Removed });
const SessionEnded = lazy(loadDialog);
const Removed = lazy(loadRemoved);
const ROWS = Array.from({ length: 16 }, (_, row) => row);

interface SessionGuardProps {
  email: string;
  ways: SignInWays;
  children: ReactNode;
}

/** The page's content while its session lives. When it ends, nobody reads on, and nothing that was typed is lost. */
export function SessionGuard({ email, ways, children }: SessionGuardProps) {
  const feed = useLiveFeed();
  const queryClient = useQueryClient();
  const path = usePathname();
  const standing = useSyncExternalStore(onStanding, readStanding, (): Standing => "in");
  const isSignedOut = useLiveLink() === "signed-out" || standing === "signed-out";
  const isOver = isSignedOut || standing === "removed";
  const goOn = () => {
    noteSignedIn();
    feed.retry();
    void queryClient.invalidateQueries();
  };
  return (
    <>
      <div className={cn("contents", isOver && "[&>*]:invisible")}>{children}</div>
      {isOver ? <Blank /> : null}
      <Later isOpen={standing === "removed"} load={loadRemoved}>
        <Removed isOpen={standing === "removed" && !isSignedOut} />
      </Later>
      <Later isOpen={isSignedOut} load={loadDialog}>
        <SessionEnded isOpen={isSignedOut} email={email} ways={ways} title={titleAt(path)} onSignedIn={goOn} />
      </Later>
    </>
  );
}

const Blank = () => (
  <div aria-hidden="true" className="absolute inset-0 grid content-start gap-4 overflow-hidden bg-canvas p-5">
    {ROWS.map((row) => (
      <Skeleton key={row} className={cn("h-4", row % 3 === 0 ? "w-2/3" : "w-full")} />
    ))}
  </div>
);
