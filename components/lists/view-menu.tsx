"use client";

import { lazy, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Later } from "#components/ui/later.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import type { SavedView } from "#server/contracts/saved-view.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListUrl } from "./use-list-url.ts";
import { useViews } from "./use-views.ts";
import { filtersSet, isAsSaved, viewValues } from "./views.ts";

const loadNameView = async () => ({ default: (await import("./name-view.tsx")).NameView });
const NameView = lazy(loadNameView);

interface ViewMenuProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  url: ListUrl;
}

/** The views of the list that the team has saved: to look at one, and to keep what is looked at now. */
export function ViewMenu<Row extends ListRow>({ definition, url }: ViewMenuProps<Row>) {
  const { filters, viewsOf: list, many } = definition;
  const { views, replace, remove } = useViews(list);
  const maySave = useMay("view.write");
  const [naming, setNaming] = useState<{ renamed?: SavedView }>({});
  const [isNaming, setIsNaming] = useState(false);
  const kept = filtersSet(filters, url.values);
  const isFiltered = Object.keys(kept).length > 0;
  const current = views.find(({ id }) => id === url.viewId);
  const isChanged = current !== undefined && !isAsSaved(filters, url.values, current.filters);
  const same = views.find((view) => isAsSaved(filters, url.values, view.filters));
  const askName = (renamed?: SavedView) => {
    setNaming(renamed ? { renamed } : {});
    setIsNaming(true);
  };
  const show = (view: SavedView) => url.showView(view.id, viewValues(filters, view.filters));
  return (
    <>
      <Menu
        trigger={
          <Button kind="quiet" icon="eye" className="max-w-48 max-md:px-2" aria-label={`Views of ${many}`}>
            <span className="flex min-w-0 items-center gap-1 max-md:sr-only">
              <span className="truncate">{current ? `${current.name}${isChanged ? ", changed" : ""}` : "Views"}</span>
              <Icon name="down" size={12} />
            </span>
          </Button>
        }
      >
        {views.length === 0 ? <Nothing maySave={maySave} /> : null}
        {views.map((view) => (
          <MenuItem
            key={view.id}
            icon={view.id === current?.id ? "check" : "eye"}
            onSelect={() => show(view)}
            {...(view.id === current?.id && isChanged ? { note: "changed" } : {})}
          >
            {view.name}
          </MenuItem>
        ))}
        {maySave ? <MenuSeparator /> : null}
        {maySave && current && isChanged ? (
          <MenuItem icon="disk" onSelect={() => replace(current, kept)}>
            Save into “{current.name}”
          </MenuItem>
        ) : null}
        {maySave ? (
          <MenuItem icon="plus" isDisabled={!isFiltered} onSelect={() => askName()}>
            Save as a new view…
          </MenuItem>
        ) : null}
        {maySave && current ? (
          <>
            <MenuItem icon="pencil" onSelect={() => askName(current)}>
              Rename “{current.name}”…
            </MenuItem>
            <MenuItem icon="trash" isDanger onSelect={() => remove(current, () => url.leaveView())}>
              Delete “{current.name}”
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {maySave && isFiltered && !same ? (
        <Button className="max-lg:hidden" onClick={() => askName()}>
          Save view
        </Button>
      ) : null}
      <Later isOpen={isNaming} load={loadNameView}>
        <NameView
          isOpen={isNaming}
          onOpenChange={setIsNaming}
          list={list}
          filters={kept}
          renamed={naming.renamed}
          onDone={(view) => {
            // Another name changes nothing of what is looked at.
            if (naming.renamed === undefined) show(view);
          }}
        />
      </Later>
    </>
  );
}

const Nothing = ({ maySave }: { maySave: boolean }) => (
  <p className="px-2 py-1.5 text-muted text-xs">
    No views yet{maySave ? ": set filters, then save them under a name." : "."}
  </p>
);
