import { IconButton, LinkButton } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";

interface PanelControlsProps {
  /** Undefined at the ends of the list. */
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
  /** The page of what is open, with the list's filter behind it. */
  pageHref: string;
  close: () => void;
}

/** At the end of a panel's head: the neighbours in the list, the whole page, and the way back. */
export const PanelControls = ({ previous, next, pageHref, close }: PanelControlsProps) => (
  <span className="ml-auto flex shrink-0 items-center gap-0.5">
    <IconButton
      icon="up"
      size="sm"
      label="Previous"
      className="max-md:hidden"
      disabled={!previous}
      onClick={previous}
    />
    <IconButton icon="down" size="sm" label="Next" className="max-md:hidden" disabled={!next} onClick={next} />
    <LinkButton kind="quiet" size="sm" href={pageHref} aria-label="Open as a page" className="px-[5px] text-muted">
      <Icon name="expand" size={14} />
    </LinkButton>
    <IconButton icon="close" size="sm" label="Close the panel" onClick={close} />
  </span>
);
