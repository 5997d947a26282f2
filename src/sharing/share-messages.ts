import type { Explanations } from "../app/messages";

const NOT_OWNER = {
  what: "You can’t change who has access any more.",
  next: "Ask an owner to do it.",
};

export const ADDING_FAILED: Partial<Explanations> = {
  not_found: {
    what: "Nobody has signed up with this email address.",
    next: "Check the spelling, or ask them to create an account first.",
  },
  forbidden: NOT_OWNER,
  invalid: {
    what: "This could not be shared like that.",
    next: "Check the address. There must always be an owner.",
  },
  limit: {
    what: "Very many people have a role here already.",
    next: "Share it with the workspace instead, or by a link.",
  },
};

export const CHANGING_FAILED: Partial<Explanations> = {
  not_found: { what: "This person had no access any more.", next: "There is nothing left to do." },
  forbidden: NOT_OWNER,
  invalid: {
    what: "There must always be an owner.",
    next: "Make somebody else an owner first.",
  },
};
