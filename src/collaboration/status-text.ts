/** What the status line says. Each text tells what is so, and what to do where something can be done. */
import type { RoomStatus } from "./room-status";
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
}

export type Noun = "document" | "diagram";

/** `editable` says whether the person's role lets them edit. */
export function statusText(status: RoomStatus, editable: boolean, online: boolean, noun: Noun): StatusText {
  switch (status.connection) {
    case "connecting":
      return {
        label: online ? "Connecting…" : "Offline",
        saved: "",
        detail: online
          ? `The ${noun} is being fetched.`
          : `This device has no network. The ${noun} opens as soon as there is one.`,
        tone: "waiting",
        retry: true,
      };
    case "live":
      return liveText(status, editable, noun);
    case "reconnecting":
      return {
        label: online ? "Reconnecting…" : "Offline",
        saved: editable ? unsavedWords(status.saved) : "",
        detail: editable
          ? "You can go on working: your changes stay in this tab and are sent when the connection is back. Keep the tab open."
          : `You see the ${noun} as it was when the connection was lost.`,
        tone: "waiting",
        retry: true,
      };
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
  const text = { label: "Live", tone: "good", retry: false } as const;
  if (!editable) {
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
        detail: notSavedDetail(status.saved.reason, noun),
      };
  }
}

function notSavedDetail(reason: Extract<Saved, { kind: "not-saved" }>["reason"], noun: Noun): string {
  switch (reason) {
    case "storage":
      return "The server has your changes but cannot write them to its disk right now. It keeps trying. Keep this tab open until it says Saved.";
    case "unresolved":
      return "Some of your changes wait for others that have not arrived. Keep this tab open; if this lasts, reload the page.";
    case "readOnly":
      return `You may no longer edit this ${noun}, so your last changes were not accepted. Copy what you need from this page.`;
    case "no-connection":
      return "Your changes are only in this tab. They are sent when the connection is back. Keep the tab open.";
    case "no-answer":
      return "The server has not confirmed your last changes yet. Keep this tab open until it says Saved.";
  }
}

function unsavedWords(saved: Saved): string {
  return saved.kind === "saving" || saved.kind === "not-saved" ? "Not saved yet" : "";
}

function sizeWarning(bytes: number, limit: number, noun: Noun): string {
  const megabytes = (value: number) => Math.round(value / 1_000_000);
  return `This ${noun} is getting large: ${megabytes(bytes)} of ${megabytes(limit)} MB. Start a new one for what comes next.`;
}

function ended(label: string, detail: string): StatusText {
  return { label, saved: "", detail, tone: "bad", retry: true };
}
