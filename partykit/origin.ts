/**
 * Which pages may open rooms: the one at SITE_URL. A browser names the page that asks in every WebSocket upgrade, and
 * the page cannot change that. Without the check any site that somebody visits could use a token that leaked to it, or
 * knock at rooms by the thousand in its visitors' names.
 *
 * It is no more than that. Programs that are no browsers (Convex, operators, tests, native clients) send no Origin or
 * whichever they like: what lets them in is the token or the service secret, which everybody needs.
 */

/** Addresses of this machine. A developer has the page at any of them, on any port. */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** `siteUrl` is SITE_URL. Without one there is no page, and each is a foreign one. */
export function isForeign(origin: string | null, siteUrl: unknown): boolean {
  if (origin === null || origin === siteUrl) return false;
  return !(typeof siteUrl === "string" && LOOPBACK.test(siteUrl) && LOOPBACK.test(origin));
}
