"use client";

import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";

const stay = () => {};

/** Over a page of a team that the person was taken out of. */
export const Removed = ({ isOpen }: { isOpen: boolean }) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={stay}
    title="You are not in this team any more"
    description="Somebody took you out of it, so this page shows nothing more. Your other teams are as they were."
    footer={
      <Button kind="primary" size="lg" onClick={() => location.assign("/")}>
        Go to your other team
      </Button>
    }
  />
);
