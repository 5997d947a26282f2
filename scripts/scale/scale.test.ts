import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BEHAVIOUR, LIMITS, MEASURED, PRICES } from "./inputs";
import { hourOfOnePerson, hourOfPresence, loadOf, usersAt } from "./model";
import { hourTable, limitsTable, loadTable } from "./tables";

/** Cells without the padding that the formatter adds. */
const cellsOf = (text: string) => text.replaceAll(/ *\| */g, "|").replaceAll(/-{3,}/g, "---");

describe("docs/scale.md", () => {
  const page = cellsOf(readFileSync("docs/scale.md", "utf8"));

  it.each([
    ["an hour", hourTable],
    ["a load", loadTable],
    ["limits", limitsTable],
  ])("shows the table of %s that the inputs give", (_name, table) => {
    expect(page).toContain(cellsOf(table()));
  });

  it.each([
    ["backups", "backup.ts", "room", "latestMs", MEASURED.backupSeconds],
    ["signs of life", "lobby.ts", "presence", "askAfterMs", MEASURED.beatSeconds],
  ])("counts %s as often as the rooms have them sent", (_name, file, directory, constant, seconds) => {
    const source = readFileSync(`partykit/${directory}/${file}`, "utf8");
    const [, milliseconds = ""] = new RegExp(`${constant}: ([\\d_]+)`).exec(source) ?? [];
    expect(Number(milliseconds.replaceAll("_", ""))).toBe(seconds * 1_000);
  });

  it("gives each price and unit of the formula as the inputs have it", () => {
    const formula = page.slice(page.indexOf("    frames "), page.indexOf("What dominates"));
    for (const part of [
      `÷ ${PRICES.messagesPerRequest} `,
      `× ${PRICES.objectGigabytes} GB`,
      `backups × ${MEASURED.writesPerBackup} `,
      `÷ ${MEASURED.backupSeconds} s`,
      `÷ ${MEASURED.beatSeconds} s`,
      `÷ ${MEASURED.renewalSeconds} s`,
      `÷ ${MEASURED.updatesPerCompaction} `,
      `× ${MEASURED.callsPerOpen} `,
      `backups × ${MEASURED.callsPerBackup} `,
      `entries × ${MEASURED.callsPerEntry} `,
      `${PRICES.perMillionGigabyteSeconds.toFixed(2)} $/M`,
      `${PRICES.perMillionRequests} $/M`,
      `writes × ${PRICES.perMillionWrites} $/M`,
      `calls × ${PRICES.perMillionConvexCalls} $/M`,
    ]) {
      expect(formula).toContain(part);
    }
  });
});

describe("the model", () => {
  it("agrees with a calculation by hand", () => {
    const behaviour = {
      ...BEHAVIOUR,
      peoplePerRoom: 1,
      peoplePerWorkspace: 4,
      editingShare: 1,
      editsPerSecond: 1,
      opensPerHour: 1,
      entriesPerHour: 3,
      bytesPerDocument: 8_192,
    };
    const hour = hourOfOnePerson(behaviour, MEASURED, PRICES);
    const requests = 1 + (7_200 + 240) / 20 + 3 + (360 + 1) / 20;
    const writes = 3_600 * 2 + (3_600 / 500) * 3 + 120 * 5;
    const calls = 7 + 480 + 12;
    expect(hour.objectRequests).toBeCloseTo(requests);
    expect(hour.storageWrites).toBeCloseTo(writes);
    expect(hour).toMatchObject({ backups: 120, convexCalls: calls });
    expect(hour.gigabyteSeconds).toBeCloseTo(460.8 + 115.2);
    const dollars = (576 * 12.5 + requests * 0.15 + writes + calls * 2) / 1e6;
    expect(hour.dollars).toBeCloseTo(dollars, 8);
  });

  it("counts presence for whoever only reads, and shares its room among the workspace", () => {
    const alone = { ...BEHAVIOUR, peoplePerWorkspace: 1 };
    const [one, ten] = [alone, { ...alone, peoplePerWorkspace: 10 }].map((behaviour) =>
      hourOfPresence(behaviour, MEASURED, PRICES),
    );
    expect(one?.gigabyteSeconds).toBeCloseTo(460.8);
    expect(ten?.gigabyteSeconds).toBeCloseTo(46.08);
    expect(ten?.objectRequests).toBe(one?.objectRequests);
    const reader = hourOfOnePerson({ ...alone, editingShare: 0, pointingShare: 0 }, MEASURED, PRICES);
    expect(reader.gigabyteSeconds).toBeCloseTo(460.8 + 230.4);
  });

  it("meets a limit at the number of people whose load it is", () => {
    for (const limit of LIMITS) {
      const users = usersAt(limit, BEHAVIOUR, MEASURED, PRICES);
      expect(loadOf(users, BEHAVIOUR, MEASURED, PRICES)[limit.of]).toBeCloseTo(limit.value, 6);
    }
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
      "presenceRooms",
      "convexCallsPerSecond",
      "storedGigabytes",
      "dollarsPerMonth",
    ] as const) {
      expect(ten?.[key]).toBeCloseTo(10 * (one?.[key] ?? 0), 6);
    }
  });
});
