import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { patient, RETRY_MAX_MS } from "./patient-token";

describe("a patient token fetcher", () => {
  let fails: number;
  let calls: number;
  let wanted: boolean;
  let wake: () => void;
  const ask = () => {
    const fetchToken = () => {
      calls += 1;
      return fails-- > 0 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve("token");
    };
    const fetcher = patient(fetchToken, {
      isWanted: () => wanted,
      onWake: (callback) => {
        wake = callback;
        return () => {
          wake = () => undefined;
        };
      },
    });
    const answers: (string | null | undefined)[] = [];
    void fetcher({ forceRefreshToken: true }).then((token) => answers.push(token));
    return answers;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(console, "warn").mockReturnValue();
    [calls, wanted] = [0, true];
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("tries again until there is an answer, and not in a rush", async () => {
    fails = 20;
    const answers = ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls).toBeLessThanOrEqual(6);
    await vi.advanceTimersByTimeAsync(20 * RETRY_MAX_MS);
    expect(answers).toEqual(["token"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tries at once when the network is back", async () => {
    fails = 1;
    const answers = ask();
    await vi.advanceTimersByTimeAsync(0);
    wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toEqual(["token"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives up when nobody wants the token any more", async () => {
    fails = Infinity;
    const answers = ask();
    await vi.advanceTimersByTimeAsync(0);
    wanted = false;
    await vi.advanceTimersByTimeAsync(RETRY_MAX_MS);
    expect(answers).toEqual([null]);
  });
});
