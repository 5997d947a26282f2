import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BEHAVIOUR, MEASURED, PRICES } from "./inputs";
import { hourOfOnePerson, loadOf } from "./model";
import { hourTable, loadTable } from "./tables";

/** Cells without the padding that the formatter adds. */
const cellsOf = (text: string) => text.replaceAll(/ *\| */g, "|").replaceAll(/-{3,}/g, "---");

describe("docs/scale.md", () => {
  const page = cellsOf(readFileSync("docs/scale.md", "utf8"));

  it.each([
    ["an hour", hourTable],
    ["a load", loadTable],
  ])("shows the table of %s that the inputs give", (_name, table) => {
    expect(page).toContain(cellsOf(table()));
  });

  it("counts backups as often as the rooms send them", () => {
    const source = readFileSync("partykit/room/backup.ts", "utf8");
    const [, milliseconds = ""] = /latestMs: ([\d_]+)/.exec(source) ?? [];
    expect(Number(milliseconds.replaceAll("_", ""))).toBe(MEASURED.backupSeconds * 1_000);
  });
});

describe("the model", () => {
  it("agrees with a calculation by hand", () => {
    const behaviour = { ...BEHAVIOUR, peoplePerRoom: 1, editingShare: 1, editsPerSecond: 1, opensPerHour: 1 };
    const hour = hourOfOnePerson(behaviour, MEASURED, PRICES);
    expect(hour).toMatchObject({
      objectRequests: 1 + 7_200 / 20,
      storageWrites: 3_600 * 2 + 120 * 5,
      backups: 120,
      convexCalls: 7 + 360,
    });
    expect(hour.gigabyteSeconds).toBeCloseTo(460.8);
    expect(hour.dollars).toBeCloseTo(0.00576 + 0.00005415 + 0.0078 + 0.000734, 8);
  });

  it("takes cursors for nothing where nobody else is", () => {
    const alone = { ...BEHAVIOUR, peoplePerRoom: 1 };
    expect(hourOfOnePerson({ ...alone, pointingShare: 1 }, MEASURED, PRICES)).toEqual(
      hourOfOnePerson(alone, MEASURED, PRICES),
    );
  });

  it("grows with the number of people, and with nothing else", () => {
    const [one, ten] = [1_000, 10_000].map((users) => loadOf(users, BEHAVIOUR, MEASURED, PRICES));
    for (const key of [
      "people",
      "rooms",
      "convexCallsPerSecond",
      "storedGigabytes",
      "dollarsPerMonth",
    ] as const) {
      expect(ten?.[key]).toBeCloseTo(10 * (one?.[key] ?? 0), 6);
    }
  });
});
