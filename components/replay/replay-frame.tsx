import { Close, Title } from "radix-ui/dialog";
import type { ReactNode } from "react";
import { IconButton } from "#components/ui/button.tsx";

interface ReplayFrameProps {
  title: string;
  /** What closing means: "Close, it goes on". */
  closeLabel?: string;
  children: ReactNode;
  /** Beside the buttons. */
  note?: ReactNode;
  footer: ReactNode;
}

/** Head, what scrolls, and the buttons. */
export const ReplayFrame = ({ title, closeLabel = "Close", children, note, footer }: ReplayFrameProps) => (
  <>
    <div className="flex shrink-0 items-center justify-between gap-3 pt-3.5 pr-3.5 pb-1 pl-6 max-md:pl-4">
      <Title className="font-semibold text-lg tracking-tight">{title}</Title>
      <Close asChild>
        <IconButton icon="close" label={closeLabel} />
      </Close>
    </div>
    <div className="min-h-0 overflow-y-auto">{children}</div>
    <div className="flex shrink-0 items-center gap-2 border-line border-t py-3 pr-4 pl-6 max-md:flex-wrap max-md:px-4">
      <div className="min-w-0 flex-1 text-muted text-xs max-md:basis-full">{note}</div>
      <div className="flex gap-2 max-md:w-full max-md:[&>*]:flex-1">{footer}</div>
    </div>
  </>
);
