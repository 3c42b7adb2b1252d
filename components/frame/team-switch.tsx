"use client";

import { lazy, useState } from "react";
import { goToTeam } from "#components/door/team-cookie.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Later } from "#components/ui/later.tsx";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";

const loadNewTeam = async () => ({ default: (await import("./new-team.tsx")).NewTeam });
const NewTeam = lazy(loadNewTeam);

export interface FrameTeam {
  id: string;
  name: string;
  role: string;
}

/** The team that the page is of, and the way to the person's others. */
export function TeamSwitch({ team, teams }: { team: FrameTeam; teams: readonly FrameTeam[] }) {
  const [isMaking, setMaking] = useState(false);
  const mayMake = team.role === "owner";
  if (teams.length < 2 && !mayMake) return <span className="block truncate">{team.name}</span>;
  return (
    <>
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            className="-mx-1 flex h-7 w-full min-w-0 items-center gap-1 rounded-md px-1 text-left hovered:bg-inset pointer-coarse:h-10"
          >
            <span className="min-w-0 flex-1 truncate">{team.name}</span>
            <Icon name="up-down" size={14} className="text-faint" />
            <span className="sr-only">Switch team</span>
          </button>
        }
      >
        <MenuChoice
          label="Team"
          options={teams.map(({ id, name }) => ({ value: id, label: name }))}
          value={team.id}
          onChange={goToTeam}
        />
        {mayMake ? (
          <>
            <MenuSeparator />
            <MenuItem icon="plus" onSelect={() => setMaking(true)}>
              New team…
            </MenuItem>
          </>
        ) : null}
      </Menu>
      <Later isOpen={isMaking} load={loadNewTeam}>
        <NewTeam isOpen={isMaking} onOpenChange={setMaking} />
      </Later>
    </>
  );
}
