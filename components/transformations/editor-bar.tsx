"use client";

import Link from "next/link";
import { useState } from "react";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import type { Transformation } from "#server/contracts/transformation.ts";
import type { Side } from "./editor-url.ts";
import { NameInPlace } from "./name-in-place.tsx";
import type { Changes } from "./use-transformation.ts";

interface EditorBarProps {
  saved: Transformation;
  update: Changes["update"];
  can: readonly Capability[];
  isChanged: boolean;
  /** Connections that use it; undefined while they are counted. */
  uses: number | undefined;
  open: (side: Side) => void;
  save: () => void;
  discard: () => void;
  duplicate: () => void;
  askDelete: () => void;
}

const usedBy = (uses: number) =>
  uses === 0 ? "used by no connection" : `used by ${uses} ${uses === 1 ? "connection" : "connections"}`;

/** What is edited, how it stands, and what can be done with all of it. */
export function EditorBar(props: EditorBarProps) {
  const { saved, update, can, isChanged, uses, open, save, discard, duplicate, askDelete } = props;
  const mayWrite = can.includes("transformation.write");
  const [isRenaming, setRenaming] = useState(false);
  const rename = () => setRenaming(true);
  return (
    <header className="flex h-(--h-bar) shrink-0 items-center gap-2.5 border-line border-b bg-surface pr-4 pl-5 max-md:h-14 max-md:gap-2 max-md:px-3.5">
      <Link href="/transformations" prefetch={false} className="text-muted hovered:text-ink max-md:hidden">
        Transformations
      </Link>
      <span aria-hidden="true" className="text-faint max-md:hidden">
        /
      </span>
      <NameInPlace
        saved={saved}
        update={update}
        mayRename={mayWrite}
        isRenaming={isRenaming}
        setRenaming={setRenaming}
      />
      <span className="flex shrink-0 items-center gap-1.5">
        <Tag>v{saved.version} live</Tag>
        {isChanged ? (
          <span className="inline-flex max-md:sr-only">
            <Tag>unsaved</Tag>
          </span>
        ) : null}
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-2.5 max-md:gap-1">
        {uses === undefined ? null : (
          <button
            type="button"
            onClick={() => open("uses")}
            className="whitespace-nowrap rounded-xs text-muted text-xs hovered:text-ink max-wide:hidden"
          >
            {usedBy(uses)}
          </button>
        )}
        <Button kind="quiet" className="max-md:hidden" onClick={() => open("versions")}>
          Versions
        </Button>
        <Menu trigger={<IconButton icon="more" label="More" />}>
          <MenuItem icon="history" onSelect={() => open("versions")}>
            Versions
          </MenuItem>
          <MenuItem icon="lock" onSelect={() => open("env")}>
            Values of env
          </MenuItem>
          <MenuItem icon="connections" onSelect={() => open("uses")}>
            Where it is used
          </MenuItem>
          {mayWrite ? (
            <>
              <MenuSeparator />
              <MenuItem icon="pencil" keyHint="F2" onSelect={rename}>
                Rename
              </MenuItem>
              <MenuItem icon="copy" keyHint="d" onSelect={duplicate}>
                Duplicate
              </MenuItem>
              {isChanged ? (
                <MenuItem icon="replay" onSelect={discard}>
                  Discard what is unsaved
                </MenuItem>
              ) : null}
            </>
          ) : null}
          {can.includes("resources.delete") ? (
            <MenuItem icon="trash" isDanger onSelect={askDelete}>
              Delete
            </MenuItem>
          ) : null}
        </Menu>
        {mayWrite ? (
          <Button
            size="lg"
            kind="primary"
            title="Save (⌘S, Ctrl S)"
            isBusy={update.isPending && update.variables?.code !== undefined}
            disabled={!isChanged}
            onClick={save}
          >
            Save as v{saved.version + 1}
          </Button>
        ) : null}
      </span>
    </header>
  );
}
