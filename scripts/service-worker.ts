/**
 * The service worker: the page opens without a network. Workbox writes it, for production builds only.
 *
 *  - Fetched with each version, before it is offered: the page, what our own code imports (also later, as `import()`
 *    does), what that imports at once, and the fonts that diagrams draw Latin, Greek and Cyrillic text with.
 *  - Kept from the first use on: whatever else the page has. The Chinese font alone has 13 MB; Excalidraw's
 *    languages and its Mermaid importer are for few.
 *  - Left alone: all other hosts. Answers of Convex are not HTTP, and what is kept of them belongs to a person.
 *
 * A new version waits until somebody asks for it (src/offline/new-version.ts).
 */
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const LARGEST_FILE_BYTES = 4_000_000;

/** Of the files that are kept from the first use on: more than one version has of them. */
const USED_FILES = 300;

const RARE_FONT = "excalidraw/fonts/Xiaolai/**";

/** Files of `assets/` that nobody imports by name: the fonts of style sheets. */
const FONT = /\.woff2$/;

export function serviceWorker(): Plugin[] {
  const needed = new Set<string>();
  return [
    {
      name: "ripple:needed-files",
      generateBundle(_options, bundle) {
        const add = (fileName: string): void => {
          const chunk = bundle[fileName];
          if (needed.has(fileName) || chunk?.type !== "chunk") return;
          needed.add(fileName);
          for (const css of chunk.viteMetadata?.importedCss ?? []) needed.add(css);
          chunk.imports.forEach(add);
          chunk.dynamicImports.filter((imported) => isOurs(bundle[imported])).forEach(add);
        };
        for (const chunk of Object.values(bundle)) {
          if (chunk.type === "chunk" && chunk.isEntry) add(chunk.fileName);
        }
      },
    },
    ...VitePWA({
      filename: "sw.js",
      registerType: "prompt",
      // The page registers it itself, when it has nothing better to do.
      injectRegister: false,
      manifest: {
        id: "/",
        name: "Ripple",
        short_name: "Ripple",
        description: "Write documents and draw diagrams together, live.",
        start_url: "/",
        scope: "/",
        display: "standalone",
        theme_color: "#f4f7f7",
        background_color: "#ffffff",
        icons: [
          { src: "/favicon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icons/192.png", sizes: "192x192", type: "image/png" },
          { src: "/icons/512.png", sizes: "512x512", type: "image/png" },
          { src: "/icons/maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      includeManifestIcons: false,
      workbox: {
        globPatterns: ["*.{html,js,svg}", "assets/*.{js,css,woff2}", "excalidraw/fonts/**/*.woff2"],
        globIgnores: ["sw.js", RARE_FONT],
        maximumFileSizeToCacheInBytes: LARGEST_FILE_BYTES,
        manifestTransforms: [
          (entries) => ({
            manifest: entries.filter(
              ({ url }) => !url.startsWith("assets/") || needed.has(url) || FONT.test(url),
            ),
          }),
        ],
        // For the smoke test and for operators, not a page.
        navigateFallbackDenylist: [/^\/deployment\.json$/],
        runtimeCaching: [
          {
            urlPattern: ({ sameOrigin, url }) => sameOrigin && /^\/(assets|excalidraw)\//.test(url.pathname),
            handler: "CacheFirst",
            options: {
              cacheName: "ripple-used",
              expiration: { maxEntries: USED_FILES, purgeOnQuotaError: true },
              plugins: [
                {
                  // A file that a newer version no longer has is answered with the page, which must not be kept for it.
                  cacheWillUpdate: ({ response }) =>
                    Promise.resolve(
                      response.ok && !response.headers.get("content-type")?.startsWith("text/html")
                        ? response
                        : null,
                    ),
                },
              ],
            },
          },
        ],
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
  ];
}

/** Whether a chunk is there for the sake of one of our own modules, and not for one deep in a library. */
function isOurs(chunk: { type: string; facadeModuleId?: string | null } | undefined): boolean {
  const { facadeModuleId } = chunk ?? {};
  return typeof facadeModuleId === "string" && !facadeModuleId.includes("/node_modules/");
}
