/**
 * Loads a `convex/` folder, and again when a file of it (or one that it imports) changes. Vite transforms and
 * evaluates the modules, so TypeScript, path resolution and source positions are what a developer is used to.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import {
  createServer,
  isRunnableDevEnvironment,
  type RunnableDevEnvironment,
  type ViteDevServer,
} from "vite";
import { runAsLoading } from "./execution";
import {
  authConfigOfExport,
  cronsOfExport,
  EMPTY_SCHEMA,
  functionsOfModule,
  routerOfExport,
  schemaOfExport,
  type FunctionDefinition,
  type FunctionSet,
} from "./function_set";

const MODULE_EXTENSIONS = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".mts", ".cjs", ".cts"];

/**
 * One reload for all that an editor writes at once. The watcher drops a second change of a file within 50 ms of the
 * first, so reading any sooner could miss what a formatter wrote right after the save.
 */
const CHANGE_SETTLE_MS = 75;

export class Loader {
  private constructor(
    private readonly directory: string,
    private readonly vite: ViteDevServer,
    private readonly environment: RunnableDevEnvironment,
  ) {}

  static async open(directory: string): Promise<Loader> {
    const vite = await createServer({
      configFile: false,
      envFile: false,
      root: directory,
      appType: "custom",
      logLevel: "error",
      server: { middlewareMode: true, hmr: false, ws: false },
      optimizeDeps: { noDiscovery: true, include: [] },
    });
    const environment = vite.environments["ssr"];
    if (!isRunnableDevEnvironment(environment)) {
      throw new Error("Vite has no runnable environment");
    }
    return new Loader(directory, vite, environment);
  }

  /** Evaluates every module. Throws what a module throws, or why its exports make no sense. */
  async load(): Promise<FunctionSet> {
    // A fresh evaluation of everything: module state does not survive a reload, as in a deployment.
    this.environment.runner.clearCache();
    return await runAsLoading(async () => {
      const functions = new Map<string, FunctionDefinition>();
      for (const path of this.modulePaths()) {
        const exports = await this.import(path);
        for (const definition of functionsOfModule(moduleName(path), exports)) {
          functions.set(definition.path, definition);
        }
      }
      if (this.find("convex.config") !== null) {
        throw new Error("The embedded Convex does not support components (convex.config.ts).");
      }
      return {
        functions,
        schema: await this.special("schema", schemaOfExport, EMPTY_SCHEMA),
        authConfig: await this.special("auth.config", authConfigOfExport, { providers: [] }),
        router: await this.special("http", routerOfExport, null),
        crons: await this.special("crons", cronsOfExport, []),
      };
    });
  }

  /** Calls back after files have changed, until closed. */
  onChange(changed: () => void): void {
    let timer: NodeJS.Timeout | null = null;
    this.vite.watcher.on("all", (event, file) => {
      if (!this.concerns(event, file)) return;
      for (const module of this.environment.moduleGraph.getModulesByFile(file) ?? []) {
        this.environment.moduleGraph.invalidateModule(module);
      }
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(changed, CHANGE_SETTLE_MS);
    });
  }

  async close(): Promise<void> {
    await this.vite.close();
  }

  private concerns(event: string, file: string): boolean {
    const path = relative(this.directory, file);
    // Generated code follows the functions; following it in turn would go round in circles.
    if (path.startsWith("_generated")) return false;
    const inside = !path.startsWith("..");
    if (this.environment.moduleGraph.getModulesByFile(file) !== undefined) return true;
    return (
      inside && (event === "add" || event === "unlink") && MODULE_EXTENSIONS.some((ext) => file.endsWith(ext))
    );
  }

  private async special<T>(name: string, read: (exported: unknown) => T, otherwise: T): Promise<T> {
    const path = this.find(name);
    if (path === null) return otherwise;
    return read((await this.import(path))["default"]);
  }

  private find(name: string): string | null {
    const file = MODULE_EXTENSIONS.map((extension) => `${name}${extension}`).find((candidate) =>
      existsSync(join(this.directory, candidate)),
    );
    return file ?? null;
  }

  private async import(path: string): Promise<Record<string, unknown>> {
    return await this.environment.runner.import<Record<string, unknown>>(join(this.directory, path));
  }

  /** The same files that the `convex` CLI bundles. */
  private modulePaths(): string[] {
    return readdirSync(this.directory, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => {
        const parts = path.split("/");
        const base = parts.at(-1) ?? "";
        return (
          MODULE_EXTENSIONS.some((extension) => base.endsWith(extension)) &&
          parts[0] !== "_generated" &&
          !parts.includes("node_modules") &&
          !/^[.#]/.test(base) &&
          !/^schema\.[tj]s$/.test(base) &&
          base.split(".").length === 2 &&
          !path.includes(" ")
        );
      })
      .sort();
  }
}

function moduleName(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}
