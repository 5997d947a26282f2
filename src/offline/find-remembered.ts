/** Finding documents and diagrams by their title in what is remembered, while the backend cannot be asked. */
import type { Item } from "../workspace/items";
import type { Answer } from "./answers";

/** The backend gives no more either. */
const FOUND_MAX = 50;

/** What has each of the words of `text` in its title, by title. */
export function findRemembered(answers: Iterable<Answer>, text: string): Item[] {
  const words = text.toLocaleLowerCase().split(/\s+/);
  const found = new Map<string, Item>();
  for (const { value } of answers) {
    for (const item of itemsIn(value)) {
      const title = item.title.toLocaleLowerCase();
      if (words.every((word) => title.includes(word))) found.set(item.resourceId, item);
    }
  }
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title)).slice(0, FOUND_MAX);
}

/** The items of a list's answer, or of a page of one; none, where it is about something else. */
function itemsIn(answer: unknown): Item[] {
  if (Array.isArray(answer)) return answer.filter(isItem);
  if (typeof answer === "object" && answer !== null && "page" in answer) return itemsIn(answer.page);
  return [];
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && "resourceId" in value && "title" in value;
}
