/**
 * Where a server's CPU time goes, by Linux `perf`: kernel, native code and compiled JavaScript, which has no names
 * here. (workerd's own inspector samples another thread than the one that works.)
 */
import { execFileSync, spawn } from "node:child_process";

/** The largest ones that are named, after the kinds. */
const SYMBOLS = 25;

const MAX_REPORT_BYTES = 2 ** 28;

/** What a symbol belongs to: the first whose object and name match. */
const KINDS: [kind: string, objects: RegExp, symbols: RegExp][] = [
  ["kernel", /^\[kernel/, /./],
  ["JavaScript, compiled", /^\[JIT\]|perf-\d+\.map/, /./],
  ["JavaScript, interpreted and built in", /./, /^Builtins_/],
  ["V8: collecting garbage", /./, /Heap|Scaveng|Mark(ing|Compact)|Sweep|GCTracer|ObjectVisitor/],
  ["V8: parsing and compiling", /./, /pars|compil|Interpreter|Bytecode|maglev|turboshaft|baseline|Turbo/i],
  ["V8: all else", /./, /^(non-virtual thunk to )?v8::|^void v8::/],
  ["memory", /./, /tcmalloc|malloc|operator new|operator delete/i],
  ["SQLite", /./, /sqlite/i],
  ["workerd's API and event loop", /./, /workerd::|kj::|capnp::/],
];

/** Starts recording. What it returns ends it, keeps the recording in `file` and tells what is in it. */
export function recordCpu(pids: number[], file: string): () => Promise<string> {
  const args = ["record", "--quiet", "--freq=1999", `--output=${file}`, `--pid=${pids.join(",")}`];
  const child = spawn("perf", args, { stdio: ["ignore", "ignore", 2] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
  return async () => {
    child.kill("SIGINT");
    await ended;
    const args = ["report", "--stdio", `--input=${file}`, "--sort=dso,symbol", "--percent-limit=0"];
    const text = execFileSync("perf", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: MAX_REPORT_BYTES,
    });
    return summarise(text.split("\n"));
  };
}

function summarise(lines: string[]): string {
  const shares = new Map<string, number>();
  const symbols: [string, number][] = [];
  for (const line of lines) {
    const [, percent, object, symbol] = /^\s+([\d.]+)%\s+(.+?)\s+\[[.k]\] (.*)$/.exec(line) ?? [];
    if (percent === undefined || object === undefined || symbol === undefined) continue;
    const kind =
      KINDS.find(([, objects, names]) => objects.test(object) && names.test(symbol))?.[0] ?? "the rest";
    shares.set(kind, (shares.get(kind) ?? 0) + Number(percent));
    symbols.push([`${object}  ${symbol.trim().slice(0, 100)}`, Number(percent)]);
  }
  const format = ([name, share]: [string, number]) => `${share.toFixed(1).padStart(5)} %  ${name}`;
  return [...[...shares].sort(([, a], [, b]) => b - a), ...symbols.slice(0, SYMBOLS)].map(format).join("\n");
}
