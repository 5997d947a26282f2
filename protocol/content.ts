/**
 * Where content lives in a room's Y.Doc. These names are a storage format: a stored room keeps them forever,
 * so a change here needs a migration of every room. A test pins them.
 */

/** `doc-` rooms: the `Y.XmlFragment` that BlockNote edits. */
export const DOCUMENT_FRAGMENT = "document";

/** `diagram-` rooms: `Y.Map<elementId, ExcalidrawElement>`; deleted elements stay as tombstones. */
export const DIAGRAM_ELEMENTS = "elements";
