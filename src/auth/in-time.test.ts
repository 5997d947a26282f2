import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inTime } from "./in-time";

describe("work with a limit", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is waited for, and leaves no timer behind", async () => {
    expect(await inTime(Promise.resolve("done"), 1_000)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is waited for no longer than the limit", async () => {
    const never = new Promise(() => undefined);
    const isDone = inTime(never, 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await isDone).toBe(false);
  });

  it("says when it fails", async () => {
    await expect(inTime(Promise.reject(new Error("blocked")), 1_000)).rejects.toThrow("blocked");
  });
});
