/**
 * The connection policy in a world of its own, with a clock of its own: a network that drops with or without a word, a
 * room that is there, down, or ends what it has accepted, a Convex that answers, does not, or says no, and a person who
 * looks, rests or looks away. Whatever happens in whatever order, the policy never hurries; and once the faults are over
 * and somebody looks at the page, it is connected again by itself, unless it was told that it may not be.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close-codes";
import type { ErrorCode } from "../../protocol/errors";
import {
  ATTEMPT_GAP_MS,
  OPEN_LIMIT_MS,
  TOKEN_LIMIT_MS,
  WAIT_MAX_MS,
  deadline,
  decide,
  initialPolicyState,
  type Attention,
  type PolicyCommand,
  type PolicyEvent,
  type PolicyState,
} from "./connection-policy";

const LATENCY_MS = 40;

/** A line that is dead without a word is found by then, while somebody is at work. */
const SILENCE_MS = 9_000;

/** Far more than a minute's worth of attempts, once a few have failed and nothing has happened since. */
const MINUTE_MS = 60_000;
const ATTEMPTS_PER_MINUTE = 12;

type Happening =
  | { what: "network"; up: boolean; told: boolean }
  | { what: "room"; is: "there" | "down" | "closing"; code: number }
  | { what: "convex"; is: "there" | "down" | "saying no"; code: ErrorCode }
  | { what: "attention"; is: Attention }
  | { what: "event"; event: PolicyEvent };

class World {
  now = 0;
  state: PolicyState = initialPolicyState(0);
  attempts: number[] = [];
  /** What gives the policy a fresh budget: something happened that makes an attempt worth while. */
  encouraged: number[] = [];
  told: string[] = [];
  #network = true;
  #room: Extract<Happening, { what: "room" }> = { what: "room", is: "there", code: 0 };
  #convex: Extract<Happening, { what: "convex" }> = { what: "convex", is: "there", code: "forbidden" };
  #attention: Attention = "here";
  #later: { at: number; socket: number | null; event: PolicyEvent }[] = [];
  /** The socket at hand; `null` when there is none. */
  #socket: number | null = null;
  #sockets = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    this.dispatch({ type: "timer" });
  }

  happen(happening: Happening): void {
    switch (happening.what) {
      case "network":
        this.#network = happening.up;
        if (happening.up && happening.told) this.#encourage({ type: "wake" });
        if (!happening.up) this.#lose(happening.told);
        return;
      case "room":
        this.#room = happening;
        if (happening.is === "down") this.#end(1006);
        if (happening.is === "closing" && this.state.kind === "open") this.#end(happening.code);
        return;
      case "convex":
        this.#convex = happening;
        return;
      case "attention":
        this.#attention = happening.is;
        if (happening.is === "here") this.encouraged.push(this.now);
        this.dispatch({ type: "attention", attention: happening.is });
        return;
      case "event":
        this.#encourage(happening.event);
    }
  }

  /** Lets time pass, with all that falls due in it. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = deadline(this.state) ?? Infinity;
      const next = this.#later.reduce((first, { at }) => Math.min(first, at), Infinity);
      const at = Math.min(due, next);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (due <= next) {
        this.dispatch({ type: "timer" });
        continue;
      }
      const index = this.#later.findIndex((later) => later.at === next);
      const [later] = this.#later.splice(index, 1);
      if (later !== undefined && (later.socket === null || later.socket === this.#socket))
        this.#arrive(later.event);
    }
    this.now = end;
  }

  dispatch(event: PolicyEvent): void {
    const { state, command } = decide(this.state, event, this.now, this.#random());
    this.state = state;
    this.#carryOut(command);
  }

  #arrive(event: PolicyEvent): void {
    if (event.type === "closed") this.#socket = null;
    if (event.type === "silent") this.encouraged.push(this.now);
    this.dispatch(event);
  }

  #encourage(event: PolicyEvent): void {
    this.encouraged.push(this.now);
    this.dispatch(event);
  }

  #carryOut(command: PolicyCommand): void {
    switch (command.do) {
      case "nothing":
        return;
      case "ask-token":
        this.attempts.push(this.now);
        this.#answer(command.attempt);
        return;
      case "open-socket":
        this.#open();
        return;
      case "close-socket":
        // On a dead line the browser waits for the other end, but not for ever.
        this.#soon({ type: "closed", code: 1006 }, this.#network ? LATENCY_MS : MINUTE_MS);
        return;
      case "drop-socket":
        this.#socket = null;
    }
  }

  #answer(attempt: number): void {
    // Nobody answers, then: the policy's own limit ends the wait.
    if (!this.#network || this.#convex.is === "down") return;
    const isNo = this.#convex.is === "saying no";
    if (isNo) this.told.push(this.#convex.code);
    const answer = isNo
      ? ({ kind: "refused", code: this.#convex.code } as const)
      : ({ kind: "token", token: "t" } as const);
    this.#later.push({ at: this.now + LATENCY_MS, socket: null, event: { type: "token", attempt, answer } });
  }

  #open(): void {
    this.#socket = ++this.#sockets;
    // Into a dead network a socket opens never; the policy's own limit ends it.
    if (!this.#network) return;
    if (this.#room.is === "down") {
      this.#soon({ type: "closed", code: 1006 }, LATENCY_MS);
      return;
    }
    this.#soon({ type: "opened" }, LATENCY_MS);
    if (this.#room.is === "closing") this.#end(this.#room.code, 2 * LATENCY_MS);
  }

  /** The room, or the network, ends the socket at hand. */
  #end(code: number, delay = LATENCY_MS): void {
    if (this.#socket === null || !this.#network) return;
    if (code >= 4_000) this.told.push(String(code));
    this.#soon({ type: "closed", code }, delay);
  }

  #lose(told: boolean): void {
    if (told) this.#soon({ type: "closed", code: 1006 }, LATENCY_MS);
    else if (this.#attention === "here") this.#soon({ type: "silent" }, SILENCE_MS);
    // Otherwise the operating system finds out, or the room does.
    else this.#soon({ type: "closed", code: 1006 }, MINUTE_MS);
  }

  #soon(event: PolicyEvent, delay: number): void {
    if (this.#socket !== null) this.#later.push({ at: this.now + delay, socket: this.#socket, event });
  }
}

