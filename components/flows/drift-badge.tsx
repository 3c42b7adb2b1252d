import { Icon } from "#components/ui/icon.tsx";

/** It is not as its file says. */
export const DriftBadge = ({ word = "drifted" }: { word?: string }) => (
  <span className="inline-flex h-[18px] shrink-0 items-center gap-1 rounded-xs bg-hold-bg pr-1.5 pl-[5px] font-medium text-2xs text-hold">
    <Icon name="drift" size={12} />
    {word}
  </span>
);
