// The draft of a transformation. The tab keeps it: it survives a reload, the way back, and a rename.

export interface Draft {
  code: string;
  /** The version that the code was changed from. */
  version: number;
}

/** The part of the browser's storage that is needed. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const NO_STORE: DraftStore = { getItem: () => null, setItem: () => {}, removeItem: () => {} };

/** The storage of this tab; where it is forbidden a draft lasts as long as the page. */
export function tabStore(): DraftStore {
  try {
    return sessionStorage;
  } catch {
    return NO_STORE;
  }
}

const keyOf = (id: string) => `switchyard.draft.${id}`;
const pastedKeyOf = (id: string) => `${keyOf(id)}.pasted`;

function read(store: DraftStore, key: string): string | null {
  try {
    return store.getItem(key);
  } catch {
    return null;
  }
}

function write(store: DraftStore, key: string, value: string | null): void {
  try {
    if (value === null) store.removeItem(key);
    else store.setItem(key, value);
  } catch {
    // It is full: the draft lasts as long as the page.
  }
}

/** The draft of a transformation; undefined where there is none, or none that can be read. */
export function readDraft(store: DraftStore, id: string): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(read(store, keyOf(id)) ?? "null");
    if (typeof draft !== "object" || draft === null) return undefined;
    const { code, version } = draft as Partial<Draft>;
    return typeof code === "string" && typeof version === "number" ? { code, version } : undefined;
  } catch {
    return undefined;
  }
}

export const keepDraft = (store: DraftStore, id: string, draft: Draft | undefined): void =>
  write(store, keyOf(id), draft === undefined ? null : JSON.stringify(draft));

export const readPastedText = (store: DraftStore, id: string): string => read(store, pastedKeyOf(id)) ?? "";

export const keepPastedText = (store: DraftStore, id: string, text: string): void =>
  write(store, pastedKeyOf(id), text === "" ? null : text);

/** Where a draft stands to what is saved. */
export type Standing =
  | { kind: "same" }
  | { kind: "changed" }
  /** Somebody saved another version meanwhile. */
  | { kind: "behind"; from: number; to: number };

export function standingOf(draft: Draft | undefined, saved: { code: string; version: number }): Standing {
  if (draft === undefined || draft.code === saved.code) return { kind: "same" };
  if (draft.version === saved.version) return { kind: "changed" };
  return { kind: "behind", from: draft.version, to: saved.version };
}
