import { DetailFailed } from "#components/detail-page/detail-states.tsx";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The places of a drawer's head and of its first fields. */
export const DrawerLoading = ({ what }: { what: string }) => (
  <DrawerContent
    title={<span className="sr-only">Loading the {what}</span>}
    head={
      <div className="grid h-[60px] content-around">
        <Skeleton className="w-56" />
        <Skeleton className="h-7 w-40" />
      </div>
    }
  >
    <div className="mt-[35px] space-y-3 border-line border-t px-4 py-5">
      {["w-16", "h-8", "w-16", "h-8", "w-16", "h-8"].map((look, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves in it.
        <Skeleton key={at} className={look} />
      ))}
    </div>
  </DrawerContent>
);

interface DrawerFailedProps {
  what: string;
  error: { message: string; data?: { code?: string } | null };
  retry: () => void;
}

/** In place of what could not be read, or is not there (any more). */
export const DrawerFailed = (props: DrawerFailedProps) => (
  <DrawerContent title="Nothing to show">
    <DetailFailed {...props} />
  </DrawerContent>
);
