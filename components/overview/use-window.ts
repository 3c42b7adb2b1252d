"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { startTransition } from "react";
import type { OverviewWindow } from "#server/contracts/overview.ts";

const WINDOWS = ["24h", "7d", "30d"] as const satisfies readonly OverviewWindow[];
const parser = parseAsStringLiteral(WINDOWS).withDefault("24h");

/** How far back the numbers reach, in the URL. What is shown stays until the new numbers are there. */
export function useWindow(): [OverviewWindow, (window: OverviewWindow) => void] {
  const [window, setWindow] = useQueryState("window", { ...parser, startTransition });
  return [window, (next) => void setWindow(next)];
}
