import { createReadStream } from "node:fs";
import { cp, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { serviceWorker } from "./scripts/service-worker";

const HOST = "127.0.0.1";
const DEFAULT_PORT = 5173;

/** Where the page finds Excalidraw's fonts: `window.EXCALIDRAW_ASSET_PATH` + "fonts/". */
const FONTS_URL = "/excalidraw/fonts/";
const FONTS_DIR = fileURLToPath(
  new URL("./node_modules/@excalidraw/excalidraw/dist/prod/fonts", import.meta.url),
);

const FONT_TYPES: Record<string, string> = { ".woff2": "font/woff2", ".ttf": "font/ttf" };

/** Where Excalidraw's code says which CDN has what the page does not: the template of that address. */
const FONTS_CDN = /`https:\/\/esm\.sh\/\$\{.*?\}\/dist\/prod\/`/;

/**
 * Excalidraw loads its fonts from a public CDN unless the page serves them itself: this serves and ships them, and
 * takes the CDN out of what is shipped. As the second source of each font it would be asked when ours fails.
 */
function excalidrawFonts(): Plugin {
  let outDir = "";
  return {
    name: "ripple:excalidraw-fonts",
    configResolved(config) {
      outDir = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use(FONTS_URL, (request, response, next) => {
        const path = normalize(decodeURIComponent((request.url ?? "").split("?")[0] ?? ""));
        const file = join(FONTS_DIR, path);
        const type = FONT_TYPES[extname(file)];
        if (!file.startsWith(FONTS_DIR + sep) || type === undefined) {
          next();
          return;
        }
        stat(file).then(
          ({ size }) => {
            response.writeHead(200, { "content-type": type, "content-length": size });
            createReadStream(file).pipe(response);
          },
          () => response.writeHead(404).end(),
        );
      });
    },
    transform(code, id) {
      if (!id.includes("/@excalidraw/excalidraw/dist/") || !code.includes("https://esm.sh/")) return null;
      const own = code.replace(FONTS_CDN, "`${location.origin}/excalidraw/`");
      if (own.includes("https://esm.sh/")) this.error("Excalidraw names its CDN in another way than it did.");
      return { code: own, map: null };
    },
    async writeBundle() {
      await cp(FONTS_DIR, join(outDir, FONTS_URL), { recursive: true });
    },
  };
}

const ICONS = "@tabler/icons-react";
const ICONS_IMPORT = /import \{([^}]*)\} from "@tabler\/icons-react";/g;

/**
 * Imports each icon from its own file. The package's index has 6,000 of them: 4.5 MB that every page load would
 * fetch in development, and thousands of modules that every build would read to drop them again.
 */
function singleIcons(): Plugin {
  return {
    name: "ripple:single-icons",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("/src/") || !code.includes(ICONS)) return null;
      return {
        code: code.replace(ICONS_IMPORT, (statement: string, names: string) => {
          const imports = names
            .split(",")
            .map((name) => name.trim())
            .filter((name) => name !== "")
            .map((name) => `import ${name} from "${ICONS}/dist/esm/icons/${name}.mjs";`);
          // As many lines as before, so that the source map stays true.
          return imports.join(" ") + "\n".repeat(statement.split("\n").length - 1);
        }),
        map: null,
      };
    },
  };
}

const address = { host: HOST, port: Number(process.env.VITE_PORT ?? DEFAULT_PORT), strictPort: true };

export default defineConfig(({ mode }) => ({
  plugins: [
    singleIcons(),
    react(),
    excalidrawFonts(),
    // In development it would answer with yesterday's code.
    ...(mode === "production" ? serviceWorker() : []),
  ],
  optimizeDeps: { exclude: [ICONS] },
  resolve: {
    // Two copies of Yjs in one page break every `instanceof` check of the editors' bindings.
    dedupe: ["yjs", "y-protocols", "react", "react-dom"],
    // BlockNote brings Mantine's style sheets again, outside of any layer: arriving with the first document,
    // they would win over the rules of pages that are already open.
    alias: [
      { find: /^@mantine\/core\/styles\/(\w+)\.css$/, replacement: "@mantine/core/styles/$1.layer.css" },
    ],
  },
  server: {
    ...address,
    // The other two runtimes write their state beside the sources, many times a second.
    watch: { ignored: ["**/.partykit/**", "**/.embedded-convex/**", "**/.tsbuild/**"] },
  },
  preview: address,
  // The two editors are each larger than Vite's default limit, and are fetched only by the pages that need them.
  build: {
    target: "es2022",
    sourcemap: true,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      output: {
        // What every page starts with, in one file: twenty small ones that lazy pages happen to share compress worse.
        codeSplitting: { groups: [{ name: "shell", tags: ["$initial"] }] },
      },
    },
  },
}));
