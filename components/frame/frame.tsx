"use client";

import { useRouter } from "next/navigation";
import { lazy, type ReactNode, useEffect, useState } from "react";
import { claimTab } from "#components/door/sign-out.ts";
import { goToTeam, keepTeam } from "#components/door/team-cookie.ts";
import { ConnectionBanner } from "#components/live/connection-banner.tsx";
import { askNewBackfill, askNewReplay } from "#components/replay/ask.ts";
import { ReplayHost } from "#components/replay/replay-host.tsx";
import { Later } from "#components/ui/later.tsx";
import { chooseTheme, type Theme } from "#components/ui/theme.ts";
import { ThemeSwitch } from "#components/ui/theme-switch.tsx";
import { useKeys, usePaletteKey } from "#components/ui/use-keys.ts";
import { FIRST_PAGE, guideFor } from "#server/contracts/guide-pages.ts";
import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { LiveRail } from "./live-rail.tsx";
import { MobileBar } from "./mobile-bar.tsx";
import { GO_PAGES, PAGES_OF_IDS } from "./pages.ts";
import type { PaletteGroup } from "./palette-group.ts";
import { hrefOfId } from "./pasted-id.ts";
import { SessionGuard } from "./session-guard.tsx";
import { type FrameTeam, TeamSwitch } from "./team-switch.tsx";
import { useSteadyPage } from "./use-steady-page.ts";

const loadPalette = async () => ({ default: (await import("./command-palette.tsx")).CommandPalette });
const loadKeyHelp = async () => ({ default: (await import("./key-help.tsx")).KeyHelp });
const CommandPalette = lazy(loadPalette);
const KeyHelp = lazy(loadKeyHelp);

interface FrameProps {
  theme: Theme;
  user: string;
  ways: SignInWays;
  /** The team that the page is of. */
  team: FrameTeam;
  /** All of the person's. */
  teams: readonly FrameTeam[];
  children: ReactNode;
}

/** Every page stands in it: the rail, the palette, the keys. */
export function Frame({ theme, user, ways, team, teams, children }: FrameProps) {
  const router = useRouter();
  // Before anything below reads what was typed in this tab.
  useState(() => claimTab(user));
  useEffect(() => keepTeam(team.id), [team.id]);
  useSteadyPage();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const openPalette = () => setPaletteOpen(true);
  const openHelp = () => setHelpOpen(true);
  usePaletteKey(() => setPaletteOpen((isOpen) => !isOpen));
  useKeys([
    { keys: "?", label: "This list", run: openHelp },
    {
      keys: "F1",
      label: "Docs about what is on the page",
      run: () => router.push(guideFor(location.pathname, new URLSearchParams(location.search))),
    },
    ...GO_PAGES.map(({ href, label, goKey }) => ({
      keys: `g ${goKey}`,
      label: `Go to ${label}`,
      run: () => router.push(href),
    })),
  ]);

  const teamSwitch = <TeamSwitch team={team} teams={teams} />;
  return (
    <div
      data-frame
      className="grid h-dvh grid-cols-[var(--w-rail)_minmax(0,1fr)] overflow-hidden max-wide:grid-cols-[var(--w-rail-narrow)_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)] max-md:grid-rows-[auto_minmax(0,1fr)]"
    >
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-float px-3 py-2 font-medium focus-visible:not-sr-only focus-visible:fixed focus-visible:top-2 focus-visible:left-2 focus-visible:px-3 focus-visible:py-2"
      >
        Skip to the content
      </a>
      <header className="border-line border-r max-md:hidden">
        <LiveRail
          team={teamSwitch}
          user={user}
          openPalette={openPalette}
          themeSwitch={<ThemeSwitch theme={theme} side="top" />}
        />
      </header>
      <MobileBar
        openPalette={openPalette}
        themeSwitch={<ThemeSwitch theme={theme} size="md" />}
        sheet={(close) => (
          <LiveRail
            isSheet
            team={teamSwitch}
            user={user}
            openPalette={() => {
              close();
              openPalette();
            }}
            themeSwitch={null}
          />
        )}
      />
      <main
        id="content"
        tabIndex={-1}
        className="relative flex min-h-0 min-w-0 flex-col outline-none focus-visible:shadow-none"
      >
        <SessionGuard email={user} ways={ways}>
          {children}
        </SessionGuard>
        <ConnectionBanner />
      </main>
      <Later isOpen={isPaletteOpen} load={loadPalette}>
        <CommandPalette
          isOpen={isPaletteOpen}
          onOpenChange={setPaletteOpen}
          groups={[...paletteGroups(router.push, openHelp), ...teamGroup(team, teams)]}
          go={router.push}
          openId={(id) => {
            const href = hrefOfId(id, PAGES_OF_IDS);
            return href === undefined ? undefined : () => router.push(href);
          }}
        />
      </Later>
      <Later isOpen={isHelpOpen} load={loadKeyHelp}>
        <KeyHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
      </Later>
      <ReplayHost />
    </div>
  );
}

/** The way to the person's other teams. */
function teamGroup(team: FrameTeam, teams: readonly FrameTeam[]): PaletteGroup[] {
  const others = teams.filter(({ id }) => id !== team.id);
  if (others.length === 0) return [];
  const items = others.map(({ id, name }) => {
    const label = `Go to team ${name}`;
    return { id: `team ${id}`, icon: "users" as const, label, words: `${label} switch`, run: () => goToTeam(id) };
  });
  return [{ heading: "Teams", items }];
}

/** What the palette offers on every page. */
function paletteGroups(go: (href: string) => void, openHelp: () => void): PaletteGroup[] {
  const theme = (value: Theme, words: string, icon: "sun" | "moon" | "settings") => ({
    id: `theme ${value}`,
    icon,
    label: words,
    words,
    run: () => chooseTheme(value),
  });
  return [
    {
      heading: "Pages",
      items: GO_PAGES.map(({ href, label, icon }) => ({
        id: `go ${href}`,
        icon,
        label,
        words: label,
        run: () => go(href),
      })),
    },
    {
      heading: "Actions",
      items: [
        {
          id: "replay",
          icon: "replay",
          label: "Replay events…",
          words: "Replay retry failed events again backfill",
          run: askNewReplay,
        },
        {
          id: "backfill",
          icon: "history",
          label: "Backfill a connection…",
          words: "Backfill connection history requests replay",
          run: askNewBackfill,
        },
        { id: "keys", icon: "info", label: "Show the keys", words: "keys keyboard help", run: openHelp },
        {
          id: "docs",
          icon: "book",
          label: "Open the docs",
          words: "docs guide help how to",
          run: () => go(FIRST_PAGE),
        },
        {
          id: "reference",
          icon: "terminal",
          label: "Open the API reference",
          words: "API reference docs",
          run: () => location.assign("/v1/docs"),
        },
        theme("light", "Light theme", "sun"),
        theme("dark", "Dark theme", "moon"),
        theme("system", "Theme as the system", "settings"),
      ],
    },
  ];
}
