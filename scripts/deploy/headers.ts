/**
 * What browsers are told about the page: the `_headers` file that Cloudflare's static assets read.
 *
 * The content security policy names everything that the page may load or talk to. Its reasons:
 *
 *   style-src 'unsafe-inline'          the editors and Mantine set style attributes and style elements
 *   script-src 'wasm-unsafe-eval'      Excalidraw subsets fonts in WebAssembly when it exports an image
 *   img-src, connect-src data: blob:   Excalidraw draws and exports images through data and blob URLs
 *   img-src https://….convex.cloud     pictures in documents and diagrams are in Convex's file storage
 *   worker-src blob:                   Excalidraw's font subsetting runs in a worker
 *   worker-src 'self'                  the service worker, by which the page opens without a network
 *
 * No long `Cache-Control` for hashed files: a file that a release no longer has is answered with the page, and a
 * browser that kept that for a year would be broken by a roll-back.
 */
export interface PageAddresses {
  /** `https://….convex.cloud` */
  convexUrl: string;
  /** Host of the rooms, with a port where it has one. */
  partykitHost: string;
}

/** As one header value. */
export function contentSecurityPolicy({ convexUrl, partykitHost }: PageAddresses): string {
  const webSocketUrl = convexUrl.replace(/^http/, "ws");
  // The schemes of the rooms follow Convex's: both are plain only on this machine.
  const [http, ws] = convexUrl.startsWith("https:") ? ["https", "wss"] : ["http", "ws"];
  const rooms = `${http}://${partykitHost} ${ws}://${partykitHost}`;
  const directives = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${convexUrl}`,
    "font-src 'self' data:",
    `connect-src 'self' data: blob: ${convexUrl} ${webSocketUrl} ${rooms}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join("; ");
}

/** Every header of every answer of the static site. */
export function securityHeaders(addresses: PageAddresses): Record<string, string> {
  return {
    "Content-Security-Policy": contentSecurityPolicy(addresses),
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    // Addresses name documents: no other site needs to know them.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  };
}

/** Headers of single files, besides those of every answer. */
export const FILE_HEADERS: Record<string, Record<string, string>> = {
  // Where browsers find out that there is a new version: no cache on the way may answer with the old one.
  "/sw.js": { "Cache-Control": "no-cache" },
};

/** The text of `_headers`. */
export function headersFile(addresses: PageAddresses): string {
  const rules = { "/*": securityHeaders(addresses), ...FILE_HEADERS };
  return Object.entries(rules)
    .map(([path, headers]) => {
      const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
      return `${path}\n${lines.join("")}`;
    })
    .join("\n");
}
