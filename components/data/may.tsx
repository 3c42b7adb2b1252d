"use client";

import { createContext, type ReactNode, use } from "react";
import type { Capability } from "#server/contracts/capability.ts";

const Context = createContext<readonly Capability[]>([]);

/** What the person may do in the team, for the pages and drawers within. */
export const MayProvider = ({ can, children }: { can: readonly Capability[]; children: ReactNode }) => (
  <Context value={can}>{children}</Context>
);

/** Whether the person may. A control that they may not use is not shown; the server decides all the same. */
export const useMay = (capability: Capability): boolean => use(Context).includes(capability);
