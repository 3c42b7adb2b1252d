import { useKeys } from "#components/ui/use-keys.ts";

/**
 * The keys of a list whose rows open one at a time, and the neighbours of the open one: `j` begins with the first.
 * @param one what a row is, for the list of keys
 */
export function useOpenKeys(one: string, ids: readonly string[], openId: string | null, open: (id: string) => void) {
  const place = ids.indexOf(openId ?? "");
  const to = (id: string | undefined) => (id === undefined ? undefined : () => open(id));
  const [previous, next] = [to(ids[place - 1]), to(ids[place + 1])];
  useKeys([
    { keys: "j", label: `Next ${one}`, run: () => next?.() },
    { keys: "k", label: `Previous ${one}`, run: () => previous?.() },
  ]);
  return { previous, next };
}
