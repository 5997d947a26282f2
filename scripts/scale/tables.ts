/** The tables of docs/scale.md, as Markdown. */
import type { RoomFigures } from "../../protocol/room-figures";
import { BEHAVIOUR, DAILY_USERS, LIMITS, MEASURED, PRICES } from "./inputs";
import { hourOfOnePerson, hourOfPresence, loadOf, usersAt, type Behaviour } from "./model";

const count = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(2)));
const cents = (dollars: number) => `${(dollars * 100).toFixed(2)} ¢`;

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** An hour of one active person, alone and among others. */
export function hourTable(): string {
  const kinds: [string, Partial<Behaviour>][] = [
    ["alone, in the workspace too", { peoplePerRoom: 1, peoplePerWorkspace: 1 }],
    ["two in a room, five in the workspace", { peoplePerRoom: 2, peoplePerWorkspace: 5 }],
    ["ten in a room, fifty in the workspace", { peoplePerRoom: 10, peoplePerWorkspace: 50 }],
    [
      "only reading, two and five",
      { peoplePerRoom: 2, peoplePerWorkspace: 5, editingShare: 0, pointingShare: 0 },
    ],
  ];
  const rows = kinds.map(([name, change]) => {
    const hour = hourOfOnePerson({ ...BEHAVIOUR, ...change }, MEASURED, PRICES);
    return [
      name,
      count(hour.objectRequests),
      count(hour.gigabyteSeconds),
      count(hour.storageWrites),
      count(hour.backups),
      count(hour.convexCalls),
      cents(hour.dollars),
    ];
  });
  for (const peoplePerWorkspace of [1, 5, 50]) {
    const hour = hourOfPresence({ ...BEHAVIOUR, peoplePerWorkspace }, MEASURED, PRICES);
    rows.push([
      `of it presence, ${peoplePerWorkspace} in the workspace`,
      count(hour.objectRequests),
      count(hour.gigabyteSeconds),
      "0",
      "0",
      count(hour.convexCalls),
      cents(hour.dollars),
    ]);
  }
  return table(
    [
      "an hour of one person",
      "object requests",
      "GB-s",
      "storage writes",
      "backups",
      "Convex calls",
      "costs",
    ],
    rows,
  );
}

/** What `scale-counts` measures. */
export function countsTable(rooms: { people: number; edits: number; figures: RoomFigures }[]): string {
  const rows = rooms.map(({ people, edits, figures }) => {
    const writes = figures.document?.writes ?? 0;
    const numbers = [people, edits, figures.framesIn, figures.framesOut, writes].map((n) =>
      n.toLocaleString("en-US"),
    );
    return [...numbers, (writes / edits).toFixed(2), String(figures.backup?.number ?? 0)];
  });
  return table(
    ["people", "edits", "frames in", "frames out", "storage writes", "writes per edit", "backups"],
    rows,
  );
}

/** The busiest hour, and a month, of so many daily users. */
export function loadTable(): string {
  const loads = DAILY_USERS.map((users) => loadOf(users, BEHAVIOUR, MEASURED, PRICES));
  const row = (name: string, show: (load: (typeof loads)[number]) => string) => [name, ...loads.map(show)];
  return table(
    ["daily users", ...loads.map(({ dailyUsers }) => count(dailyUsers))],
    [
      row("people in the busiest hour", ({ people }) => count(people)),
      row("rooms then", ({ rooms }) => count(rooms)),
      row("presence rooms then", ({ presenceRooms }) => count(presenceRooms)),
      row("rooms opened a second", ({ opensPerSecond }) => count(opensPerSecond)),
      row("backups a second", ({ backupsPerSecond }) => count(backupsPerSecond)),
      row("Convex calls a second", ({ convexCallsPerSecond }) => count(convexCallsPerSecond)),
      row("content in GB, once", ({ storedGigabytes }) => count(storedGigabytes)),
      row("dollars a month", ({ dollarsPerMonth }) => count(dollarsPerMonth)),
    ],
  );
}

/** The limits that are met on the way, the nearest first. */
export function limitsTable(): string {
  const met = LIMITS.map((limit) => ({ limit, users: usersAt(limit, BEHAVIOUR, MEASURED, PRICES) }));
  const rows = met
    .sort((a, b) => a.users - b.users)
    .map(({ limit, users }) => [limit.what, count(Number(users.toPrecision(2)))]);
  return table(["limit", "is met at daily users"], rows);
}
