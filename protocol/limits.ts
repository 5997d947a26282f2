/** Limits that more than one runtime enforces or shows. The README lists them; each has a test at its edge. */

/** Characters in the title of a document, a diagram or a workspace. */
export const TITLE_MAX_CHARS = 200;

/** Characters in a person's display name. */
export const NAME_MAX_CHARS = 80;

/** Characters in a password, both ends included. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 200;
