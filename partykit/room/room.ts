/**
 * One room: the sockets in it, and the way of a frame through it.
 *
 *   socket → gate (size, rate, batch) → parse → inbox (edits, barriers) | awareness
 *   inbox → role → document → journal (disk) and outbox (everybody)      awareness → outbox
 *
 * Everything between two awaits is one step, so what the inbox hands on is applied, queued for the disk and queued
 * for the others before the next frame is looked at. The room keeps its own set of sockets: PartyKit's connection
 * id is chosen by the client, and sockets that share one hide each other there.
 */
import type * as Party from "partykit/server";
import type { AccessGrant } from "../../protocol/access";
import { CLOSE, type CloseCode } from "../../protocol/close-codes";
import {
  DOCUMENT_MAX_BYTES,
  DOCUMENT_WARN_BYTES,
  PERSON_MAX_CONNECTIONS,
  ROOM_MAX_CONNECTIONS,
  UNRESOLVED_MAX_FRAMES,
} from "../../protocol/limits";
import { encodeRoomMessage } from "../../protocol/messages";
import { canWrite } from "../../protocol/roles";
import type { RoomFigures } from "../../protocol/room-figures";
import { AwarenessTable } from "./awareness";
import type { RoomDocument } from "./document";
import { parseFrame, weightOf, type Frame } from "./frames";
import { Inbox } from "./inbox";
import { Keeper, type Opening, type StartingOver } from "./keeper";
import { Member } from "./member";
import { Outbox } from "./outbox";
import { Saves } from "./saves";
import { ROOM_TIMING, type RoomTiming } from "./timing";

/** A client announces itself right after its sync step 1. One that has not by then has nothing to announce. */
const GREETING_DELAY_MS = 250;

type UpdateFrame = Extract<Frame, { kind: "update" }>;

/** What waits in the inbox. A barrier waits there with the edits that it asks about. */
type Arrival = Edit | { kind: "barrier"; member: Member; barrier: number };

interface Edit {
  kind: "edit";
  member: Member;
  frame: UpdateFrame;
  bytes: Uint8Array;
}

export class Room {
  readonly #timing: RoomTiming;
  readonly #keeper: Keeper;
  readonly #members = new Set<Member>();
  readonly #awareness = new AwarenessTable<Member>();
  readonly #inbox: Inbox<Arrival>;
  readonly #outbox: Outbox<Member>;
  readonly #saves = new Saves();
  readonly #traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
  readonly #closes: Record<number, number> = {};
  #joining = 0;
  #joined = 0;
  #author: Member | null = null;
  #isTaking = false;
  /** Its people have been warned of the size limit. */
  #isLarge = false;
  #housekeeping: ReturnType<typeof setInterval> | null = null;
  #loggedAt = Date.now();

