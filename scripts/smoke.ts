/**
 * `npm run smoke -- --url https://ripple.example.com`: whether a deployment does what people need of it.
 *
 * Signs up three throw-away people, writes and reads through the real rooms, tries the doors that must be closed,
 * and removes the accounts again. The first fault is printed and ends it with code 1. Where the page was not deployed
 * by `deploy:frontend`, `--convex-url` and `--partykit-host` say where its servers are.
 */
import { parseArgs } from "node:util";
import { checkConvex, checkPartyKit, findAddresses } from "./smoke/addresses";
import {
  checkDoorOpens,
  checkPersistence,
  checkRefusals,
  checkRemovedMember,
  checkViewer,
  checkWritingTogether,
  setScene,
} from "./smoke/checks";
import { Fault, reasonOf } from "./smoke/fault";
import { ThrowawayPerson } from "./smoke/people";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    "convex-url": { type: "string" },
    "partykit-host": { type: "string" },
  },
});
if (values.url === undefined) {
  console.error("Say which deployment: npm run smoke -- --url https://ripple.example.com");
  process.exit(1);
}
process.exit((await smoke(values.url)) ? 0 : 1);

async function smoke(url: string): Promise<boolean> {
  const people: ThrowawayPerson[] = [];
  try {
    await check(url, people);
    console.log(`${url} works.`);
    return await cleanUp(people);
  } catch (error) {
    if (error instanceof Fault) console.error(`FAULT: ${error.message}`);
    // Also after what nobody foresaw: the accounts must not stay.
    await cleanUp(people);
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

async function check(url: string, people: ThrowawayPerson[]): Promise<void> {
  const addresses = await findAddresses({
    url,
    convexUrl: values["convex-url"],
    partykitHost: values["partykit-host"],
  });
  await checkConvex(addresses);
  await checkPartyKit(addresses);
  passed("the page, Convex and PartyKit answer");

  const person = (name: string) => {
    const someone = new ThrowawayPerson(addresses.convexUrl, name);
    people.push(someone);
    return someone;
  };
  const cast = { owner: person("The owner"), guest: person("A guest"), outsider: person("An outsider") };
  const scene = await setScene(addresses, cast);
  passed("people can sign up, create a document and share it");

  await checkDoorOpens(scene);
  await checkRefusals(scene);
  passed("rooms let in whom they should, and nobody else");

  const written = await checkWritingTogether(scene);
  passed("two people can write in one document, and it is saved");
  await checkPersistence(scene, written);
  passed("it is there when everybody has left");

  await checkViewer(scene, written);
  await checkRemovedMember(scene);
  passed("a viewer cannot write, and a removed member cannot come back");
}

async function cleanUp(people: ThrowawayPerson[]): Promise<boolean> {
  try {
    for (const someone of people) await someone.remove();
    if (people.length > 0) console.log(`${people.length} throw-away accounts were removed.`);
    return true;
  } catch (error) {
    console.error(`The throw-away accounts could not be removed: ${reasonOf(error)}.`);
    return false;
  }
}

function passed(what: string): void {
  console.log(`ok  ${what}`);
}
