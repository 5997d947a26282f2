/**
 * The page as `deploy:frontend` ships it: built for production, under production's headers, with the page itself for
 * every path that is no file. Its server can go away and come back, and can publish a new version.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { FILE_HEADERS, securityHeaders } from "../scripts/deploy/headers";
import { binOf } from "../scripts/processes";
import type { Stack } from "../scripts/stack";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export class Production {
  readonly #directory: string;
  readonly #headers: Record<string, string>;
  #server: Server | null = null;
  #port = 0;

  private constructor(directory: string, headers: Record<string, string>) {
    this.#directory = directory;
    this.#headers = headers;
  }

  static async build({ convexUrl, partykitHost }: Stack): Promise<Production> {
    const directory = mkdtempSync(join(tmpdir(), "ripple-production-"));
    // Not synchronously: sockets that the test keeps to its servers would die meanwhile, unnoticed.
    await promisify(execFile)(
      process.execPath,
      [binOf("vite"), "build", `--outDir=${directory}`, "--sourcemap=false", "--logLevel=error"],
      { env: { ...process.env, VITE_CONVEX_URL: convexUrl, VITE_PARTYKIT_HOST: partykitHost } },
    );
    const production = new Production(directory, securityHeaders({ convexUrl, partykitHost }));
    await production.start();
    return production;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get isServed(): boolean {
    return this.#server !== null;
  }

  /** Serves the page, from the second time on at the same address. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", this.url);
      const file = this.#fileAt(pathname);
      response.writeHead(200, {
        ...this.#headers,
        "Cache-Control": "public, max-age=0, must-revalidate",
        ...FILE_HEADERS[pathname],
        "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      });
      response.end(readFileSync(file));
    });
    await new Promise<void>((listening) => server.listen(this.#port, "127.0.0.1", listening));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Puts a version there that differs in one thing: what `<html>` has in `data-version`. */
  publish(version: string): void {
    const page = join(this.#directory, "index.html");
    const worker = join(this.#directory, "sw.js");
    const html = readFileSync(page, "utf8");
    writeFileSync(page, html.replace(/<html[^>]*>/, `<html lang="en" data-version="${version}">`));
    const revised = readFileSync(worker, "utf8").replace(
      /(\{url:"index\.html",revision:")[^"]*|(\{"revision":")[^"]*(?=","url":"index\.html")/,
      `$1$2${version}`,
    );
    writeFileSync(worker, revised);
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true });
  }

  #fileAt(pathname: string): string {
    const file = join(this.#directory, decodeURIComponent(pathname));
    const isFile = file.startsWith(this.#directory) && existsSync(file) && statSync(file).isFile();
    return isFile ? file : join(this.#directory, "index.html");
  }
}
