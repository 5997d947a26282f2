import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { openTabChannel, type TabChannel } from "./tab-channel";

/** What a tab does with a room, over the real BroadcastChannel. */
class Tab {
  readonly doc = new Y.Doc();
  readonly received: boolean[] = [];
  connected = false;
  readonly channel: TabChannel;

  constructor(name: string) {
    this.channel = openTabChannel({
      name,
      doc: this.doc,
      isOwn: (origin) => origin !== "tab" && origin !== "room",
      isConnected: () => this.connected,
      apply: (update, sent) => {
        this.received.push(sent);
        Y.applyUpdate(this.doc, update, "tab");
      },
    });
  }

  get text() {
    return this.doc.getText("t");
  }

  close() {
    this.channel.stop();
    this.doc.destroy();
  }
}

describe("tabs in one room", () => {
  let tabs: Tab[];
  let name: string;
  const open = () => {
    const tab = new Tab(name);
    tabs.push(tab);
    return tab;
  };

  beforeEach(() => {
    name = `test/${crypto.randomUUID()}`;
    tabs = [];
  });
  afterEach(() => {
    for (const tab of tabs) tab.close();
  });

  it("are in step with what is edited in each, and say whether the room has it", async () => {
    const [first, second] = [open(), open()];
    first.text.insert(0, "offline ");
    await vi.waitFor(() => expect(second.text.toJSON()).toBe("offline "));
    second.connected = true;
    second.text.insert(8, "online");
    await vi.waitFor(() => expect(first.text.toJSON()).toBe("offline online"));
    expect([first.received, second.received]).toEqual([[true], [false]]);
  });

  it("give a newcomer what it lacks, and get from it what they lack", async () => {
    const first = open();
    first.text.insert(0, "first");
    const second = new Tab(`${name}/elsewhere`);
    second.text.insert(0, "second");
    const third = open();
    Y.applyUpdate(third.doc, Y.encodeStateAsUpdate(second.doc), "room");
    second.close();
    third.channel.sayHello();
    await vi.waitFor(() => {
      expect(third.text.toJSON()).toContain("first");
      expect(first.text.toJSON()).toBe(third.text.toJSON());
    });
  });

  it("do not pass on what came from the room or from each other", async () => {
    const [first, second, witness] = [open(), open(), open()];
    const theirs = new Y.Doc();
    theirs.getText("t").insert(0, "theirs ");
    Y.applyUpdate(first.doc, Y.encodeStateAsUpdate(theirs), "room");
    second.text.insert(0, "mine");
    // Channels keep their order: with this, everything has come that will.
    await vi.waitFor(() => expect(witness.text.toJSON()).toBe("mine"));
    await vi.waitFor(() => expect(first.text.toJSON()).toContain("mine"));
    expect(witness.received).toHaveLength(1);
    expect(second.received).toHaveLength(0);
  });

  it("hear nothing any more when they have stopped", async () => {
    const [first, second, witness] = [open(), open(), open()];
    second.channel.stop();
    first.text.insert(0, "after");
    await vi.waitFor(() => expect(witness.text.toJSON()).toBe("after"));
    expect(second.received).toEqual([]);
  });
});