const closeCodes = [1000, 1006, 1012, ...Object.values(CLOSE).map(({ code }) => code)];
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ what: fc.constant("network" as const), up: fc.boolean(), told: fc.boolean() }),
  fc.record({
    what: fc.constant("room" as const),
    is: fc.constantFrom("there" as const, "down" as const, "closing" as const),
    code: fc.constantFrom(...closeCodes),
  }),
  fc.record({
    what: fc.constant("convex" as const),
    is: fc.constantFrom("there" as const, "down" as const, "saying no" as const),
    code: fc.constantFrom<ErrorCode>(
      "unauthenticated",
      "forbidden",
      "trashed",
      "not_found",
      "invalid",
      "limit",
    ),
  }),
  fc.record({
    what: fc.constant("attention" as const),
    is: fc.constantFrom<Attention>("here", "idle", "hidden"),
  }),
  fc.record({
    what: fc.constant("event" as const),
    event: fc.constantFrom<PolicyEvent>(
      { type: "wake" },
      { type: "retry" },
      { type: "renew", why: "role-changed" },
      { type: "renew", why: "edit-dropped" },
      { type: "unsaved", unsaved: true },
      { type: "unsaved", unsaved: false },
    ),
  }),
);

/** What the world was told that ends a session for good; a signed-out one begins again when somebody looks. */
const FINAL = ["no-access", "gone", "too-large", "rejected"];

describe("the connection policy in a world that breaks at random", () => {
  it("never hurries, and is back by itself when the faults are over", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ happening, after: fc.nat(90_000) }), { maxLength: 40 }),
        fc.infiniteStream(fc.double({ min: 0.25, max: 0.999, noNaN: true })),
        (steps, dice) => {
          const world = new World(() => dice.next().value as number);
          for (const step of steps) {
            world.pass(step.after);
            world.happen(step.happening);
          }
          expectNoRush(world);

          // The faults are over, without a word; then somebody comes back to the page, which gets the focus.
          world.happen({ what: "network", up: true, told: false });
          world.happen({ what: "room", is: "there", code: 0 });
          world.happen({ what: "convex", is: "there", code: "forbidden" });
          world.happen({ what: "attention", is: "hidden" });
          world.happen({ what: "attention", is: "here" });
          if (world.state.kind === "ended") world.happen({ what: "event", event: { type: "wake" } });
          world.pass(2 * MINUTE_MS + WAIT_MAX_MS + OPEN_LIMIT_MS + TOKEN_LIMIT_MS);
          if (world.state.kind === "ended") {
            expect(FINAL).toContain(world.state.reason);
            expect(world.told.length).toBeGreaterThan(0);
          } else {
            expect(world.state.kind).toBe("open");
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

function expectNoRush({ attempts, encouraged, now }: World): void {
  attempts.forEach((at, i) => {
    if (i > 0) expect(at - (attempts[i - 1] ?? 0)).toBeGreaterThanOrEqual(ATTEMPT_GAP_MS);
  });
  // Between two events that make an attempt worth while, minute by minute.
  const times = [0, ...encouraged, now];
  times.forEach((from, i) => {
    const until = times[i + 1] ?? from;
    for (let minute = from; minute < until; minute += MINUTE_MS) {
      const end = Math.min(minute + MINUTE_MS, until);
      const within = attempts.filter((at) => at >= minute && at < end);
      expect(within.length).toBeLessThanOrEqual(ATTEMPTS_PER_MINUTE);
    }
  });
}
