"use client";

import { type FormEvent, useState } from "react";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { matchingKinds, OTHER_KINDS, PROVIDER_KINDS, type SourceKind } from "./source-kinds.ts";

const heading = "mt-4 mb-2 px-4 font-semibold text-xs";

/** Who sends: a provider by its tile, or any other sender by the way in which it proves itself. Enter takes the first. */
export function KindPicker({ onPick }: { onPick: (kind: SourceKind) => void }) {
  const [typed, setTyped] = useState("");
  const providers = matchingKinds(typed, PROVIDER_KINDS);
  const others = matchingKinds(typed, OTHER_KINDS);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first] = [...providers, ...others];
    if (typed.trim() !== "" && first) onPick(first);
  };
  return (
    <>
      <search>
        <form onSubmit={submit} className="border-line border-b px-4 pb-3">
          <div className="relative">
            <Icon
              name="search"
              size={14}
              className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
            />
            <Input
              autoFocus
              aria-label="Find a provider"
              placeholder={`${PROVIDER_KINDS.length} providers, or any sender`}
              className="pl-8"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        </form>
      </search>
      {providers.length > 0 ? (
        <>
          <h3 className={heading}>Providers</h3>
          <div className="grid grid-cols-6 gap-y-1 px-2.5 max-md:grid-cols-3">
            {providers.map((kind) => (
              <button
                key={kind.key}
                type="button"
                title={kind.about}
                onClick={() => onPick(kind)}
                className="grid justify-items-center gap-1.5 rounded-md pt-2 pb-[7px] text-xs hovered:bg-inset"
              >
                <Tile type={kind.key} size="lg" />
                <span>{kind.title}</span>
              </button>
            ))}
          </div>
        </>
      ) : null}
      {others.length > 0 ? (
        <>
          <h3 className={heading}>Any other sender</h3>
          <div className="grid grid-cols-2 px-2.5 max-md:grid-cols-1">
            {others.map((kind) => (
              <button
                key={kind.key}
                type="button"
                onClick={() => onPick(kind)}
                className="flex items-center gap-2.5 rounded-md px-1.5 py-1 text-left hovered:bg-inset pointer-coarse:min-h-10"
              >
                <Tile type={kind.key} />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{kind.title}</span>
                  <span className="block truncate text-muted text-xs">{kind.about}</span>
                </span>
              </button>
            ))}
          </div>
        </>
      ) : null}
      {providers.length + others.length === 0 ? (
        <p className="px-4 py-4 text-muted">
          No provider is called so. HMAC signature verifies most of those that are not listed: clear the search and take
          it.
        </p>
      ) : null}
    </>
  );
}
