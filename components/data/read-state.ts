"use client";

// The state of a setting that a form was filled from. It goes with each save, so nothing is saved over what nobody here has read.
import { useState } from "react";
import type { ChangedSince } from "#server/contracts/changed-since.ts";

interface Refused {
  data?: { changed_since?: ChangedSince | undefined } | null | undefined;
}

/** The `updated_at` to send after a refusal: its sentence told of the newer state, so the next save is meant for that one. */
const toldIn = (error: Refused): string | undefined => error.data?.changed_since?.updated_at;

export interface Typed {
  typed: string;
  /** The saved value when typing began. */
  base: string;
  readAt: string;
}

/**
 * A field over a newer state of its setting: what was not typed in follows, and what was typed stays. It stays meant for
 * the state from when typing began, unless what is saved of it is still the same. Pure.
 */
export function followed(field: Typed, saved: string, updatedAt: string): Typed {
  if (updatedAt <= field.readAt) return field;
  if (field.typed === field.base) return { typed: saved, base: saved, readAt: updatedAt };
  return field.base === saved ? { ...field, readAt: updatedAt } : field;
}

/** One field of a setting that others may change meanwhile. */
export function useTyped(saved: string, updatedAt: string) {
  const [field, setField] = useState<Typed>({ typed: saved, base: saved, readAt: updatedAt });
  const now = followed(field, saved, updatedAt);
  if (now !== field) setField(now);
  return {
    typed: now.typed,
    readAt: now.readAt,
    type: (typed: string) => setField((before) => ({ ...before, typed })),
    /** It was saved as this. */
    saved: (value: string, at: string) => setField({ typed: value, base: value, readAt: at }),
    refused: (error: Refused) => setField((before) => ({ ...before, readAt: toldIn(error) ?? before.readAt })),
  };
}

/** When a form of several fields was filled, and what it takes from a refusal. */
export function useReadAt(updatedAt: string) {
  const [readAt, setReadAt] = useState(updatedAt);
  return { readAt, refused: (error: Refused) => setReadAt((before) => toldIn(error) ?? before) };
}
