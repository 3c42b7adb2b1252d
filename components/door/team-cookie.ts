import { TEAM_COOKIE } from "#server/contracts/page-team.ts";

const A_YEAR_S = 365 * 24 * 60 * 60;

/** The pages that come next are of this team. */
export function rememberTeam(id: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in all browsers that we support
  document.cookie = `${TEAM_COOKIE}=${id}; path=/; max-age=${A_YEAR_S}; samesite=lax`;
}

/** Whatever the page shows is another team's: it is loaded anew. */
export function goToTeam(id: string): void {
  rememberTeam(id);
  location.assign("/");
}

/** Keeps a tab with its own team, whatever another one looked at meanwhile: the tab that is looked at says which it is. */
export function keepTeam(id: string): () => void {
  const remember = () => {
    if (document.visibilityState === "visible") rememberTeam(id);
  };
  remember();
  addEventListener("focus", remember);
  document.addEventListener("visibilitychange", remember);
  return () => {
    removeEventListener("focus", remember);
    document.removeEventListener("visibilitychange", remember);
  };
}
