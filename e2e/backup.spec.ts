/**
 * The operators' commands on a real deployment, as they are run: `backup:verify` finds every backup good, and then each
 * one that is not; `backup:restore` takes a room back. Each way in which a backup can be bad is in
 * partykit/tests/verify.test.ts.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as Y from "yjs";
import { api } from "../convex/_generated/api";
import { BACKUP_PATH } from "../protocol/backup";
import { BACKUP_MAX_BYTES } from "../protocol/limits";
import { roomIdFor, type ResourceKind } from "../protocol/rooms";
import { binOf } from "../scripts/processes";
import type { Stack } from "../scripts/stack";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";
import { connect, textOf, until } from "./replay/agent";

interface Outcome {
  code: number | null;
  output: string;
}

function run(
  stack: Stack,
  script: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [binOf("tsx"), `scripts/${script}.ts`, ...args], {
    env: {
      ...process.env,
      ...stack.secrets,
      CONVEX_SITE_URL: stack.convexSiteUrl,
      PARTYKIT_DOMAIN: stack.partykitHost,
      ...env,
    },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}

/** Sends Convex a snapshot, as a room does. */
async function post(stack: Stack, roomId: string, number: number, body: Uint8Array): Promise<number> {
  const response = await fetch(`${stack.convexSiteUrl}${BACKUP_PATH}?room=${roomId}&number=${number}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.secrets.ROOM_SERVICE_SECRET ?? ""}` },
    body: Buffer.from(body),
  });
  await response.arrayBuffer();
  return response.status;
}

async function backupOf(stack: Stack, roomId: string): Promise<Uint8Array | null> {
  const response = await fetch(`${stack.convexSiteUrl}${BACKUP_PATH}?room=${roomId}`, {
    headers: { authorization: `Bearer ${stack.secrets.ROOM_SERVICE_SECRET ?? ""}` },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.status === 200 ? bytes : null;
}

async function openRoom(stack: Stack, person: Person, kind: ResourceKind, resourceId: string) {
  const doc = new Y.Doc();
  const call = api.collaboration.getCollaborationToken;
  const token = async () => (await person.convex.action(call, { resourceType: kind, resourceId })).token;
  const provider = connect({ host: stack.partykitHost, roomId: roomIdFor(kind, resourceId), token }, doc);
  await until(
    () => provider.synced,
    () => "it never synced",
  );
  return { doc, provider };
}

async function backedUpRoom(stack: Stack, person: Person, kind: ResourceKind): Promise<string> {
  const title = "Backed up";
  const resourceId = await (kind === "doc"
    ? person.convex.mutation(api.documents.create, { title })
    : person.convex.mutation(api.diagrams.create, { title }));
  const { doc, provider } = await openRoom(stack, person, kind, resourceId);
  textOf(doc).insert(0, "what was written");
  provider.destroy();
  doc.destroy();
  const roomId = roomIdFor(kind, resourceId);
  await expect.poll(async () => (await backupOf(stack, roomId)) !== null).toBe(true);
  return roomId;
}

test("backup:verify tries a sample out, and names each room whose backup is worth nothing", async ({
  stack,
}) => {
  const ada = await createPerson(stack, "Ada");
  const good = [await backedUpRoom(stack, ada, "doc"), await backedUpRoom(stack, ada, "diagram")];
  await ada.convex.mutation(api.documents.create, { title: "Never opened" });

  const all = await run(stack, "backup-verify", ["--sample=1000"]);
  for (const roomId of good) expect(all.output).toContain(`ok  ${roomId}: backup 1, `);
  expect(all.output).toMatch(/(\d+) of \1 rooms: \d+ verified, [1-9]\d* empty, .* 0 faulty\.\n$/);
  expect(all.code).toBe(0);
  const some = await run(stack, "backup-verify", ["--sample=1"]);
  expect(some.output).toMatch(/\n?1 of [1-9]\d* rooms: /);

  const corrupt = await backedUpRoom(stack, ada, "doc");
  expect(await post(stack, corrupt, 2, Buffer.from("not an update"))).toBe(200);
  const ahead = await backedUpRoom(stack, ada, "doc");
  const lost = new Y.Doc();
  Y.applyUpdate(lost, (await backupOf(stack, ahead)) ?? new Uint8Array());
  textOf(lost).insert(0, "an edit that the room has lost, ");
  expect(await post(stack, ahead, 2, Y.encodeStateAsUpdate(lost))).toBe(200);
  const rooms = [good[0] ?? "", corrupt, ahead].map((roomId) => `--room=${roomId}`);
  const { code, output } = await run(stack, "backup-verify", rooms);
  expect(output).toContain(`FAULT: ${corrupt}: its backup is corrupt`);
  expect(output).toContain(
    `FAULT: ${ahead}: the live room lacks part of what its backup has (pieces: 32 lost`,
  );
  expect(output).toContain("3 of 3 rooms: 1 verified, 0 empty, 0 waiting for their first backup");
  expect(code).toBe(1);

  // What is wrong with a room's storage, its backup mends.
  expect(await run(stack, "backup-restore", [ahead])).toEqual({
    code: 0,
    output: `${ahead} is back at its backup 2.\n`,
  });
  const { doc, provider } = await openRoom(stack, ada, "doc", ahead.slice("doc-".length));
  expect(textOf(doc).toJSON()).toBe("an edit that the room has lost, what was written");
  provider.destroy();
  doc.destroy();
});

test("both say what they miss, and who does not answer or believe them", async ({ stack }) => {
  const attempts = await Promise.all([
    run(stack, "backup-verify", [], { ROOM_SERVICE_SECRET: "" }),
    run(stack, "backup-verify", [], { ROOM_SERVICE_SECRET: "another one" }),
    run(stack, "backup-verify", [], { CONVEX_SITE_URL: "http://127.0.0.1:1" }),
    run(stack, "backup-verify", ["--sample=none"]),
    run(stack, "backup-restore", []),
    run(stack, "backup-restore", ["doc-abc"], { ROOM_SERVICE_SECRET: "another one" }),
    run(stack, "backup-restore", ["task-abc"]),
  ]);
  expect(attempts.map(({ code }) => code)).toEqual(attempts.map(() => 1));
  const [unset, refused, silent, noNumber, noRoom, notBelieved, odd] = attempts.map(({ output }) => output);
  expect(unset).toContain("ROOM_SERVICE_SECRET must be set");
  expect(refused).toContain("answers with status 401: it has another ROOM_SERVICE_SECRET");
  expect(silent).toContain("Convex does not answer at http://127.0.0.1:1");
  expect(noNumber).toContain("--sample must be a number of rooms");
  expect(noRoom).toContain("Say which room");
  expect(notBelieved).toContain("answers with status 401: it has another ROOM_SERVICE_SECRET");
  expect(odd).toContain("there is no such room");
});

test("Convex takes and gives the largest backup whole, and no larger one", async ({ stack }) => {
  const ada = await createPerson(stack, "Ada");
  const roomId = roomIdFor("doc", await ada.convex.mutation(api.documents.create, { title: "Large" }));
  const largest = randomBytes(BACKUP_MAX_BYTES);
  expect(await post(stack, roomId, 1, largest)).toBe(200);
  expect(Buffer.compare((await backupOf(stack, roomId)) ?? Buffer.alloc(0), largest)).toBe(0);
  expect(await post(stack, roomId, 2, Buffer.concat([largest, Buffer.alloc(1)]))).toBe(413);
  expect(await post(stack, roomId, 2, Y.encodeStateAsUpdate(new Y.Doc()))).toBe(200);
});
