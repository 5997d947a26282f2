import "./app/mantine-styles";
import "./app/base.css";
import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { MantineProvider } from "@mantine/core";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router";
import { convex } from "./app/convex";
import { ErrorBoundary } from "./app/ErrorBoundary";
import { NotFound } from "./app/NotFound";
import { PlainPage } from "./app/PlainPage";
import { cssVariables, theme } from "./app/theme";
import { followSignOut } from "./auth/follow-sign-out";
import { RequireSession } from "./auth/RequireSession";
import { keepAppOffline } from "./offline/new-version";
import { NewVersionBar } from "./offline/NewVersionBar";
import HomePage from "./workspace/HomePage";
import { ShellSkeleton } from "./workspace/ShellSkeleton";
import { WorkspaceShell } from "./workspace/WorkspaceShell";

// The editors are most of the code, and nobody needs them to find a document; few sign in every day.
const SignInPage = lazy(() => import("./auth/SignInPage"));
const DocumentPage = lazy(() => import("./documents/DocumentPage"));
const DiagramPage = lazy(() => import("./diagrams/DiagramPage"));
const TrashPage = lazy(() => import("./workspace/TrashPage"));
const WorkspacePage = lazy(() => import("./workspace/WorkspacePage"));
const InvitationPage = lazy(() => import("./auth/InvitationPage"));
const LinkPage = lazy(() => import("./sharing/LinkPage"));

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <ConvexAuthProvider client={convex}>
        <BrowserRouter>
          <ErrorBoundary>
            <Suspense>
              <Routes>
                <Route path="/sign-in" element={<SignInPage />} />
                <Route path="/invite/:token" element={<InvitationPage />} />
                <Route path="/l/:token" element={<LinkPage />} />
                <Route
                  element={
                    <RequireSession waiting={<ShellSkeleton />}>
                      <WorkspaceShell />
                    </RequireSession>
                  }
                >
                  <Route index element={<HomePage />} />
                  <Route path="/d/:documentId" element={<DocumentPage />} />
                  <Route path="/g/:diagramId" element={<DiagramPage />} />
                  <Route path="/trash" element={<TrashPage />} />
                  <Route path="/w/:workspaceId" element={<WorkspacePage />} />
                </Route>
                <Route
                  path="*"
                  element={
                    <PlainPage>
                      <NotFound />
                    </PlainPage>
                  }
                />
              </Routes>
            </Suspense>
          </ErrorBoundary>
        </BrowserRouter>
        <NewVersionBar />
      </ConvexAuthProvider>
    </MantineProvider>
  </StrictMode>,
);

followSignOut();

// In development a service worker would answer with yesterday's code.
if (import.meta.env.PROD) addEventListener("load", keepAppOffline);
