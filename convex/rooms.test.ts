// @vitest-environment edge-runtime
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RoomPage, ROOMS_PATH } from "../protocol/backup";
import { api } from "./_generated/api";
import { deployment, person, type Deployment } from "./people.fixture";

const SECRET = "the service secret of the tests";

beforeEach(() => {
  vi.stubEnv("ROOM_SERVICE_SECRET", SECRET);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function ask(t: Deployment, query: string, secret = SECRET): Promise<Response> {
  return t.fetch(`${ROOMS_PATH}?${query}`, { headers: { authorization: `Bearer ${secret}` } });
}

async function listed(t: Deployment, kind: string): Promise<string[]> {
  const roomIds: string[] = [];
  let cursor: string | null = null;
  do {
    const response = await ask(
      t,
      new URLSearchParams({ kind, ...(cursor !== null && { cursor }) }).toString(),
    );
    const page = RoomPage.parse(await response.json());
    roomIds.push(...page.roomIds);
    ({ cursor } = page);
  } while (cursor !== null);
  return roomIds.sort();
}

it("lists the rooms of all documents and diagrams, whosever they are, once each over many pages", async () => {
  const t = deployment();
  expect(await listed(t, "doc")).toEqual([]);
  const [ada, ben] = [await person(t, "Ada"), await person(t, "Ben")];
  const diagramId = await ben.client.mutation(api.diagrams.create, { title: "Ben's" });
  const documentId = await ada.client.mutation(api.documents.create, { title: "Ada's" });
  await t.run(async (ctx) => {
    const document = await ctx.db.get(documentId);
    if (document === null) throw new Error("there is no document");
    const { kind, title, icon, workspaceId, parentId, workspaceRole, shelf, rank, trashedAt } = document;
    const copy = { kind, title, icon, workspaceId, parentId, workspaceRole, shelf, rank, trashedAt };
    for (let i = 0; i < 2_100; i++) await ctx.db.insert("resources", copy);
  });
  const rooms = await listed(t, "doc");
  expect(new Set(rooms).size).toBe(2_101);
  expect(rooms).toHaveLength(2_101);
  expect(rooms).toContain(`doc-${documentId}`);
  expect(await listed(t, "diagram")).toEqual([`diagram-${diagramId}`]);
});

it("refuses whoever lacks the service secret, and a kind that is none", async () => {
  const t = deployment();
  expect((await ask(t, "kind=doc", "wrong")).status).toBe(401);
  expect((await t.fetch(`${ROOMS_PATH}?kind=doc`)).status).toBe(401);
  expect((await ask(t, "kind=task")).status).toBe(400);
  expect((await ask(t, "")).status).toBe(400);
});
