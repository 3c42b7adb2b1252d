"use client";

import { useState } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { useGraph } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";

/** What can be done with a card. A thousand cards have a button each; the menu behind it is made with the first press. */
export function CardMenu({ card, tabIndex, size = "sm" }: { card: Card; tabIndex: 0 | -1; size?: "sm" | "md" }) {
  const [isAsked, ask] = useState(false);
  const button = (
    <IconButton
      icon="more"
      size={size}
      kind={size === "sm" ? "quiet" : "plain"}
      label={`More for ${card.name}`}
      aria-haspopup="menu"
      tabIndex={tabIndex}
      className={size === "sm" ? "nopan size-[22px] pointer-coarse:size-[22px]" : "size-10"}
      {...(isAsked ? {} : { "aria-expanded": false, onClick: () => ask(true) })}
    />
  );
  if (!isAsked) return button;
  return (
    <Menu isOpenAtFirst trigger={button}>
      <Items card={card} />
    </Menu>
  );
}

function Items({ card }: { card: Card }) {
  const { actions, can, go, marks } = useGraph();
  const canWrite = can.includes(`${card.kind}.write`);
  const isPausable = card.kind === "connection" && can.includes("connection.pause");
  const failed = card.kind === "connection" ? card.badges.shown.find(({ state }) => state === "FAILED")?.count : 0;
  return (
    <>
      <MenuItem icon="expand" keyHint="↵" onSelect={() => go.open(card.id)}>
        Open
      </MenuItem>
      {isPausable ? (
        <MenuItem
          icon={card.isPaused ? "play" : "pause"}
          keyHint="P"
          onSelect={() => void actions.setPaused(card, !card.isPaused)}
        >
          {card.isPaused ? "Resume" : "Pause"}
        </MenuItem>
      ) : null}
      {isPausable ? (
        <MenuItem icon="clock" onSelect={() => go.askPause(card)}>
          {card.isPaused ? "Resume at…" : "Pause until…"}
        </MenuItem>
      ) : null}
      {card.kind === "connection" && failed && can.includes("events.retry") ? (
        <MenuItem icon="replay" keyHint="R" onSelect={() => actions.replay(card)}>
          Replay {formatCount(failed)} failed
        </MenuItem>
      ) : null}
      {card.kind === "source" && can.includes("connection.write") ? (
        <MenuItem icon="link" keyHint="C" onSelect={() => go.openNew("connection", { source: card.id })}>
          Connect to…
        </MenuItem>
      ) : null}
      {canWrite ? (
        <>
          <MenuItem icon="pencil" keyHint="F2" onSelect={() => marks.set({ renamingId: card.id })}>
            Rename
          </MenuItem>
          <MenuItem
            icon={card.isDisabled ? "play" : "minus"}
            onSelect={() => void actions.setDisabled(card, !card.isDisabled)}
          >
            {card.isDisabled ? "Enable" : "Disable"}
          </MenuItem>
        </>
      ) : null}
      {canWrite && card.kind === "connection" ? (
        <MenuItem icon="copy" keyHint="D" onSelect={() => void actions.duplicate(card).then((id) => id && go.open(id))}>
          Duplicate
        </MenuItem>
      ) : null}
      {can.includes("resources.delete") ? (
        <>
          <MenuSeparator />
          <MenuItem icon="trash" isDanger keyHint="⌫" onSelect={() => go.askDelete(card)}>
            Delete…
          </MenuItem>
        </>
      ) : null}
    </>
  );
}
