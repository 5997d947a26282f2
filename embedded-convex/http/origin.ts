/**
 * Who may talk to this server: programs on this machine. It listens on loopback, but a page of any website in a
 * developer's browser could reach that too, so a request from another site's page is refused, and so is one that
 * came under a foreign host name (DNS rebinding).
 */
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** `null` when the request may pass, otherwise why not. */
export function refusalOf(host: string | undefined, origin: string | undefined): string | null {
  if (host === undefined || !isLoopback(`http://${host}`)) {
    return `This server answers on this machine's own names only, not as "${host ?? ""}".`;
  }
  if (origin !== undefined && !isLoopback(origin)) {
    return `Pages of ${origin} may not use this server: it is for pages of this machine.`;
  }
  return null;
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return LOOPBACK.has(hostname) || hostname.endsWith(".localhost");
}
