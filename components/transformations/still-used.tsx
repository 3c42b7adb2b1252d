"use client";

import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { Transformation } from "#server/contracts/transformation.ts";

interface StillUsedProps {
  saved: Transformation;
  uses: readonly Pick<Connection, "id" | "name">[];
  isOpen: boolean;
  close: () => void;
}

const MOST = 10;

/** Why a transformation cannot be deleted, and where to go so that it can. */
export const StillUsed = ({ saved, uses, isOpen, close }: StillUsedProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={close}
    title={`${saved.name} is used`}
    description={`${uses.length === 1 ? "1 connection uses" : `${uses.length} connections use`} it. Take the transform rule out of ${uses.length === 1 ? "it" : "them"} first: without it their requests would go out unchanged.`}
    footer={
      <Button size="lg" onClick={close}>
        Keep it
      </Button>
    }
  >
    <ul className="grid gap-1">
      {uses.slice(0, MOST).map(({ id, name }) => (
        <li key={id} className="truncate">
          <Link
            href={`/connections?panel=${id}&rule=transform`}
            prefetch={false}
            className="font-medium underline decoration-line underline-offset-4 hovered:decoration-current"
          >
            {name}
          </Link>
        </li>
      ))}
      {uses.length > MOST ? <li className="text-muted">and {uses.length - MOST} more</li> : null}
    </ul>
  </Dialog>
);
