import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { useQuery, useQuery_experimental as useQueryResult } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import { FailureNote } from "../app/FailureNote";
import { explain } from "../app/messages";
import { PageTitle } from "../app/PageTitle";
import { blockedProps, useBlocked } from "../offline/blocked";
import { age } from "./age";
import classes from "./HomePage.module.css";
import { Invitations } from "./Invitations";
import { ItemIcon } from "./ItemIcon";
import { KIND_NAMES, pathOf } from "./items";
import { KindIcon } from "./KindIcon";
import { useCreateItem } from "./useCreateItem";

type Recent = FunctionReturnType<typeof api.shortcuts.recents>[number];

/** What the workspace opens with: what the person opened lately, or how to make the first. */
export default function HomePage() {
  const me = useQuery(api.users.me);
  const recents = useQueryResult({ query: api.shortcuts.recents, args: {} });
  return (
    <div className={classes.page}>
      <PageTitle>Workspace</PageTitle>
      <Title order={1}>{me ? `Hello, ${me.name}` : "Hello"}</Title>
      <Invitations />
      {recents.status === "pending" && <CardsSkeleton />}
      {recents.status === "error" && <Failed error={recents.error} />}
      {recents.status === "success" && recents.data.length === 0 && <FirstSteps />}
      {recents.status === "success" && recents.data.length > 0 && <Recents items={recents.data} />}
    </div>
  );
}

function Recents({ items }: { items: Recent[] }) {
  const [now] = useState(Date.now);
  return (
    <section aria-labelledby="recents">
      <Title order={2} id="recents" className={classes.heading}>
        Opened lately
      </Title>
      <ul className={classes.cards}>
        {items.map((item) => (
          <li key={item.resourceId}>
            <Link to={pathOf(item)} className={classes.card} data-kind={item.kind}>
              <span className={classes.icon}>
                <ItemIcon item={item} size={20} />
              </span>
              <span className={classes.title} dir="auto">
                {item.title}
              </span>
              <span className={classes.facts}>
                {KIND_NAMES[item.kind]},{" "}
                {item.changedAt === null
                  ? `made ${age(item.createdAt, now)}`
                  : `changed ${age(item.changedAt, now)}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FirstSteps() {
  const { create, creating } = useCreateItem();
  const blocked = useBlocked();
  return (
    <section aria-labelledby="first-steps" className={classes.first}>
      <Title order={2} id="first-steps">
        Nothing opened yet
      </Title>
      <Text c="dimmed" mt={6} maw={480}>
        Start a document or a diagram, then press Share to bring others in. You see each other’s edits and
        cursors as they happen.
      </Text>
      <Group mt="lg" gap="sm">
        <Button
          leftSection={<KindIcon kind="doc" />}
          loading={creating === "doc"}
          onClick={() => void create("doc")}
          {...blockedProps(blocked)}
        >
          Write a document
        </Button>
        <Button
          variant="default"
          leftSection={<KindIcon kind="diagram" />}
          loading={creating === "diagram"}
          onClick={() => void create("diagram")}
          {...blockedProps(blocked)}
        >
          Draw a diagram
        </Button>
      </Group>
    </section>
  );
}

function Failed({ error }: { error: Error }) {
  return (
    <div className={classes.failed}>
      <FailureNote
        explanation={explain(error)}
        action={
          <Button size="xs" variant="default" onClick={() => location.reload()}>
            Reload the page
          </Button>
        }
      />
    </div>
  );
}

function CardsSkeleton() {
  return (
    <div className={classes.cards} style={{ marginTop: 56 }} aria-hidden="true">
      {["a", "b", "c"].map((key) => (
        <Skeleton key={key} height={112} radius="lg" />
      ))}
    </div>
  );
}
