/** What processes have used, as the kernel counts it. */
import { readFile } from "node:fs/promises";

/** Linux counts CPU time in hundredths of a second for everybody who asks. */
const MS_PER_TICK = 10;

export interface Usage {
  cpuMs: number;
  rssMB: number;
}

export async function usageOf(pids: number[]): Promise<Usage> {
  const usages = await Promise.all(pids.map(usageOfOne));
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    rssMB: usages.reduce((sum, { rssMB }) => sum + rssMB, 0),
  };
}

async function usageOfOne(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8"),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  // `pid (comm) state ppid …`; comm may contain spaces and brackets. User and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const rssKB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK, rssMB: rssKB / 1_024 };
}
