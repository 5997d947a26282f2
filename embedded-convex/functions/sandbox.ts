/**
 * The globals that functions see. They run in this process beside the server, so a few globals look at who is
 * calling: in a query or mutation the network and timers are refused, because a transaction that waits for the
 * world is refused in production too, and time stands still; console output goes to the function's log; and
 * `process.env` holds the deployment's variables, not the developer's shell.
 */
import { currentExecution, isTransactional, type Execution } from "./execution";
import type { LogLevel } from "./log_lines";

type Environment = Record<string, string | undefined>;

/** The untouched originals, for the server's own use inside a function's context. */
export const original = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  env: process.env,
};

/** Replaces the globals. Once per process, before any function is loaded. */
export function installSandbox(functionEnvironment: () => Environment): void {
  guard("fetch", "fetch()");
  guard("setTimeout", "setTimeout");
  guard("setInterval", "setInterval");
  guard("WebSocket", "WebSocket");
  installMicrotasks();
  installClock();
  installConsole();
  Object.defineProperty(process, "env", {
    configurable: true,
    get: () => (currentExecution() === null ? original.env : functionEnvironment()),
    set: (env: Environment) => {
      original.env = env;
    },
  });
}

function inTransaction(): Execution | null {
  const execution = currentExecution();
  return execution !== null && execution !== "loading" && isTransactional(execution) ? execution : null;
}

function guard(name: "fetch" | "setTimeout" | "setInterval" | "WebSocket", called: string): void {
  const target: unknown = Reflect.get(globalThis, name);
  if (typeof target !== "function") return;
  const refuse = (): void => {
    const execution = inTransaction();
    if (execution === null) return;
    throw new Error(
      `Can't use ${called} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
  };
  const guarded = new Proxy(target, {
    apply(original_, self, args: unknown[]): unknown {
      refuse();
      return Reflect.apply(original_, self, args);
    },
    construct(original_, args: unknown[], newTarget): object {
      refuse();
      return Reflect.construct(original_, args, newTarget) as object;
    },
  });
  Object.defineProperty(globalThis, name, { value: guarded, configurable: true, writable: true });
}

/**
 * Node forgets the context before it reports what a microtask threw, so nobody could tell that it was a function's.
 * As a promise it is reported like any other that nobody handled.
 */
function installMicrotasks(): void {
  const queue = globalThis.queueMicrotask;
  globalThis.queueMicrotask = (callback) => {
    if (currentExecution() === null || typeof callback !== "function") queue(callback);
    else void Promise.resolve().then(() => callback());
  };
}

function installClock(): void {
  const RealDate = Date;
  const frozen = (): number | null => inTransaction()?.startedAt ?? null;
  const clock = new Proxy(RealDate, {
    construct(target, args: unknown[], newTarget): object {
      const now = args.length === 0 ? frozen() : null;
      return Reflect.construct(target, now === null ? args : [now], newTarget) as object;
    },
    apply(target): string {
      const now = frozen();
      return now === null ? target() : new target(now).toString();
    },
    get(target, property): unknown {
      if (property === "now") return () => frozen() ?? target.now();
      return Reflect.get(target, property);
    },
  });
  Object.defineProperty(RealDate.prototype, "constructor", {
    value: clock,
    configurable: true,
    writable: true,
  });
  globalThis.Date = clock;
}

function installConsole(): void {
  const levels: Record<"debug" | "log" | "info" | "warn" | "error" | "trace", LogLevel> = {
    debug: "DEBUG",
    log: "LOG",
    info: "INFO",
    warn: "WARN",
    error: "ERROR",
    trace: "LOG",
  };
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, LogLevel][]) {
    const print = console[method].bind(console);
    console[method] = (...args: unknown[]) => {
      const execution = currentExecution();
      if (execution === null || execution === "loading") print(...args);
      else execution.log.add(level, args);
    };
  }
}
