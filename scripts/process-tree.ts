/** Which processes a process has started, and those again, for tests. Linux only. */
import { readdir, readFile } from "node:fs/promises";

/** Process ids, the root first. */
export async function processTree(root: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = await parentOf(pid);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The process in the tree of `root` that runs the program of this name, or `null`. */
export async function processIn(root: number, program: string): Promise<number | null> {
  for (const pid of await processTree(root)) if ((await readOf(pid, "comm")).trim() === program) return pid;
  return null;
}

async function parentOf(pid: number): Promise<number | null> {
  // `pid (comm) state ppid …`; comm may contain spaces and brackets.
  const fields = (await readOf(pid, "stat")).split(") ").at(-1)?.split(" ") ?? [];
  return fields[1] === undefined ? null : Number(fields[1]);
}

/** The empty string of a process that has ended meanwhile. */
async function readOf(pid: number, file: "comm" | "stat"): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH") return "";
    throw error;
  }
}
