/** A copy of a room that is in memory, so that tests decide what is in it and when it is written. */
import * as Y from "yjs";
import type { CopyOptions, LoadedCopy, LocalCopy } from "../offline/local-copy";

interface Stored {
  content?: Uint8Array;
  known?: boolean;
  unsynced?: boolean;
  afterMs?: number;
}

export class MemoryCopy implements LocalCopy {
  loaded: Promise<LoadedCopy> = Promise.resolve({ known: false, unsynced: false });
  known = false;
  synced = false;
  closed = false;
  #waiting = 0;
  #works = true;
  #onChange: () => void = () => undefined;

  constructor(private readonly stored: Stored = {}) {}

  open({ doc, isOwn, onChange }: Pick<CopyOptions, "doc" | "isOwn" | "onChange">) {
    this.#onChange = onChange;
    doc.on("update", (_update, origin) => {
      if (!isOwn(origin)) return;
      this.synced = false;
      this.#waiting++;
    });
    const { content, known = false, unsynced = false, afterMs = 0 } = this.stored;
    this.loaded = new Promise((resolve) => {
      const load = () => {
        if (content !== undefined) Y.applyUpdate(doc, content, this);
        if (unsynced) this.synced = false;
        resolve({ known, unsynced });
      };
      setTimeout(load, afterMs);
    });
  }

  /** What was edited is on the disk now. */
  keep() {
    this.#waiting = 0;
    this.#onChange();
  }

  /** The disk is full. */
  fail() {
    this.#works = false;
    this.#onChange();
  }

  isSource = (origin: unknown) => origin === this;
  isKept = () => this.#works && this.#waiting === 0;
  setKnown = () => {
    this.known = true;
  };
  setSynced = () => {
    this.synced = true;
  };
  describe = () => undefined;
  close = () => {
    this.closed = true;
  };
}
