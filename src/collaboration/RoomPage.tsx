import type { ReactNode } from "react";
import { canWrite, type Role } from "../../protocol/roles";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { PageTitle } from "../app/PageTitle";
import { PresentButton } from "../presence/PresentButton";
import { ShareButton } from "../sharing/ShareButton";
import { Crumbs, PageTools } from "../workspace/PageTools";
import { PeopleHere } from "./PeopleHere";
import type { RoomSession } from "./room-session";
import { mayWrite, type RoomStatus } from "./room-status";
import classes from "./RoomPage.module.css";
import { StatusLine } from "./StatusLine";
import { TitleField } from "./TitleField";
import titleClasses from "./TitleField.module.css";
import { useOthers } from "./useOthers";

interface RoomPageProps {
  kind: ResourceKind;
  resourceId: string;
  title: string;
  role: Role;
  onRename: (title: string) => Promise<null>;
  session: RoomSession | null;
  status: RoomStatus;
  /** The content as text, for somebody whose edits are not accepted. */
  copyText?: () => string;
  /** The editor. A text may be longer than the page; a drawing fills it. */
  children: ReactNode;
}

/** What stands around an editor: title, who is here, how things stand with the room. */
export function RoomPage(props: RoomPageProps) {
  const { kind, resourceId, title, role, onRename, session, status, copyText, children } = props;
  const others = useOthers(session, roomIdFor(kind, resourceId), status.connection === "live");
  const editable = canWrite(role);
  return (
    <div className={classes.page} data-kind={kind}>
      <PageTitle>{title}</PageTitle>
      <header className={classes.header}>
        <div className={classes.name}>
          <Crumbs kind={kind} resourceId={resourceId} />
          {editable ? (
            <TitleField key={resourceId} title={title} onRename={onRename} />
          ) : (
            <h1 className={`${titleClasses.title} ${titleClasses.heading}`}>
              <span className={titleClasses.plain}>{title}</span>
            </h1>
          )}
        </div>
        <PageTools kind={kind} resourceId={resourceId} />
        <div className={classes.side}>
          <PeopleHere people={others} />
          <PresentButton />
          <StatusLine
            status={status}
            editable={mayWrite(role, status)}
            noun={kind === "doc" ? "document" : "diagram"}
            figures={session?.figures ?? null}
            onRetry={() => session?.retry()}
            copyText={copyText}
          />
          <ShareButton kind={kind} resourceId={resourceId} role={role} />
        </div>
      </header>
      {children}
    </div>
  );
}
