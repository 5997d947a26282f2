/** A real browser with a page of `convex/react`, served from an origin of its own. */
import { chromium, type Browser, type Page } from "@playwright/test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { ensureChromium } from "../../scripts/chromium";

const PAGE = fileURLToPath(new URL("./page", import.meta.url));

export interface BrowserHost {
  /** Opens the page with these settings in its address. */
  open(settings: Record<string, string>): Promise<Page>;
  stop(): Promise<void>;
}

export async function startBrowser(): Promise<BrowserHost> {
  const files = await builtPage();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    if (file === undefined) return void response.writeHead(404).end();
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser: Browser = await chromium.launch({
    executablePath: ensureChromium(),
    // Root in a container has no user namespaces for the sandbox.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  return {
    open: async (settings) => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/?${new URLSearchParams(settings)}`);
      return page;
    },
    stop: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The files of the page, by path. */
async function builtPage(): Promise<Map<string, string | Uint8Array>> {
  const { output } = (await build({
    configFile: false,
    root: PAGE,
    logLevel: "error",
    build: { write: false, minify: false },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source]),
  );
}
