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

/** The text of `_headers`. */
export function headersFile(addresses: PageAddresses): string {
  const lines = Object.entries(securityHeaders(addresses)).map(([name, value]) => `  ${name}: ${value}\n`);
  return `/*\n${lines.join("")}`;
}