  /** `party.id` is not used: PartyKit does not know it in an alarm, nor in an object that an alarm has woken. */
  constructor(party: Pick<Party.Room, "storage" | "env">, timing: Partial<RoomTiming> = {}) {
    this.#timing = { ...ROOM_TIMING, ...timing };
    this.#keeper = new Keeper(party, this.#timing.backup, {
      onUpdate: (update) => this.#outbox.edit(update, this.#author),
      onProgress: () => this.#onProgress(),
      isNeeded: () => this.#members.size + this.#joining > 0,
    });
    this.#inbox = new Inbox<Arrival>(
      (arrivals) => this.#take(arrivals),
      () => this.#members.size,
    );
    this.#outbox = new Outbox<Member>({
      broadcast: (frame, kind, except) => this.#broadcast(frame, kind, except),
      encodeAwareness: (clientIds) => this.#awareness.encode(clientIds),
    });
  }

  /** Takes a socket in, or closes it with a code. Until this resolves, the client's upgrade is not answered. */
  async join(roomId: string, socket: Party.Connection, grant: AccessGrant): Promise<void> {
    if (this.#members.size + this.#joining >= ROOM_MAX_CONNECTIONS) {
      socket.close(CLOSE.roomFull.code, CLOSE.roomFull.reason);
      return;
    }
    try {
      await this.#enter(roomId, (opening) => {
        if (opening.kind === "deleted") socket.close(CLOSE.deleted.code, CLOSE.deleted.reason);
        else this.#admit(new Member(socket, grant, ++this.#joined, Date.now()), socket, opening.document);
      });
    } catch (error) {
      console.error("the room could not load its document:", error);
      socket.close(CLOSE.loadFailed.code, CLOSE.loadFailed.reason);
    }
  }

  /** What somebody who joins now gets, as one V1 update; `null` if it was deleted. Throws if it cannot be loaded. */
  read(roomId: string): Promise<Uint8Array | null> {
    return this.#enter(roomId, (opening) => {
      this.#inbox.flush();
      return opening.kind === "deleted" ? null : opening.document.encode();
    });
  }

  /**
   * Back to the backup. Everybody is sent out and may come again at once. What their pages have and the backup lacks
   * they bring along: nothing that somebody wrote is lost by this.
   */
  async startOver(roomId: string): Promise<StartingOver> {
    try {
      return await this.#keeper.startOver(roomId, () => {
        for (const member of [...this.#members]) this.#leave(member, CLOSE.restored);
      });
    } finally {
      if (this.#members.size === 0) void this.#keeper.release();
    }
  }

  /** The document was deleted where it is listed: everybody out, and nothing comes back. */
  async delete(): Promise<void> {
    const burial = this.#keeper.delete();
    for (const member of [...this.#members]) this.#leave(member, CLOSE.deleted);
    await burial;
  }

  onAlarm(): Promise<void> {
    return this.#keeper.onAlarm();
  }

  get figures(): RoomFigures {
    const roles: RoomFigures["roles"] = {};
    for (const { grant } of this.#members) roles[grant.role] = (roles[grant.role] ?? 0) + 1;
    return {
      connections: this.#members.size,
      roles,
      ...this.#traffic,
      closes: this.#closes,
      ...this.#keeper.figures,
    };
  }

  async #enter<Result>(roomId: string, use: (opening: Opening) => Result): Promise<Result> {
    // Counted, so that a document which the last one has just left is not let go between here and there.
    this.#joining += 1;
    try {
      return use(await this.#keeper.open(roomId));
    } finally {
      this.#joining -= 1;
      if (this.#members.size === 0) void this.#keeper.release();
    }
  }

  #admit(member: Member, socket: Party.Connection, document: RoomDocument): void {
    if (socket.readyState !== WebSocket.READY_STATE_OPEN) return;
    // Of somebody on a bad line the oldest are dead already, and nobody has noticed yet.
    const [oldest, ...others] = [...this.#members].filter(
      ({ grant }) => grant.userId === member.grant.userId,
    );
    if (oldest !== undefined && others.length + 1 >= PERSON_MAX_CONNECTIONS) {
      this.#leave(oldest, CLOSE.tooManyOfOne);
    }
    this.#members.add(member);
    this.#isLarge = document.journal.documentBytes > DOCUMENT_WARN_BYTES;
    this.#housekeeping ??= setInterval(() => this.#keepHouse(Date.now()), this.#timing.housekeepingMs);
    socket.addEventListener("message", ({ data }) => {
      if (member.isOpen) this.#receive(member, data, document);
    });
    const gone = () => {
      this.#leave(member, null);
    };
    socket.addEventListener("close", gone);
    socket.addEventListener("error", gone);
    member.send(document.syncStep1(), Date.now());
    setTimeout(() => this.#greet(member), GREETING_DELAY_MS);
  }

  #leave(member: Member, reason: CloseCode | null): void {
    // What it has sent counts, however it leaves.
    this.#inbox.flush();
    member.close(reason);
    if (!this.#members.delete(member)) return;
    if (reason !== null) this.#closes[reason.code] = (this.#closes[reason.code] ?? 0) + 1;
    this.#saves.forget(member);
    this.#outbox.awareness(this.#awareness.release(member, Date.now()), null);
    this.#forgetUnresolved();
    if (this.#members.size > 0) return;
    if (this.#housekeeping !== null) clearInterval(this.#housekeeping);
    this.#housekeeping = null;
    this.#outbox.clear();
    void this.#keeper.release();
  }

  #receive(member: Member, data: string | ArrayBuffer, document: RoomDocument): void {
    const now = Date.now();
    member.heard(now);
    this.#traffic.framesIn += 1;
    this.#traffic.bytesIn += typeof data === "string" ? data.length : data.byteLength;
    const admission = member.gate.admit(data, now);
    switch (admission.kind) {
      case "incomplete":
        return;
      case "abuse":
        this.#leave(member, admission.close);
        return;
      case "message":
        this.#handle(member, parseFrame(admission.bytes), admission.bytes, document, now);
    }
  }

  #handle(member: Member, frame: Frame, bytes: Uint8Array, document: RoomDocument, now: number): void {
    switch (frame.kind) {
      case "malformed":
        this.#leave(member, CLOSE.malformedFrame);
        return;
      case "awarenessTooLarge":
        this.#leave(member, CLOSE.awarenessTooLarge);
        return;
      case "syncStep1":
        this.#answerSync(member, bytes, document, now);
        return;
      case "update":
        if (!member.mayEdit(weightOf(frame.decoded), now)) this.#leave(member, CLOSE.rateLimited);
        else this.#inbox.add({ kind: "edit", member, frame, bytes }, bytes.byteLength);
        return;
      case "awareness": {
        const outcome = this.#awareness.apply(member, frame.entries, now);
        if (outcome.kind === "changed") {
          this.#outbox.awareness(outcome.clientIds, member);
          this.#greet(member);
        } else {
          this.#leave(member, outcome.kind === "tooLarge" ? CLOSE.awarenessTooLarge : CLOSE.malformedFrame);
        }
        return;
      }
      case "ripple":
        if (!member.speaksRipple) {
          member.speaksRipple = true;
          if (this.#isLarge) this.#warn(member, document, now);
        }
        if (this.#inbox.isEmpty) this.#saves.ask(member, frame.message.barrier, document.journal);
        else this.#inbox.add({ kind: "barrier", member, barrier: frame.message.barrier }, 0);
    }
  }

  /** What it has not read yet waits in memory, and may be the whole document each time. */
  #answerSync(member: Member, question: Uint8Array, document: RoomDocument, now: number): void {
    this.#inbox.flush();
    const turn = member.asksForSync(now);
    if (turn === "tooOften") {
      this.#leave(member, CLOSE.rateLimited);
      return;
    }
    for (const reply of document.answer(question)) {
      if (!member.send(reply, now)) return;
      // The first one may be as long as the document is; nobody is behind for that.
      if (turn === "again") this.#countSent(member, reply.byteLength, now);
    }
  }

  /** All edits that have arrived as one change of the document, and then what is asked about them. */
  #take(arrivals: Arrival[]): void {
    const { document } = this.#keeper;
    if (document === null) return;
    const edits = arrivals.filter((arrival) => arrival.kind === "edit");
    if (edits.length > 0 && !this.#change(document, edits)) return;
    for (const arrival of arrivals) {
      if (arrival.kind === "barrier") this.#saves.ask(arrival.member, arrival.barrier, document.journal);
    }
  }

  /** Returns whether it worked. If not, nobody can tell what the document is now: all come again, and it is loaded anew. */
  #change(document: RoomDocument, edits: Edit[]): boolean {
    const [author = null, ...others] = new Set(edits.map(({ member }) => member));
    // What waited may be let in with this, and is news to its author too.
    this.#author = others.length > 0 || document.hasUnresolved() ? null : author;
    this.#isTaking = true;
    try {
      document.transact(() => {
        for (const { member, frame, bytes } of edits) {
          if (member.isOpen) this.#applyEdit(member, frame, bytes, document);
        }
      });
    } catch (error) {
      console.error("the room could not take an edit:", error);
      for (const member of [...this.#members]) this.#leave(member, CLOSE.loadFailed);
      return false;
    } finally {
      this.#isTaking = false;
      this.#author = null;
    }
    this.#forgetUnresolved();
    this.#warnIfLarge(document);
    return true;
  }

  #applyEdit(member: Member, frame: UpdateFrame, bytes: Uint8Array, document: RoomDocument): void {
    if (frame.step === "step2") member.probeAnswered();
    if (!canWrite(member.grant.role)) {
      // Each client answers the room's sync step 1, so what says nothing new is no attempt to write.
      if (!document.contains(frame.decoded)) this.#saves.refuseEdit(member);
      return;
    }
    const outcome = document.apply(bytes, frame.decoded);
    if (outcome.kind === "refused") {
      this.#leave(member, outcome.close);
    } else if (outcome.kind === "overflowed") {
      // Nothing waits any more, but what these sent has not been let in: they sync again, and nothing is called saved.
      const losers = new Set([member, ...this.#saves.dropUnresolved()]);
      for (const loser of losers) this.#leave(loser, CLOSE.unresolvedUpdates);
    } else if (outcome.waits && this.#saves.countUnresolved(member) > UNRESOLVED_MAX_FRAMES) {
      this.#leave(member, CLOSE.unresolvedUpdates);
    }
  }

  /** Updates that wait are kept for as long as somebody who sent some is here, who may send the rest. */
  #forgetUnresolved(): void {
    const { document } = this.#keeper;
    // In the middle of a change its updates are not in the journal yet. What changes then is looked at after it.
    if (document === null || this.#isTaking) return;
    if (document.hasUnresolved()) {
      if (!this.#saves.hasUnresolved) document.dropUnresolved();
    } else if (this.#saves.hasUnresolved) {
      this.#saves.settleUnresolved(document.journal);
      this.#onProgress();
    }
  }

  #onProgress(): void {
    const { document } = this.#keeper;
    if (document !== null) this.#saves.onProgress(this.#members, document.journal);
  }

  #warnIfLarge(document: RoomDocument): void {
    const isLarge = document.journal.documentBytes > DOCUMENT_WARN_BYTES;
    if (this.#isLarge === isLarge) return;
    this.#isLarge = isLarge;
    if (!isLarge) return;
    const now = Date.now();
    for (const member of this.#members) this.#warn(member, document, now);
  }

  #warn(member: Member, { journal }: RoomDocument, now: number): void {
    const warning = { kind: "large", bytes: journal.documentBytes, limit: DOCUMENT_MAX_BYTES } as const;
    if (member.speaksRipple) member.send(encodeRoomMessage(warning), now);
  }

  /** Tells a newcomer who is here. Not before it has announced itself: see awareness.ts on echoes. */
  #greet(member: Member): void {
    if (member.greeted || !member.isOpen) return;
    member.greeted = true;
    const present = this.#awareness.present();
    if (present.length > 0) member.send(this.#awareness.encode(present), Date.now());
  }

  #broadcast(frame: Uint8Array, kind: "edit" | "awareness", except: Member | null): number {
    const now = Date.now();
    let recipients = 0;
    for (const member of this.#members) {
      if (member === except || (kind === "awareness" && !member.greeted)) continue;
      if (!member.send(frame, now)) continue;
      recipients += 1;
      this.#countSent(member, frame.byteLength, now);
    }
    this.#traffic.framesOut += recipients;
    this.#traffic.bytesOut += recipients * frame.byteLength;
    return recipients;
  }

  #countSent(member: Member, bytes: number, now: number): void {
    const state = member.countSent(bytes);
    if (state === "tooFar") this.#leave(member, CLOSE.slowConsumer);
    else if (state === "probe") this.#probe(member, now);
  }

  #keepHouse(now: number): void {
    this.#outbox.awareness(this.#awareness.expire(now), null);
    const { keepAliveMs, silenceMs, answerMs, logMs } = this.#timing;
    for (const member of this.#members) {
      if (member.gate.batchIsLate(now)) this.#leave(member, CLOSE.batchTimeout);
      else if (now - member.heardAt > silenceMs + answerMs) this.#leave(member, CLOSE.noAnswer);
      else if (now - member.heardAt > silenceMs) this.#probe(member, now);
      else if (now - member.sentAt > keepAliveMs) member.send(this.#awareness.encode([]), now);
    }
    if (now - this.#loggedAt < logMs) return;
    this.#loggedAt = now;
    console.info(JSON.stringify({ event: "room", ...this.figures }));
  }

  /** Every client answers a sync step 1. */
  #probe(member: Member, now: number): void {
    const { document } = this.#keeper;
    if (document !== null) member.send(document.syncStep1(), now);
  }
}
