"use client";

import { type FormEvent, useState } from "react";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { ALL_KINDS, matchingKinds, OFTEN_KINDS, OTHER_KINDS, PROVIDER_KINDS, type SourceKind } from "./source-kinds.ts";

const heading = "mt-4 mb-2 px-4 font-semibold text-xs";
const UNCONFIRMED = "unconfirmed";

interface PickProps {
  onPick: (kind: SourceKind) => void;
}

/** Who sends: a provider by its tile, or any other sender by the way in which it proves itself. Enter takes the first. */
export function KindPicker({ onPick }: PickProps) {
  const [typed, setTyped] = useState("");
  const isSearch = typed.trim() !== "";
  const found = matchingKinds(typed, ALL_KINDS);
  const providers = found.filter((kind) => PROVIDER_KINDS.includes(kind));
  const others = found.filter((kind) => OTHER_KINDS.includes(kind));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first] = [...providers, ...others];
    if (isSearch && first) onPick(first);
  };
  return (
    <>
      <search>
        <form onSubmit={submit} className="border-line border-b px-4 pt-1 pb-3">
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
      {isSearch ? null : <OftenUsed onPick={onPick} />}
      {isSearch ? <Providers kinds={providers} title="Providers" onPick={onPick} /> : null}
      <Others kinds={others} onPick={onPick} />
      {isSearch ? null : (
        <Providers kinds={providers} title={`All ${providers.length}`} order="A to Z" onPick={onPick} />
      )}
      {found.length === 0 ? (
        <p className="px-4 py-4 text-muted">
          No provider is called so. HMAC signature verifies most of those that are not listed: clear the search and take
          it.
        </p>
      ) : null}
    </>
  );
}

const OftenUsed = ({ onPick }: PickProps) => (
  <>
    <h3 className={heading}>Often used</h3>
    <div className="grid grid-cols-6 gap-y-1 px-2.5 max-md:grid-cols-3">
      {OFTEN_KINDS.map((kind) => (
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
);

const row =
  "flex min-w-0 items-center gap-2.5 rounded-md px-1.5 py-1 text-left hovered:bg-inset pointer-coarse:min-h-10";

interface ProvidersProps extends PickProps {
  kinds: readonly SourceKind[];
  title: string;
  order?: string;
}

function Providers({ kinds, title, order, onPick }: ProvidersProps) {
  if (kinds.length === 0) return null;
  return (
    <>
      <div className="flex items-baseline justify-between pr-4">
        <h3 className={heading}>{title}</h3>
        {order === undefined ? null : <span className="text-muted text-xs">{order}</span>}
      </div>
      <div className="grid grid-cols-2 px-2.5 pb-3 max-md:grid-cols-1">
        {kinds.map((kind) => (
          <button key={kind.key} type="button" title={kind.about} onClick={() => onPick(kind)} className={row}>
            <Tile type={kind.key} />
            <span className="min-w-0 flex-1 truncate">{kind.title}</span>
            {kind.isConfirmed ? null : <span className="text-muted text-xs">{UNCONFIRMED}</span>}
          </button>
        ))}
      </div>
    </>
  );
}

/** What the mark beside a provider's name means: in reach at every place of a long list. */
export const UnconfirmedNote = () => (
  <p className="text-muted text-xs">
    <span className="rounded-sm border border-line-strong border-dashed px-1">{UNCONFIRMED}</span> built from how others
    use it: no page of the provider was found that says how it signs. It verifies, and says so if it is wrong.
  </p>
);

function Others({ kinds, onPick }: PickProps & { kinds: readonly SourceKind[] }) {
  if (kinds.length === 0) return null;
  return (
    <>
      <h3 className={heading}>Any other sender</h3>
      <div className="grid grid-cols-2 px-2.5 max-md:grid-cols-1">
        {kinds.map((kind) => (
          <button key={kind.key} type="button" onClick={() => onPick(kind)} className={row}>
            <Tile type={kind.key} />
            <span className="min-w-0">
              <span className="block truncate font-medium">{kind.title}</span>
              <span className="block truncate text-muted text-xs">{kind.about}</span>
            </span>
          </button>
        ))}
      </div>
    </>
  );
}
