"use client";

import type { Names } from "#components/data/use-names.ts";
import { Age } from "#components/lists/age.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { controlBox, controlHeights, Textarea } from "#components/ui/input.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { PaneHead, PaneNote } from "./pane.tsx";
import { RequestLines } from "./request-lines.tsx";
import type { Inputs } from "./use-inputs.ts";

interface InputPaneProps {
  inputs: Inputs;
  names: Names;
  /** `pasted`, or the id of a request. */
  choose: (input: string) => void;
}

const nameOf = ({ event_type, method, path }: RequestSummary) => visibleText(event_type ?? `${method} ${path}`);

/** What the code is tried on: a recent request of a source that uses it, or JSON that is pasted. */
export function InputPane({ inputs, names, choose }: InputPaneProps) {
  const { input, recent, isOfAnySource, isLoading, isPasted, error } = inputs;
  const at = input.kind === "stored" ? recent.findIndex(({ id }) => id === input.id) : -1;
  const step = (by: number) => {
    const next = recent[at + by];
    if (next) choose(next.id);
  };
  useKeys([
    { keys: "[", label: "Try it on the request before", run: () => step(1) },
    { keys: "]", label: "Try it on the next request", run: () => step(-1) },
  ]);
  return (
    <section aria-label="Input" className="flex h-1/2 min-h-0 shrink-0 flex-col max-wide:h-96">
      <PaneHead
        title="Input"
        end={
          isPasted ? (
            <Button size="sm" kind="quiet" disabled={recent.length === 0} onClick={() => choose(recent[0]?.id ?? "")}>
              Requests
            </Button>
          ) : (
            <Button size="sm" kind="quiet" onClick={() => choose("pasted")}>
              Paste
            </Button>
          )
        }
      >
        {isPasted ? (
          <span className="text-muted text-xs">pasted, kept in this tab</span>
        ) : (
          <>
            <Chooser recent={recent} chosen={recent[at]} isLoading={isLoading} names={names} choose={choose} />
            <span className="flex">
              <IconButton
                icon="left"
                size="sm"
                label="Older request"
                title="Older ( [ )"
                disabled={recent[at + 1] === undefined}
                onClick={() => step(1)}
              />
              <IconButton
                icon="right"
                size="sm"
                label="Newer request"
                title="Newer ( ] )"
                disabled={at < 1}
                onClick={() => step(-1)}
              />
            </span>
          </>
        )}
      </PaneHead>
      <div className="min-h-0 overflow-auto">
        {isPasted ? <PasteBox inputs={inputs} /> : null}
        {isOfAnySource && !isPasted && recent.length > 0 ? (
          <PaneNote>No connection uses it yet: these are requests of any source.</PaneNote>
        ) : null}
        {error && !isPasted ? <PaneNote>The requests did not load: {error}</PaneNote> : null}
        {!isPasted && !isLoading && !error && recent.length === 0 && input.kind === "none" ? (
          <PaneNote>No request came yet. Paste the JSON of one to try the code.</PaneNote>
        ) : null}
        {!isPasted && isLoading ? <LinesSkeleton /> : null}
        {!isPasted && input.kind === "stored" && input.request ? (
          <RequestLines what="input" request={input.request} />
        ) : null}
      </div>
    </section>
  );
}

interface ChooserProps {
  recent: readonly RequestSummary[];
  chosen: RequestSummary | undefined;
  isLoading: boolean;
  names: Names;
  choose: (id: string) => void;
}

function Chooser({ recent, chosen, isLoading, names, choose }: ChooserProps) {
  const typeOf = ({ source_id }: RequestSummary) => names.sources.get(source_id)?.type ?? "WEBHOOK";
  const trigger = (
    <button
      type="button"
      aria-label="Request to try it on"
      disabled={recent.length === 0}
      className={cn(controlBox, controlHeights.md, "flex w-[270px] min-w-0 shrink items-center gap-2 text-left")}
    >
      {chosen ? (
        <>
          <Tile type={typeOf(chosen)} size="sm" />
          <span className="min-w-0 flex-1 truncate font-mono text-xs">{nameOf(chosen)}</span>
          <span className="shrink-0 text-faint text-xs">
            <Age iso={chosen.created_at} />
          </span>
        </>
      ) : (
        <span className="min-w-0 flex-1 truncate text-faint">
          {isLoading ? "Loading" : recent.length > 0 ? "An older request" : "None"}
        </span>
      )}
      <Icon name="up-down" size={14} className="text-faint" />
    </button>
  );
  return (
    <Menu trigger={trigger} align="start">
      {recent.map((request) => (
        <MenuItem key={request.id} onSelect={() => choose(request.id)}>
          <span className="flex min-w-60 items-center gap-2">
            <Tile type={typeOf(request)} size="sm" />
            <span className="min-w-0 flex-1 truncate font-mono text-xs">{nameOf(request)}</span>
            <span className="text-muted text-xs">
              <Age iso={request.created_at} />
            </span>
            {request.id === chosen?.id ? <Icon name="check" size={14} className="text-muted" /> : null}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}

function PasteBox({ inputs }: { inputs: Inputs }) {
  const { input, pasted, paste } = inputs;
  const why = input.kind === "none" ? input.why : undefined;
  return (
    <div className="grid gap-1.5 px-5 pb-3 max-md:px-3.5">
      <Textarea
        isMono
        aria-label="JSON to try it on"
        aria-describedby="pasted-note"
        aria-invalid={(why !== undefined && pasted.trim() !== "") || undefined}
        rows={10}
        value={pasted}
        onChange={(event) => paste(event.target.value)}
      />
      <p
        id="pasted-note"
        role="status"
        className={cn("text-xs", why && pasted.trim() !== "" ? "text-failed" : "text-muted")}
      >
        {why ?? 'A body, or a request: {"body": …, "headers": …, "query": …, "path": …, "method": …}.'}
      </p>
    </div>
  );
}

const LinesSkeleton = () => (
  <div className="grid gap-2.5 px-5 pt-1 pb-4">
    {["w-1/4", "w-1/2", "w-2/5", "w-1/3", "w-1/2"].map((width, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
      <Skeleton key={index} className={width} />
    ))}
  </div>
);
