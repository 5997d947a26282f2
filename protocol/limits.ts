/** Limits that more than one runtime enforces or shows. The README lists them; each has a test at its edge. */

/** Characters in the title of a document, a diagram or a workspace. */
export const TITLE_MAX_CHARS = 200;

/** Characters in a person's display name. */
export const NAME_MAX_CHARS = 80;

/** Characters (UTF-16 units) in the icon of a document or diagram: the longest emoji, a family of four, has 25. */
export const ICON_MAX_CHARS = 32;

/** People who have a role on one document or diagram by name. */
export const RESOURCE_MAX_MEMBERS = 200;

/** How deep documents lie in documents. */
export const TREE_MAX_DEPTH = 10;

/** Documents and diagrams that move to another workspace with the document that they lie in, that one not counted. */
export const MOVED_TO_WORKSPACE_MAX = 500;

/** Days that something stays in the trash. */
export const TRASH_DAYS = 30;

/** People in one workspace, guests included. */
export const WORKSPACE_MAX_MEMBERS = 500;

/** Workspaces that one person is in. */
export const WORKSPACES_PER_PERSON_MAX = 50;

/** Invitations of one workspace that nobody has accepted yet. */
export const PENDING_INVITATIONS_MAX = 100;

/** Days until an invitation expires, and until a link does that was given an end. */
export const INVITATION_MAX_DAYS = 30;
export const LINK_MAX_DAYS = 365;

/** Favourites of one person, and documents and diagrams that are remembered as opened lately. */
export const FAVOURITES_MAX = 100;
export const RECENTS_MAX = 20;

/** Rows in one page of a list, and documents and diagrams that a search by title gives. */
export const LIST_PAGE_MAX = 200;
export const FOUND_MAX = 20;

/** Characters in a password, both ends included. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 200;

/**
 * Bytes in one WebSocket frame. The provider splits what is over 1 MB. Where the platform itself takes no more than
 * this, it closes the socket with 1009 before the room sees the frame.
 */
export const FRAME_MAX_BYTES = 1024 * 1024;

/** Bytes in one message, in one frame or assembled from a batch. */
export const MESSAGE_MAX_BYTES = 8_000_000;

/** Frames in one batch: what the provider needs for the largest message, and some room. */
export const BATCH_MAX_FRAMES = 16;

/** How long a batch may take to arrive: 8 MB over a line of 1 Mbit/s. */
export const BATCH_MAX_MS = 90_000;

/** Messages per second of one connection, and how many it may send at once after a silence. */
export const RATE_MESSAGES_PER_SECOND = 200;
export const RATE_BURST_MESSAGES = 400;

/**
 * Bytes per second of one connection, and at once: three of the largest messages. A provider says back what it hears of the
 * others' cursors, which in a busy room is two megabytes a second.
 */
export const RATE_BYTES_PER_SECOND = 4_000_000;
export const RATE_BURST_BYTES = 24_000_000;

/**
 * What costs the room time in edits is the items in them, each a few microseconds, more than the bytes: how many it takes
 * of one connection in a second, and at once. One message may have any number, of somebody who was quiet before.
 */
export const RATE_ITEMS_PER_SECOND = 20_000;
export const RATE_BURST_ITEMS = 200_000;

/** Seconds between two questions of one connection for what it lacks, and how many it may ask at once: a page asks once. */
export const SYNC_REQUEST_INTERVAL_SECONDS = 10;
export const SYNC_REQUEST_BURST = 5;

/** Bytes of one client's awareness state as JSON. */
export const AWARENESS_MAX_BYTES = 8_192;

/** States in one awareness message: a provider says back those of everybody in the room, and of some who left. */
export const AWARENESS_MAX_STATES = 1_000;

/** Connections in one room. */
export const ROOM_MAX_CONNECTIONS = 200;

/** Connections of one person in one room, of either party: nobody can take all its places. The oldest gives way. */
export const PERSON_MAX_CONNECTIONS = 20;

/** Encoded bytes of one document: edits that add content are refused from here on. */
export const DOCUMENT_MAX_BYTES = 20_000_000;

/** Encoded bytes of one document from which its pages are warned. */
export const DOCUMENT_WARN_BYTES = 10_000_000;

/**
 * Encoded bytes of one backup: what Convex takes in one request, and gives in one answer. Deletions are taken from full
 * documents too and may make the encoding longer before they make it shorter, hence more than DOCUMENT_MAX_BYTES.
 */
export const BACKUP_MAX_BYTES = 20 * 1024 * 1024;

/** Updates whose dependencies are missing: bytes in one room, and frames of one connection. */
export const UNRESOLVED_MAX_BYTES = 200_000;
export const UNRESOLVED_MAX_FRAMES = 50;

/**
 * How deep content may nest: JSON values in values, and types in types. An indented block of a document is two types
 * deeper than the one around it.
 */
export const VALUE_MAX_DEPTH = 100;
export const TYPES_MAX_DEPTH = 256;

/** Updates and bytes that the log of one room holds between two compactions. */
export const LOG_MAX_UPDATES = 500;
export const LOG_MAX_BYTES = 1_000_000;

/** Bytes that a connection may be behind, its first sync aside, before it is closed: two of the largest messages. */
export const SLOW_CONSUMER_MAX_BYTES = 16_000_000;

/** Connections in one workspace's presence room: each tab of two hundred people, some of whom have several. */
export const PRESENCE_MAX_CONNECTIONS = 300;

/** Bytes of one presence message, and how many a connection may send: a view ten times a second, and some clicks. */
export const PRESENCE_MESSAGE_MAX_BYTES = 1_024;
export const PRESENCE_MESSAGES_PER_SECOND = 20;
export const PRESENCE_BURST_MESSAGES = 60;

/** How long somebody whose connection broke is shown as reconnecting, so that neither a reload nor a tunnel flickers. */
export const PRESENCE_GRACE_MS = 15_000;
