/**
 * What people cost, and which limit they meet first: arithmetic only. Everything is per active person and hour, or
 * follows from a number of daily users. docs/scale.md explains the terms and shows the result.
 */

/** What people do. Assumptions: change them to your own. */
export interface Behaviour {
  /** People in a room at once, on average. */
  peoplePerRoom: number;
  /** Hours a day in which a person has a room open. */
  hoursPerDay: number;
  /** Rooms that a person opens in such an hour, reconnects included. */
  opensPerHour: number;
  /** People in a workspace at once, on average: they share its presence room. */
  peoplePerWorkspace: number;
  /** Times that a person's page connects to a presence room in such an hour, reconnects included. */
  entriesPerHour: number;
  /** Share of the time in which a person edits, and edits a second then. */
  editingShare: number;
  editsPerSecond: number;
  /** Share of the time in which a person's cursor moves while others are there. */
  pointingShare: number;
  /** Busiest hour of the day against the average of the hours. */
  peak: number;
  /** Documents and diagrams of a person, and bytes of each. */
  documentsPerPerson: number;
  bytesPerDocument: number;
}

/** What one action costs the servers. Measured; docs/scale.md says how. */
export interface Measured {
  /** Frames that the room gets for one edit: the edit and its barrier. */
  framesPerEdit: number;
  /** Storage writes for one edit, when edits are too far apart to be merged. */
  writesPerEdit: number;
  /** Of its entry in the log, when that is compacted. Deletions are billed as writes. */
  deletionsPerEdit: number;
  /** Updates in a room's log until it is compacted, and bytes that are billed as one write. */
  updatesPerCompaction: number;
  bytesPerWrite: number;
  /** Awareness frames a second of a moving cursor. */
  framesPerSecondPointing: number;
  /** Seconds between two renewals of an awareness entry that does not change. */
  renewalSeconds: number;
  /** Seconds between two backups of a room that is being edited. */
  backupSeconds: number;
  /** Storage writes for one backup: its number, that it waits, that it does not, and the alarm. */
  writesPerBackup: number;
  /** Seconds between two signs of life that the presence room gets from a tab that says nothing else. */
  beatSeconds: number;
  /** Convex function calls for opening a room, for entering a presence room, and for one backup. */
  callsPerOpen: number;
  callsPerEntry: number;
  callsPerBackup: number;
}

/** List prices in dollars; what is included in a plan is left out. */
export interface Prices {
  /** A Durable Object is billed 128 MB for as long as somebody is in the room. */
  objectGigabytes: number;
  perMillionGigabyteSeconds: number;
  perMillionRequests: number;
  /** Incoming WebSocket messages that count as one request. */
  messagesPerRequest: number;
  perMillionWrites: number;
  /** Of what rooms store, and of Convex's files. */
  perGigabyteMonth: number;
  perFileGigabyteMonth: number;
  perMillionConvexCalls: number;
}

/** What the presence room of the workspace adds to an hour. It stores nothing. */
export interface HourOfPresence {
  objectRequests: number;
  gigabyteSeconds: number;
  convexCalls: number;
  dollars: number;
}

/** With presence in each figure. */
export interface HourOfOnePerson {
  objectRequests: number;
  gigabyteSeconds: number;
  storageWrites: number;
  backups: number;
  convexCalls: number;
  dollars: number;
}

const SECONDS_PER_HOUR = 3_600;
const HOURS_PER_DAY = 24;
const DAYS_PER_MONTH = 30;

export function hourOfPresence(behaviour: Behaviour, measured: Measured, prices: Prices): HourOfPresence {
  // A change of page is one frame; so is each sign of life, and it is asked for only where nothing else was said.
  const framesIn = SECONDS_PER_HOUR / measured.beatSeconds + behaviour.opensPerHour;
  const objectRequests = behaviour.entriesPerHour + framesIn / prices.messagesPerRequest;
  const gigabyteSeconds = (SECONDS_PER_HOUR * prices.objectGigabytes) / behaviour.peoplePerWorkspace;
  const convexCalls = behaviour.entriesPerHour * measured.callsPerEntry;
  const dollars =
    (gigabyteSeconds * prices.perMillionGigabyteSeconds +
      objectRequests * prices.perMillionRequests +
      convexCalls * prices.perMillionConvexCalls) /
    1e6;
  return { objectRequests, gigabyteSeconds, convexCalls, dollars };
}

