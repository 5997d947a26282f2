// @vitest-environment edge-runtime
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { BACKUP_NUMBER_HEADER, BACKUP_PATH } from "../protocol/backup";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "../protocol/content";
import { roomIdFor } from "../protocol/rooms";
import { api } from "./_generated/api";
import { deployment, person, type Deployment } from "./people.fixture";

const SECRET = "the service secret of the tests";

let t: Deployment;
let room: string;

beforeEach(async () => {
  vi.stubEnv("ROOM_SERVICE_SECRET", SECRET);
  t = deployment();
  const ada = await person(t, "Ada");
  room = roomIdFor("doc", await ada.client.mutation(api.documents.create, { title: "Backed up" }));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function post(number: string, body: string, secret = SECRET, roomId = room): Promise<Response> {
  return t.fetch(`${BACKUP_PATH}?room=${roomId}&number=${number}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body,
  });
}

function get(roomId = room, secret = SECRET): Promise<Response> {
  return t.fetch(`${BACKUP_PATH}?room=${roomId}`, { headers: { authorization: `Bearer ${secret}` } });
}

function files(): Promise<number> {
  return t.run(async (ctx) => (await ctx.db.system.query("_storage").collect()).length);
}

describe("a room's snapshots", () => {
  it("has none at first", async () => {
    expect((await get()).status).toBe(204);
  });

  it("gives back the newest, and keeps one file", async () => {
    expect(await (await post("1", "one")).json()).toEqual({ kind: "stored", newest: 1 });
    expect(await (await post("2", "two")).json()).toEqual({ kind: "stored", newest: 2 });
    const newest = await get();
    expect(newest.headers.get(BACKUP_NUMBER_HEADER)).toBe("2");
    expect(await newest.text()).toBe("two");
    expect(await files()).toBe(1);
  });

  it("never lets a late one replace a newer one", async () => {
    await post("7", "newer");
    expect(await (await post("6", "late")).json()).toEqual({ kind: "superseded", newest: 7 });
    expect(await (await post("7", "again")).json()).toEqual({ kind: "superseded", newest: 7 });
    expect(await (await get()).text()).toBe("newer");
    expect(await files()).toBe(1);
  });

  it("says that a file is lost, which is not the same as none, and takes the next one", async () => {
    await post("1", "one");
    await t.run(async (ctx) => {
      for (const file of await ctx.db.system.query("_storage").collect()) await ctx.storage.delete(file._id);
    });
    expect((await get()).status).toBe(500);
    expect((await post("2", "two")).status).toBe(200);
    expect(await (await get()).text()).toBe("two");
  });

  it("refuses whoever lacks the service secret", async () => {
    await post("1", "one");
    expect((await post("2", "two", "wrong")).status).toBe(401);
    expect((await get(room, "wrong")).status).toBe(401);
    expect((await t.fetch(`${BACKUP_PATH}?room=${room}`)).status).toBe(401);
    expect(await (await get()).text()).toBe("one");
  });

  it("refuses a room that is none, a number that is none, and a document that is gone", async () => {
    for (const number of ["", "0", "-1", "1.5", "01", "x", "9".repeat(16)]) {
      expect((await post(number, "x")).status).toBe(400);
    }
    expect((await post("1", "x", SECRET, "task-1")).status).toBe(400);
    expect((await get("doc-")).status).toBe(400);
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("resources").collect()) await ctx.db.delete(_id);
    });
    expect((await post("1", "x")).status).toBe(404);
    expect((await get()).status).toBe(404);
    expect(await files()).toBe(0);
  });

  it("gives the room of an example what it begins with, until the room sends the first of its own", async () => {
    const ada = await person(t, "Eda");
    const workspaceId = await ada.client.mutation(api.workspaces.create, { name: "Team" });
    const paginationOpts = { numItems: 9, cursor: null };
    const { page } = await ada.client.query(api.tree.workspace, { workspaceId, paginationOpts });
    expect(page.map(({ title }) => title)).toEqual(["Start here", "Draw here"]);
    for (const { kind, resourceId } of page) {
      const example = roomIdFor(kind, resourceId);
      const first = await get(example);
      expect(first.headers.get(BACKUP_NUMBER_HEADER)).toBe("1");
      const update = new Uint8Array(await first.arrayBuffer());
      expect(update).toEqual(new Uint8Array(await (await get(example)).arrayBuffer()));
      const doc = new Y.Doc();
      Y.applyUpdate(doc, update);
      expect(doc.getXmlFragment(DOCUMENT_FRAGMENT).toJSON()).toContain(
        kind === "doc" ? "Bring others in" : "",
      );
      expect(doc.getMap(DIAGRAM_ELEMENTS).size).toBe(kind === "doc" ? 0 : 6);
      expect(await (await post("1", "late", SECRET, example)).json()).toEqual({
        kind: "superseded",
        newest: 1,
      });
      expect((await post("2", "its own", SECRET, example)).status).toBe(200);
      expect(await (await get(example)).text()).toBe("its own");
    }
  });
});
