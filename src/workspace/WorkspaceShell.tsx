import { ActionIcon } from "@mantine/core";
import { IconLayoutSidebarLeftExpand, IconMenu2 } from "@tabler/icons-react";
import { Suspense, useEffect, useRef } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { ConnectionBanner } from "../app/ConnectionBanner";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { Logo } from "../app/Logo";
import { NoticesRegion } from "../app/NoticesRegion";
import { useEarlyRooms } from "../collaboration/useEarlyRooms";
import { SetAsideNotice } from "../offline/SetAsideNotice";
import { FollowBar } from "../presence/FollowBar";
import { PresenceProvider } from "../presence/PresenceProvider";
import { useFollowing } from "../presence/useFollowing";
import { PageSkeleton } from "./PageSkeleton";
import { RememberVisits } from "./RememberVisits";
import { Shortcuts } from "./Shortcuts";
import { Sidebar } from "./Sidebar";
import { useSidebar } from "./useSidebar";
import { useWorkspacesOfPerson, WorkspacesContext } from "./useWorkspace";
import classes from "./WorkspaceShell.module.css";

const SIDEBAR_ID = "sidebar";
const MAIN_ID = "page";

/**
 * The frame of everything behind sign-in: the sidebar, and the page beside it. On a narrow screen the sidebar
 * lies over the page and behaves like a dialog: it takes the focus, keeps it, and gives it back.
 */
export function WorkspaceShell() {
  const workspaces = useWorkspacesOfPerson();
  return (
    <WorkspacesContext value={workspaces}>
      <PresenceProvider workspaceId={workspaces?.current.workspaceId ?? null}>
        <NoticesRegion>
          <Frame />
          <RememberVisits />
          <Shortcuts />
        </NoticesRegion>
      </PresenceProvider>
    </WorkspacesContext>
  );
}

function Frame() {
  useEarlyRooms();
  const { narrow, opened, open, close } = useSidebar();
  const opener = useRef<HTMLButtonElement>(null);
  const sidebar = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  const wasOpened = useRef(opened);
  const over = narrow && opened;
  const { pathname } = useLocation();
  useFollowing(main);

  useEffect(() => {
    if (opened === wasOpened.current) return;
    wasOpened.current = opened;
    if (opened) sidebar.current?.querySelector<HTMLElement>("button, a")?.focus();
    else opener.current?.focus();
  }, [opened]);

  return (
    <>
      <a href={`#${MAIN_ID}`} className="ripple-skip-link" inert={over}>
        Skip to the page
      </a>
      <div className={classes.shell} data-sidebar={opened ? "open" : "closed"}>
        <nav aria-label="Sidebar" className={classes.bar} inert={over}>
          <ActionIcon
            ref={opener}
            variant="subtle"
            color="gray"
            size="lg"
            className={classes.opener}
            aria-label="Show sidebar"
            aria-expanded={opened}
            aria-controls={SIDEBAR_ID}
            onClick={open}
          >
            {narrow ? (
              <IconMenu2 size={22} aria-hidden="true" />
            ) : (
              <IconLayoutSidebarLeftExpand size={20} stroke={1.6} aria-hidden="true" />
            )}
          </ActionIcon>
          <Link to="/" className={classes.brand} aria-label="Ripple, to your workspace">
            <Logo size={26} />
          </Link>
        </nav>
        <div
          id={SIDEBAR_ID}
          ref={sidebar}
          className={classes.sidebar}
          inert={!opened}
          onKeyDown={(event) => {
            // One Escape closes one thing: a menu that is open in here goes first.
            const inMenu = event.target instanceof Element && event.target.closest("[role=menu]") !== null;
            if (over && event.key === "Escape" && !inMenu) close();
          }}
        >
          <Sidebar onClose={close} />
        </div>
        {over && <div className={classes.overlay} onClick={close} aria-hidden="true" />}
        <main ref={main} id={MAIN_ID} tabIndex={-1} className={classes.main} inert={over}>
          <ConnectionBanner />
          <SetAsideNotice />
          <ErrorBoundary>
            {/* The router changes pages in a transition, which would keep the old page until the new one's code
                is there. A boundary of its own for each page shows at once that the click was heard. */}
            <Suspense key={pathname} fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <FollowBar />
    </>
  );
}