export function hourOfOnePerson(behaviour: Behaviour, measured: Measured, prices: Prices): HourOfOnePerson {
  const edits = SECONDS_PER_HOUR * behaviour.editingShare * behaviour.editsPerSecond;
  const pointing = behaviour.peoplePerRoom > 1 ? SECONDS_PER_HOUR * behaviour.pointingShare : 0;
  const framesIn =
    edits * measured.framesPerEdit +
    pointing * measured.framesPerSecondPointing +
    SECONDS_PER_HOUR / measured.renewalSeconds;
  // A room is edited while any of its people edits.
  const roomEditingShare = 1 - (1 - behaviour.editingShare) ** behaviour.peoplePerRoom;
  const backups = (SECONDS_PER_HOUR * roomEditingShare) / measured.backupSeconds / behaviour.peoplePerRoom;
  const additions = edits * measured.writesPerEdit;
  // The whole document, and where its log stands.
  const writesPerCompaction = Math.ceil(behaviour.bytesPerDocument / measured.bytesPerWrite) + 1;
  const storageWrites =
    additions +
    edits * measured.deletionsPerEdit +
    (additions / measured.updatesPerCompaction) * writesPerCompaction +
    backups * measured.writesPerBackup;

  const presence = hourOfPresence(behaviour, measured, prices);
  const requestsOfRooms = behaviour.opensPerHour + framesIn / prices.messagesPerRequest;
  const gigabyteSecondsOfRooms = (SECONDS_PER_HOUR * prices.objectGigabytes) / behaviour.peoplePerRoom;
  const callsOfRooms = behaviour.opensPerHour * measured.callsPerOpen + backups * measured.callsPerBackup;
  const dollars =
    presence.dollars +
    (gigabyteSecondsOfRooms * prices.perMillionGigabyteSeconds +
      requestsOfRooms * prices.perMillionRequests +
      storageWrites * prices.perMillionWrites +
      callsOfRooms * prices.perMillionConvexCalls) /
      1e6;
  return {
    objectRequests: requestsOfRooms + presence.objectRequests,
    gigabyteSeconds: gigabyteSecondsOfRooms + presence.gigabyteSeconds,
    storageWrites,
    backups,
    convexCalls: callsOfRooms + presence.convexCalls,
    dollars,
  };
}

export interface Load {
  dailyUsers: number;
  /** In the busiest hour. */
  people: number;
  rooms: number;
  presenceRooms: number;
  opensPerSecond: number;
  backupsPerSecond: number;
  convexCallsPerSecond: number;
  /** In all. */
  storedGigabytes: number;
  dollarsPerMonth: number;
}

export function loadOf(dailyUsers: number, behaviour: Behaviour, measured: Measured, prices: Prices): Load {
  const hour = hourOfOnePerson(behaviour, measured, prices);
  const people = ((dailyUsers * behaviour.hoursPerDay) / HOURS_PER_DAY) * behaviour.peak;
  const storedGigabytes = (dailyUsers * behaviour.documentsPerPerson * behaviour.bytesPerDocument) / 1e9;
  return {
    dailyUsers,
    people,
    rooms: people / behaviour.peoplePerRoom,
    presenceRooms: people / behaviour.peoplePerWorkspace,
    opensPerSecond: (people * behaviour.opensPerHour) / SECONDS_PER_HOUR,
    backupsPerSecond: (people * hour.backups) / SECONDS_PER_HOUR,
    convexCallsPerSecond: (people * hour.convexCalls) / SECONDS_PER_HOUR,
    storedGigabytes,
    dollarsPerMonth:
      dailyUsers * behaviour.hoursPerDay * DAYS_PER_MONTH * hour.dollars +
      // Once in the rooms, once as backups.
      storedGigabytes * (prices.perGigabyteMonth + prices.perFileGigabyteMonth),
  };
}

/** A limit of what Ripple runs on, in terms of a load. */
export interface Limit {
  what: string;
  value: number;
  of: "people" | "convexCallsPerSecond" | "storedGigabytes";
}

/** At how many daily users a limit is met: everything in a load grows with them. */
export function usersAt(
  { value, of }: Limit,
  behaviour: Behaviour,
  measured: Measured,
  prices: Prices,
): number {
  return value / loadOf(1, behaviour, measured, prices)[of];
}
