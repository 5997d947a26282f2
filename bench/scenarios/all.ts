import { connect } from "./connect";
import { idle } from "./idle";
import { join } from "./join";
import { presence } from "./presence";
import type { Scenario } from "./scenario";
import { cursors, mixed, quiet, rooms, text } from "./traffic";

export const SCENARIOS: Record<string, Scenario> = {
  text,
  cursors,
  mixed,
  quiet,
  join,
  connect,
  rooms,
  idle,
  presence,
};
