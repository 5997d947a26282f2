import { expect, it } from "vitest";
import { BACKUP_MAX_BYTES } from "../../protocol/limits";
import { convexBackups } from "./convex-backups";

it("sends no backup that is larger than Convex takes, and says so", async () => {
  // Nobody listens there: what is sent fails with the network's reason.
  const backups = convexBackups({ CONVEX_SITE_URL: "http://127.0.0.1:1", ROOM_SERVICE_SECRET: "secret" });
  const outcomeOf = (bytes: number) => backups.store("doc-abc", 1, new Uint8Array(bytes));
  expect(await outcomeOf(BACKUP_MAX_BYTES)).toMatchObject({
    kind: "failed",
    reason: expect.stringContaining("fetch failed") as string,
  });
  expect(await outcomeOf(BACKUP_MAX_BYTES + 1)).toEqual({
    kind: "failed",
    reason: "20971521 bytes are more than Convex takes",
  });
});
