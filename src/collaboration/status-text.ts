/** What the status line says. Each text tells what is so, and what to do where something can be done. */
import { isDropped, unsavedOf, type RoomStatus, type Trouble } from "./room-status";
import type { Saved } from "./save-state";

export interface StatusText {
  /** Two or three words. */
  label: string;
  /** Whether edits are safe, in a word or three; empty where it goes without saying. */
  saved: string;
  /** One or two sentences. */
  detail: string;
  tone: "good" | "waiting" | "bad";
  /** Trying again may help. */
  retry: boolean;
  /** Something on this page exists nowhere else and will not be saved: offer to copy it. */
  rescue: boolean;
}

export type Noun = "document" | "diagram";

/**
 * `editable` says whether the person may edit. What happened to edits that they have made is told whether they may
 * or not: somebody who may no longer edit has the most to lose.
 */
export function statusText(status: RoomStatus, editable: boolean, online: boolean, noun: Noun): StatusText {
  switch (status.connection) {
    case "connecting":
      return status.contentKnown
        ? disconnectedText("Connecting…", status, editable, online, noun)
        : {
            label: waitingLabel("Connecting…", status, online),
            saved: "",
            detail: online
              ? (troubleDetail(status.trouble, noun) ?? `The ${noun} is being fetched.`)
              : `This device has no network. The ${noun} opens as soon as there is one.`,
            tone: "waiting",
            retry: true,
            rescue: false,
          };
    case "live":
      return liveText(status, editable, noun);
    case "reconnecting":
      return disconnectedText("Reconnecting…", status, editable, online, noun);
    case "no-access":
      return ended(
        "No access",
        `You no longer have access to this ${noun}. Ask its owner to share it with you, then try again.`,
      );
    case "signed-out":
      return ended("Signed out", "Sign in again in this or another tab, then try again.");
    case "gone":
      return ended(
        "Deleted",
        `This ${noun} doesn’t exist any more. Copy what you still need from this page.`,
      );
    case "too-large":
      return ended(
        "Too large",
        `Your last changes make this ${noun} larger than Ripple takes, so they were not accepted. Copy what you need, reload the page, and add it in a smaller piece or somewhere else.`,
      );
    case "rejected":
      return ended(
        "Disconnected",
        `The server did not understand this page, so it no longer receives your changes. Copy what you typed last, then reload the page.`,
      );
  }
}

function liveText(status: RoomStatus, editable: boolean, noun: Noun): StatusText {
  const text = { label: "Live", tone: "good", retry: false, rescue: false } as const;
  if (isDropped(status.saved)) {
    return {
      label: "Read only",
      saved: "Not accepted",
      detail: `You may no longer edit this ${noun}, so your last changes were not accepted: they are only in this tab. Copy what you need.`,
      tone: "bad",
      retry: false,
      rescue: true,
    };
  }
  if (!editable && unsavedOf(status) === "none") {
    return {
      ...text,
      saved: "Read only",
      detail: `You see every change as it happens. Ask an owner of this ${noun} if you want to edit it.`,
    };
  }
  const size = status.large === null ? "" : ` ${sizeWarning(status.large.bytes, status.large.limit, noun)}`;
  switch (status.saved.kind) {
    case "unknown":
      return { ...text, saved: "", detail: `Everybody here sees changes as they happen.${size}` };
    case "saving":
      return {
        ...text,
        saved: "Saving…",
        detail: `Your last changes are on their way to the server’s disk.${size}`,
      };
    case "saved":
      return { ...text, saved: "Saved", detail: `All your changes are on the server’s disk.${size}` };
    case "not-saved":
      return {
        ...text,
        tone: "waiting",
        saved: "Not saved yet",
        detail: notSavedDetail(status.saved.reason, status.kept, noun),
      };
  }
}

/** Content is on the screen, and no connection is behind it. */
function disconnectedText(
  label: string,
  status: RoomStatus,
  editable: boolean,
  online: boolean,
  noun: Noun,
): StatusText {
  const isKept = !isDropped(status.saved) && unsavedOf(status) !== "none" && status.kept;
  const inOne = isKept && !online;
  return {
    label: inOne ? "Offline, kept on this device" : waitingLabel(label, status, online),
    saved: inOne ? "" : isKept ? "Kept on this device" : unsavedWords(status.saved),
    detail: [
      online ? troubleDetail(status.trouble, noun) : null,
      lostConnectionDetail(status, editable, noun),
    ]
      .filter((sentence) => sentence !== null)
      .join(" "),
    tone: "waiting",
    retry: true,
    rescue: isDropped(status.saved),
  };
}

type NotSaved = Extract<Saved, { kind: "not-saved" }>["reason"];

function notSavedDetail(reason: NotSaved, kept: boolean, noun: Noun): string {
  const until = kept ? "Until then they are kept on this device." : "Keep this tab open until it says Saved.";
  switch (reason) {
    case "storage":
      return `The server has your changes but cannot write them to its disk right now. It keeps trying. ${until}`;
    case "unresolved":
      return `Some of your changes wait for others that have not arrived. ${kept ? "They are kept on this device" : "Keep this tab open"}; if this lasts, reload the page.`;
    case "readOnly":
      return `You may no longer edit this ${noun}, so your last changes were not accepted. Copy what you need.`;
    case "no-connection":
      return kept
        ? "Your changes are kept on this device and sent when the connection is back."
        : "Your changes are only in this tab. They are sent when the connection is back. Keep the tab open.";
    case "no-answer":
      return `The server has not confirmed your last changes yet. ${until}`;
  }
}

function waitingLabel(label: string, { trouble }: RoomStatus, online: boolean): string {
  if (!online) return "Offline";
  switch (trouble) {
    case "room-full":
      return "Full";
    case "load-failed":
      return "Not available";
    case "no-answer":
    case null:
      return label;
  }
}

function troubleDetail(trouble: Trouble | null, noun: Noun): string | null {
  switch (trouble) {
    case "room-full":
      return `This ${noun} has as many people as it takes. It opens for you when somebody leaves.`;
    case "load-failed":
      return `The server cannot load this ${noun} right now. Ripple keeps trying.`;
    case "no-answer":
      return "The server has not answered several times in a row. Ripple keeps trying.";
    case null:
      return null;
  }
}

function lostConnectionDetail(status: RoomStatus, editable: boolean, noun: Noun): string {
  if (isDropped(status.saved)) return notSavedDetail("readOnly", status.kept, noun);
  if (editable) {
    return status.kept
      ? "You can go on working: your changes are kept on this device and sent when the connection is back. You may close the tab."
      : "You can go on working: your changes stay in this tab and are sent when the connection is back. Keep the tab open.";
  }
  if (unsavedOf(status) === "none") return `You see the ${noun} as this device last received it.`;
  return status.kept
    ? "Your last changes are kept on this device. Whether they are accepted shows when the connection is back."
    : "Your last changes are only in this tab. Keep it open until it says whether they were accepted.";
}

function unsavedWords(saved: Saved): string {
  return saved.kind === "saving" || saved.kind === "not-saved" ? "Not saved yet" : "";
}

function sizeWarning(bytes: number, limit: number, noun: Noun): string {
  const megabytes = (value: number) => Math.round(value / 1_000_000);
  return `This ${noun} is getting large: ${megabytes(bytes)} of ${megabytes(limit)} MB. Start a new one for what comes next.`;
}

function ended(label: string, detail: string): StatusText {
  return { label, saved: "", detail, tone: "bad", retry: true, rescue: true };
}
