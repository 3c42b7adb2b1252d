"use client";

import type { ReactNode } from "react";

import { DiffView } from "#components/data/diff-view.tsx";
import { type BodyOf, useBodyText } from "./body-view.tsx";
import { whyNotCompared } from "./compared.ts";

/** What is different between two bodies; those that are too large for a reader are not compared. */
export function BodyDiff({ before, after, label }: { before: BodyOf; after: BodyOf; label: string }) {
  const [first, second] = [useBodyText(before, false), useBodyText(after, false)];
  const error = first.error ?? second.error;
  if (error) return <Note>The bodies did not load: {error.message}</Note>;
  if (!first.data || !second.data) return <Note>Reading both bodies.</Note>;
  const reason = whyNotCompared([first.data, second.data]);
  if (reason !== undefined) return <Note>{reason}</Note>;
  const [one, two] = [first.data.text, second.data.text];
  return <DiffView label={label} before={one ?? ""} after={two ?? ""} />;
}

const Note = ({ children }: { children: ReactNode }) => (
  <p className="px-5 py-3 text-muted max-md:px-3.5">{children}</p>
);
