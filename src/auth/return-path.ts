/** Query parameter of `/sign-in` with the page to show afterwards. */
const NEXT_PARAM = "next";

/** The sign-in address that comes back to `path` (path, query and hash of this application). */
export function signInPathFor(path: string): string {
  return path === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ [NEXT_PARAM]: path }).toString()}`;
}

/**
 * The page to show after signing in. The parameter can be forged in a link, so whatever would leave this
 * application, also by way of `//host` or `/\host`, leads to the workspace.
 */
export function returnPath(search: URLSearchParams): string {
  const next = search.get(NEXT_PARAM) ?? "/";
  const base = "https://ripple.invalid";
  if (!next.startsWith("/") || !URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith("//") || url.pathname === "/sign-in") return "/";
  return url.pathname + url.search + url.hash;
}
