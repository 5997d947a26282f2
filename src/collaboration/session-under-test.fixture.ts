/** A room session on a clock, a room, a copy and a person that the test moves. To be used in a `describe`. */
import { afterEach, beforeEach, vi } from "vitest";
import { WAIT_MAX_MS, type Attention, type TokenAnswer } from "./connection-policy";
import { MemoryCopy } from "./memory-copy.fixture";
import { MemoryRoom } from "./memory-room.fixture";
import { openRoomSession, type RoomSession } from "./room-session";

const ME = { userId: "u1", name: "Ada", color: "#c2255c" };

export class SessionUnderTest {
  room = new MemoryRoom();
  copy = new MemoryCopy();
  session: RoomSession;
  /** How many tokens were asked for, and what each is answered with. */
  asked = 0;
  answer: (attempt: number) => TokenAnswer = (attempt) => ({ kind: "token", token: `token-${attempt}` });
  wake: () => void = () => undefined;
  attend: (attention: Attention) => void = () => undefined;

  constructor() {
    this.session = this.open();
  }

  /** Another session, with the room and the copy as they are now. */
  open(): RoomSession {
    return openRoomSession({
      roomId: "doc-abc",
      host: "127.0.0.1:1",
      me: ME,
      requestToken: () => Promise.resolve(this.answer(++this.asked)),
      onWake: (wake) => {
        this.wake = wake;
        return () => undefined;
      },
      onAttention: (tell) => {
        this.attend = tell;
        return () => undefined;
      },
      openCopy: (options) => {
        this.copy.open(options);
        return this.copy;
      },
      tabChannel: null,
      WebSocket: this.room.WebSocket,
    });
  }

  async pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** The session has asked to be let in. */
  async knocked(): Promise<void> {
    const knocks = () => this.room.sockets.at(-1)?.readyState === 0;
    for (let waited = 0; !knocks() && waited < 2 * WAIT_MAX_MS; waited += 100) await this.pass(100);
  }

  async connect(): Promise<void> {
    await this.knocked();
    this.room.accept();
    await this.pass(1);
  }

  textOf() {
    return this.session.doc.getText("t");
  }
}

/** Calls `take` with a new one before each test. */
export function eachSession(take: (underTest: SessionUnderTest) => void): void {
  let current: SessionUnderTest;
  beforeEach(() => {
    vi.useFakeTimers();
    current = new SessionUnderTest();
    take(current);
  });
  afterEach(() => {
    if (!current.session.doc.isDestroyed) current.session.dispose();
    vi.useRealTimers();
  });
}

export function tokenOf(url: string): string | null {
  return new URL(url).searchParams.get("token");
}
