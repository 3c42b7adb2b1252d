import { Button } from "#components/ui/button.tsx";

interface ShowOlderProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The way to the rows before those that are shown; nothing where there are none. */
export const ShowOlder = ({ query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: ShowOlderProps) =>
  hasNextPage ? (
    <div className="p-4">
      <Button isBusy={isFetchingNextPage} onClick={() => fetchNextPage()}>
        Show older ones
      </Button>
    </div>
  ) : null;
