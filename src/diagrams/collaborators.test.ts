import { describe, expect, it } from "vitest";
import { USER_COLORS } from "../../protocol/colors";
import { collaboratorsIn, hueId } from "./collaborators";

const ada = { userId: "u1", name: "Ada", color: "#c2255c" };

const moving = () => false;

describe("collaborators in a diagram", () => {
  it("are shown with name, pointer and selection; oneself is not", () => {
    const states = new Map<number, unknown>([
      [1, { user: ada, pointer: { x: 3, y: 4, tool: "pointer" }, button: "down", selection: ["a"] }],
      [2, { user: { ...ada, userId: "me" } }],
    ]);
    expect([...collaboratorsIn(states, 2, moving)]).toEqual([
      [
        "1",
        expect.objectContaining({
          username: "Ada",
          pointer: { x: 3, y: 4, tool: "pointer" },
          button: "down",
          selectedElementIds: { a: true },
        }),
      ],
    ]);
  });

  it("survive nonsense from others", () => {
    const states = new Map<number, unknown>([
      [1, null],
      [2, { user: { name: "x" } }],
      [3, { user: ada, pointer: { x: "left" }, selection: [7] }],
    ]);
    const shown = [...collaboratorsIn(states, 9, moving).values()];
    expect(shown).toHaveLength(1);
    expect(shown[0]).not.toHaveProperty("pointer");
    expect(shown[0]?.selectedElementIds).toEqual({});
  });

  it("fade when they have stopped, rest, or look elsewhere", () => {
    const states = new Map<number, unknown>([
      [1, { user: ada }],
      [2, { user: ada }],
      [3, { user: ada, attention: "idle" }],
      [4, { user: ada, attention: "hidden" }],
    ]);
    const shown = [...collaboratorsIn(states, 9, (clientId) => clientId === 2).values()];
    expect(shown.map(({ userState }) => userState)).toEqual(["active", "idle", "idle", "away"]);
  });

  it("have one id per person, whichever tab", () => {
    for (const color of USER_COLORS) expect(hueId("user7", color)).toBe(hueId("user7", color));
  });

  it("are drawn in a hue close to their colour", () => {
    // Excalidraw's own way from an id to a hue.
    const hueOfId = (id: string) => {
      let hash = 0;
      for (const char of id) hash = (hash << 5) - hash + char.charCodeAt(0);
      return (Math.abs(hash) % 37) * 10;
    };
    const ids = ["u1", "k57abcdefghijklmnopqrstuvwxyz012"];
    for (const id of ids) {
      expect(hueOfId(hueId(id, "#ff0000"))).toBe(0);
      expect(hueOfId(hueId(id, "#1971c2"))).toBe(210);
      expect(hueOfId(hueId(id, "#2b8a3e"))).toBe(130);
    }
  });
});
