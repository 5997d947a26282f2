import { expect, it } from "vitest";
import { DIAGRAM_ELEMENTS, DOCUMENT_FRAGMENT } from "./content";

it("keeps the names under which stored rooms hold their content", () => {
  expect({ DOCUMENT_FRAGMENT, DIAGRAM_ELEMENTS }).toEqual({
    DOCUMENT_FRAGMENT: "document",
    DIAGRAM_ELEMENTS: "elements",
  });
});
