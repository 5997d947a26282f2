import { describe, expect, it } from "vitest";
import { eachSession, type SessionUnderTest } from "./session-under-test.fixture";
import { untilStatus } from "./until-status";

describe("waiting for a session's status", () => {
  let h: SessionUnderTest;
  eachSession((underTest) => {
    h = underTest;
  });

  it("is over when the status is as wanted, then or already", async () => {
    const live = untilStatus(h.session, ({ connection }) => connection === "live");
    await h.connect();
    await live;
    await untilStatus(h.session, ({ connection }) => connection === "live");
  });

  it("fails when the session ends by itself", async () => {
    h.session.dispose();
    h.answer = () => ({ kind: "refused", code: "not_found" });
    h.session = h.open();
    const live = untilStatus(h.session, ({ connection }) => connection === "live");
    const failed = expect(live).rejects.toThrow("gone");
    await h.pass(1_000);
    expect(h.session.getStatus().connection).toBe("gone");
    await failed;
  });
});
