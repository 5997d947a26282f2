/**
 * What a deployment must do for people, tried out in the order in which it would fail them: sign up, get into a room,
 * write together, be kept out, find everything again. Each check throws a `Fault` that names what is wrong.
 */
import { SignJWT } from "jose";
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_LIFETIME_SECONDS } from "../../protocol/access";
import { roomIdFor } from "../../protocol/rooms";
import type { Addresses } from "./addresses";
import { Fault } from "./fault";
import type { ThrowawayPerson } from "./people";
import { knock, RoomClient } from "./room";

export interface Cast {
  owner: ThrowawayPerson;
  guest: ThrowawayPerson;
  outsider: ThrowawayPerson;
}

export interface Scene extends Cast, Addresses {
  documentId: string;
  roomId: string;
}

export async function setScene(addresses: Addresses, cast: Cast): Promise<Scene> {
  const { owner, guest, outsider } = cast;
  for (const person of [owner, guest, outsider]) await person.signUp();
  const documentId = await owner.createDocument();
  await owner.share(documentId, guest, "editor");
  return { ...addresses, ...cast, documentId, roomId: roomIdFor("doc", documentId) };
}

/** The owner gets in; if not, the status says which of the servers does not understand which. */
export async function checkDoorOpens(scene: Scene): Promise<void> {
  const { owner, documentId, roomId, pageUrl, partykitHost } = scene;
  const status = await knock(partykitHost, roomId, await owner.token(documentId));
  switch (status) {
    case 101:
      break;
    case 401:
      throw new Fault(
        "PartyKit refuses the tokens that Convex issues (401): they have different values of COLLABORATION_TOKEN_SECRET.",
      );
    case 403:
      throw new Fault(
        "PartyKit refuses a document's owner (403): its CONVEX_SITE_URL is another deployment than the page's Convex.",
      );
    case 503:
      throw new Fault(
        "PartyKit cannot ask Convex who may enter (503): CONVEX_SITE_URL is wrong, or Convex is down or slow.",
      );
    default:
      throw new Fault(`A room answers its owner with the unexpected status ${status}.`);
  }
  const { origin } = new URL(pageUrl);
  const inBrowser = await knock(partykitHost, roomId, await owner.token(documentId), origin);
  if (inBrowser !== 101) {
    throw new Fault(
      `Rooms do not open to the page at ${origin} (${inBrowser}): PartyKit was deployed with another SITE_URL.`,
    );
  }
}

export async function checkRefusals({
  owner,
  outsider,
  documentId,
  roomId,
  partykitHost,
}: Scene): Promise<void> {
  const expectStatus = async (what: string, expected: number, room: string, token: string | null) => {
    const status = await knock(partykitHost, room, token);
    if (status === 101) throw new Fault(`The door is open: ${what} got into a room.`);
    if (status !== expected)
      throw new Fault(`The door answers ${what} with ${status} instead of ${expected}.`);
  };
  const token = await owner.token(documentId);
  await expectStatus("somebody without a token", 401, roomId, null);
  await expectStatus("somebody with garbage for a token", 401, roomId, "not.a.token");
  await expectStatus("a token signed with another key", 401, roomId, await forge(owner.userId, roomId));
  await expectStatus("another room's token", 401, roomIdFor("doc", "z".repeat(32)), token);
  await expectStatus("a room of an unknown kind", 400, `task-${documentId}`, token);
  const fromElsewhere = await knock(partykitHost, roomId, token, "https://elsewhere.invalid");
  if (fromElsewhere !== 403) {
    throw new Fault(
      `The door answers a page of another site with ${fromElsewhere} instead of 403: PartyKit's SITE_URL is not checked.`,
    );
  }
  if (!(await outsider.isRefusedToken(documentId))) {
    throw new Fault("Convex gives collaboration tokens to people without access to the document.");
  }
}

/** Two people write in one document. Returns what both have then. */
export async function checkWritingTogether({
  owner,
  guest,
  documentId,
  roomId,
  partykitHost,
}: Scene): Promise<string> {
  const ada = new RoomClient(partykitHost, roomId, await owner.token(documentId));
  const ben = new RoomClient(partykitHost, roomId, await guest.token(documentId));
  try {
    await ada.open();
    await ben.open();
    ada.write("written by the owner, ");
    if (!(await ben.sees("written by the owner, ")))
      throw new Fault("What one person writes does not reach the other.");
    ben.write("and by a guest");
    if (!(await ada.sees("written by the owner, and by a guest"))) {
      throw new Fault("What a guest who may edit writes does not reach the owner.");
    }
    for (const client of [ada, ben]) {
      const verdict = await client.verdict();
      if (verdict !== "saved") {
        throw new Fault(
          `The room takes edits, but never confirms that they are on its disk (it says ${verdict}).`,
        );
      }
    }
    return ada.text;
  } finally {
    await ada.close();
    await ben.close();
  }
}

/** Somebody comes when everybody has left. */
export async function checkPersistence(scene: Scene, expected: string): Promise<void> {
  const { owner, documentId, roomId, partykitHost } = scene;
  const later = new RoomClient(partykitHost, roomId, await owner.token(documentId));
  try {
    await later.open();
    if (later.text !== expected) {
      throw new Fault(
        `What was written and confirmed is lost when everybody has left: ${later.text.length} of ${expected.length} characters are there. The room does not persist.`,
      );
    }
  } finally {
    await later.close();
  }
}

export async function checkViewer(scene: Scene, expected: string): Promise<void> {
  const { owner, guest, documentId, roomId, partykitHost } = scene;
  await owner.share(documentId, guest, "viewer");
  const viewer = new RoomClient(partykitHost, roomId, await guest.token(documentId));
  const witness = new RoomClient(partykitHost, roomId, await owner.token(documentId));
  try {
    await viewer.open();
    await witness.open();
    viewer.write(", and by a viewer");
    // The room's answer says that it has dealt with the edit; what the others see then is final.
    const verdict = await viewer.verdict();
    if (verdict === "saved" || witness.text !== expected) {
      throw new Fault("A viewer can change documents: the room does not enforce roles.");
    }
    if (verdict !== "readOnly") {
      throw new Fault(`The room does not tell a viewer that edits are not taken (it says ${verdict}).`);
    }
  } finally {
    await viewer.close();
    await witness.close();
  }
}

/** The token of somebody whose access was taken back is worth nothing, though it has not expired. */
export async function checkRemovedMember({
  owner,
  guest,
  documentId,
  roomId,
  partykitHost,
}: Scene): Promise<void> {
  const token = await guest.token(documentId);
  await owner.unshare(documentId, guest);
  const status = await knock(partykitHost, roomId, token);
  if (status === 101)
    throw new Fault("The door is open: somebody whose access was taken back got into the room.");
  if (status !== 403)
    throw new Fault(`The door answers somebody without access with ${status} instead of 403.`);
}

/** A token as Convex would issue it, but for the key. */
function forge(userId: string, roomId: string): Promise<string> {
  return new SignJWT({ room: roomId })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_LIFETIME_SECONDS}s`)
    .sign(crypto.getRandomValues(new Uint8Array(32)));
}
