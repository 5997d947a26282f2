/**
 * What the room's people are told of their edits. A barrier is answered when everything that came before it on its
 * connection is on the disk, and nothing of it waits for content that has not arrived. Until then, and for good if an
 * edit was not let in, the room says why not: see protocol/messages.ts.
 */
import { encodeRoomMessage, type NotSavedReason } from "../../protocol/messages";
import type { Journal } from "./journal";
import type { Member } from "./member";

export class Saves {
  /** Members whose updates wait for content that has not arrived, and how many frames of them do. */
  readonly #unresolved = new Map<Member, number>();

  get hasUnresolved(): boolean {
    return this.#unresolved.size > 0;
  }

  /** An update of this member waits. Returns how many do. */
  countUnresolved(member: Member): number {
    const frames = (this.#unresolved.get(member) ?? 0) + 1;
    this.#unresolved.set(member, frames);
    return frames;
  }

  /** What waited has been let in, and is on its way to the disk. */
  settleUnresolved(journal: Journal): void {
    for (const member of this.#unresolved.keys()) member.waitLonger(journal.appended);
    this.#unresolved.clear();
  }

  /** What waited has been thrown away. Returns whose it was: nothing may be called saved to them. */
  dropUnresolved(): Member[] {
    const members = [...this.#unresolved.keys()];
    this.#unresolved.clear();
    return members;
  }

  forget(member: Member): void {
    this.#unresolved.delete(member);
  }

  /** An edit of somebody who may not write was dropped: nothing that this connection sends can be called saved. */
  refuseEdit(member: Member): void {
    member.lostEdit = true;
    report(member, "readOnly");
  }

  ask(member: Member, barrier: number, journal: Journal): void {
    if (member.lostEdit) {
      report(member, "readOnly");
      return;
    }
    member.waitFor(barrier, journal.appended);
    if (this.#unresolved.has(member)) report(member, "unresolved");
    else if (journal.failing) report(member, "storage");
    this.#answer(member, journal);
  }

  /** More is on the disk, or nothing gets there any more, or nothing waits any more. */
  onProgress(members: Iterable<Member>, journal: Journal): void {
    for (const member of members) {
      this.#answer(member, journal);
      if (journal.failing && member.hasBarriers) report(member, "storage");
    }
  }

  #answer(member: Member, journal: Journal): void {
    if (this.#unresolved.has(member) || member.lostEdit) return;
    const barrier = member.takeAnswered(journal.durable);
    if (barrier !== null) member.send(encodeRoomMessage({ kind: "saved", barrier }), Date.now());
  }
}

function report(member: Member, reason: NotSavedReason): void {
  if (member.speaksRipple) member.send(encodeRoomMessage({ kind: "notSaved", reason }), Date.now());
}
