import { Anchor, Text, Title } from "@mantine/core";
import { useConvexAuth } from "convex/react";
import { Link, Navigate, useSearchParams } from "react-router";
import { PageTitle } from "../app/PageTitle";
import { PlainPage } from "../app/PlainPage";
import type { AuthMode } from "./credentials";
import { returnPath } from "./return-path";
import { SignInForm } from "./SignInForm";
import classes from "./SignInPage.module.css";

/** Present in the address when the page should open on creating an account. */
const CREATE_PARAM = "create";

function withMode(search: URLSearchParams, mode: AuthMode): string {
  const other = new URLSearchParams(search);
  if (mode === "create") other.set(CREATE_PARAM, "1");
  else other.delete(CREATE_PARAM);
  return `?${other.toString()}`;
}

export default function SignInPage() {
  const { isAuthenticated } = useConvexAuth();
  const [search] = useSearchParams();
  const mode: AuthMode = search.has(CREATE_PARAM) ? "create" : "sign-in";

  if (isAuthenticated) return <Navigate to={returnPath(search)} replace />;

  const creating = mode === "create";
  return (
    <PlainPage>
      <PageTitle>{creating ? "Create account" : "Sign in"}</PageTitle>
      <div className={classes.centre}>
        <div className={classes.card}>
          <Title order={1} mb={4}>
            {creating ? "Create your account" : "Welcome back"}
          </Title>
          <Text c="dimmed" mb="lg">
            {creating
              ? "A place to write and draw together, live."
              : "Sign in to write and draw with the others."}
          </Text>
          <SignInForm mode={mode} />
          <Text mt="lg" size="sm">
            {creating ? "You have an account? " : "New to Ripple? "}
            <Anchor
              component={Link}
              to={withMode(search, creating ? "sign-in" : "create")}
              replace
              inherit
              fw={600}
            >
              {creating ? "Sign in instead" : "Create an account"}
            </Anchor>
          </Text>
        </div>
      </div>
    </PlainPage>
  );
}
