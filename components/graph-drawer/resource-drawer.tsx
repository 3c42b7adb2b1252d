"use client";

import type { ComponentProps, ReactNode } from "react";
import { ConflictPanel } from "#components/resource-form/conflict-panel.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { SaveBar } from "#components/resource-form/save-bar.tsx";
import { onSaveKey } from "#components/resource-form/save-keys.ts";
import type { useResourceForm } from "#components/resource-form/use-resource-form.ts";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { DrawerFailed, DrawerLoading } from "./drawer-states.tsx";
import { DrawerTitle } from "./drawer-title.tsx";

interface DrawerOfProps<T> {
  what: string;
  query: {
    data: T | undefined;
    error: ComponentProps<typeof DrawerFailed>["error"] | null;
    refetch: () => void;
  };
  children: (resource: T) => ReactNode;
}

/** A drawer once its resource is there, and what stands in its place until then. */
export function DrawerOf<T>({ what, query: { data, error, refetch }, children }: DrawerOfProps<T>) {
  if (data !== undefined) return children(data);
  return error ? <DrawerFailed what={what} error={error} retry={refetch} /> : <DrawerLoading what={what} />;
}

type Form = ReturnType<typeof useResourceForm<{ id: string; updated_at: string }>>;

interface ResourceDrawerProps<V extends string> extends ComponentProps<typeof Tabs<V>> {
  name: string;
  /** Left out for those who may not. */
  rename: ((name: string) => Promise<boolean>) | undefined;
  head: ReactNode;
  form: Omit<Form, "conflict"> & { conflict: Pick<NonNullable<Form["conflict"]>, "since"> | undefined };
  errors: ReturnType<Form["errors"]>;
  /** A field, and what is in it, in the words of the form. */
  labelOf: (field: string) => string;
  textOf: (field: string, value: unknown) => string;
  /** What a save means; undefined where this tab saves nothing, or this person may not. */
  saveNote: string | undefined;
  /** In the place of the bar that saves. */
  footer?: ReactNode;
  /** Above the tabs. */
  note?: ReactNode;
}

/** The drawer of one saved resource: its name, its head, its tabs over one form, and what happens when two people save it. */
export function ResourceDrawer<V extends string>(props: ResourceDrawerProps<V>) {
  const { name, rename, head, form, errors, labelOf, textOf, saveNote, footer, note, ...tabs } = props;
  const save = () => void form.save();
  // The drawer hears it itself, also while somebody types.
  useKeys(saveNote === undefined ? [] : [{ keys: "⌘S", label: "Save what is changed in the drawer", run: save }]);
  return (
    <DrawerContent
      title={<DrawerTitle name={name} rename={rename} />}
      head={head}
      footer={
        footer ??
        (saveNote === undefined ? undefined : <SaveBar form={form} onSave={save} labelOf={labelOf} note={saveNote} />)
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the key of the form's own button */}
      <div onKeyDown={onSaveKey(save)}>
        {form.conflict ? (
          <ConflictPanel
            since={form.conflict.since}
            meanwhile={form.meanwhile}
            labelOf={labelOf}
            textOf={textOf}
            isBusy={form.isBusy}
            onSettle={(dropped) => void form.settle(dropped)}
          />
        ) : null}
        {note}
        <FormContext value={{ values: form.values, set: form.set, errors }}>
          <Tabs {...tabs} />
        </FormContext>
      </div>
    </DrawerContent>
  );
}
