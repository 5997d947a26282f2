/** `node scripts/run.mjs scale`: prints the tables of docs/scale.md. Change scripts/scale/inputs.ts to your own case. */
import { hourTable, limitsTable, loadTable } from "./scale/tables";

console.log(`${hourTable()}\n\n${loadTable()}\n\n${limitsTable()}`);
