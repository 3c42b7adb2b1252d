"use client";

import { useState } from "react";
import { CommandPalette } from "#components/frame/command-palette.tsx";
import type { PaletteGroup } from "#components/frame/palette-group.ts";
import { hrefOfId } from "#components/frame/pasted-id.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Drawer } from "#components/ui/drawer.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { Section, Specimen } from "./section.tsx";

const say = (text: string) => () => showToast({ text, kind: "done" });

const showAllToasts = () => {
  showToast({
    kind: "held",
    text: (
      <>
        Paused <b>stripe-orders</b>. New events are held.
      </>
    ),
    action: { label: "Undo", run: say("Resumed.") },
  });
  showToast({
    kind: "done",
    text: (
      <>
        Resumed. <b>312</b> leave in order, about 8 min.
      </>
    ),
  });
  showToast({
    kind: "failed",
    text: (
      <>
        Not saved: <b>crm-sync</b> is a name already.
      </>
    ),
  });
};

const GROUPS: PaletteGroup[] = [
  {
    heading: "Actions",
    items: [
      {
        id: "resume",
        icon: "play",
        label: (
          <>
            Resume <b>shopify-customers</b>
          </>
        ),
        words: "Resume shopify-customers",
        note: "312 held, goes to crm-sync",
        run: say("Resumed."),
      },
      {
        id: "pause",
        icon: "pause",
        label: "Pause the 3 branches of crm-sync",
        words: "Pause crm-sync",
        run: say("Paused."),
      },
    ],
  },
  {
    heading: "Destinations",
    items: [
      {
        id: "des",
        icon: "arrow",
        label: <b>crm-sync</b>,
        words: "crm-sync",
        note: "PUT, FIFO, 76 of 120/min",
        run: say("crm-sync"),
      },
    ],
  },
];

type Open = "confirm" | "drawer" | "palette" | undefined;

export function Floats() {
  const [open, setOpen] = useState<Open>();
  const close = (isOpen: boolean) => !isOpen && setOpen(undefined);
  const openId = (id: string) => {
    const href = hrefOfId(id, { evt: "/events/" });
    return href ? say(`Goes to ${href}`) : undefined;
  };
  return (
    <Section title="What floats">
      <div className="flex flex-wrap items-start gap-x-[22px] gap-y-3.5">
        <Specimen name="menu">
          <Menu align="start" trigger={<IconButton kind="plain" icon="more" label="More about stripe-orders" />}>
            <MenuItem icon="pencil" keyHint="F2" onSelect={say("Rename")}>
              Rename
            </MenuItem>
            <MenuItem icon="copy" keyHint="D" onSelect={say("Duplicate")}>
              Duplicate
            </MenuItem>
            <MenuItem icon="held" note="212/min stop" onSelect={say("Disable")}>
              Disable
            </MenuItem>
            <MenuItem icon="lock" isDisabled onSelect={say("Never")}>
              Not yours
            </MenuItem>
            <MenuSeparator />
            <MenuCheck isOn onChange={say("Hides the source")}>
              Source
            </MenuCheck>
            <MenuCheck isOn={false} onChange={say("Shows the path")}>
              Path
            </MenuCheck>
            <MenuSeparator />
            <MenuItem icon="trash" keyHint="⌫" isDanger onSelect={() => setOpen("confirm")}>
              Delete…
            </MenuItem>
          </Menu>
        </Specimen>
        <Specimen name="popover">
          <Popover trigger={<Button>Last 24 h</Button>} label="Time" className="p-3">
            <Field label="From">
              <Input size="md" defaultValue="now-24h" />
            </Field>
          </Popover>
        </Specimen>
        <Specimen name="dialog">
          <Button onClick={() => setOpen("confirm")}>Delete…</Button>
        </Specimen>
        <Specimen name="drawer">
          <Button onClick={() => setOpen("drawer")}>Open drawer</Button>
        </Specimen>
        <Specimen name="toasts">
          <Button onClick={showAllToasts}>Show toasts</Button>
        </Specimen>
        <Specimen name="palette">
          <Button onClick={() => setOpen("palette")}>Open palette</Button>
        </Specimen>
      </div>
      <ConfirmDialog
        isOpen={open === "confirm"}
        onOpenChange={close}
        title="Delete stripe-orders?"
        affects={
          <>
            It carries <b>212 events a minute</b> now. Its 14 failed events can no longer be replayed; 186,164 delivered
            ones stay readable until their retention ends.
          </>
        }
        name="stripe-orders"
        confirmLabel="Delete, stop 212/min"
        onConfirm={say("Deleted.")}
      />
      <Drawer
        isOpen={open === "drawer"}
        onOpenChange={close}
        title="stripe-orders"
        actions={<StateBadge state="HOLD">Paused</StateBadge>}
        footer={<Button size="lg">Save</Button>}
      >
        <div className="grid gap-4 p-4">
          <Field label="Name of the connection">
            <Input defaultValue="stripe-orders" />
          </Field>
        </div>
      </Drawer>
      <CommandPalette isOpen={open === "palette"} onOpenChange={close} groups={GROUPS} openId={openId} />
    </Section>
  );
}
