import { expect, it } from "vitest";
import { judge, type Attempt } from "./server-death";

/** Whether a server is held for dead after these attempts, one second apart. */
function isDeadAfter(attempts: Attempt[]): boolean {
  let refusedSince: number | null | undefined;
  return attempts.some((attempt, second) => {
    const judgement = judge(refusedSince, attempt, second * 1_000);
    ({ refusedSince } = judgement);
    return judgement.isDead;
  });
}
const times = (count: number, attempt: Attempt): Attempt[] => Array.from({ length: count }, () => attempt);

it.each<[string, boolean, Attempt[]]>([
  ["one that has not started yet is not dead", false, times(60, "refused")],
  [
    "one that starts again within seconds is not dead",
    false,
    ["accepted", ...times(5, "refused"), "accepted"],
  ],
  ["pauses do not add up", false, times(9, "refused").flatMap((refused) => ["accepted", refused])],
  ["one that is slow is not dead", false, ["accepted", ...times(60, "unclear")]],
  ["one that was there and refuses for long is dead", true, ["accepted", ...times(6, "refused")]],
])("%s", (_name, dead, attempts) => {
  expect(isDeadAfter(attempts)).toBe(dead);
});
