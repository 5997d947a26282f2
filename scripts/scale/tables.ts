/** The tables of docs/scale.md, as Markdown. */
import type { RoomFigures } from "../../protocol/room-figures";
import { BEHAVIOUR, DAILY_USERS, MEASURED, PRICES } from "./inputs";
import { hourOfOnePerson, loadOf, type Behaviour } from "./model";

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
    ["alone", { peoplePerRoom: 1 }],
    ["two in a room", { peoplePerRoom: 2 }],
    ["ten in a room", { peoplePerRoom: 10 }],
    ["only reading, two in a room", { editingShare: 0, pointingShare: 0 }],
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
      row("rooms opened a second", ({ opensPerSecond }) => count(opensPerSecond)),
      row("backups a second", ({ backupsPerSecond }) => count(backupsPerSecond)),
      row("Convex calls a second", ({ convexCallsPerSecond }) => count(convexCallsPerSecond)),
      row("content in GB, once", ({ storedGigabytes }) => count(storedGigabytes)),
      row("dollars a month", ({ dollarsPerMonth }) => count(dollarsPerMonth)),
    ],
  );
}
