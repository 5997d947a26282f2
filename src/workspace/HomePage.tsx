import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "convex/react";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import { FailureNote } from "../app/FailureNote";
import { explain } from "../app/messages";
import { PageTitle } from "../app/PageTitle";
import { age } from "./age";
import classes from "./HomePage.module.css";
import { KIND_NAMES, pathOf, type Item } from "./items";
import { KindIcon } from "./KindIcon";
import { useCreateItem } from "./useCreateItem";
import { useItems } from "./useItems";

/** As many as fit on a screen; the sidebar has them all. */
const SHOWN_ITEMS = 12;

/** What the workspace opens with: the newest documents and diagrams, or how to make the first. */
export default function HomePage() {
  const me = useQuery(api.users.me);
  const items = useItems();
  return (
    <div className={classes.page}>
      <PageTitle>Workspace</PageTitle>
      <Title order={1}>{me ? `Hello, ${me.name}` : "Hello"}</Title>
      {items.status === "loading" && <CardsSkeleton />}
      {items.status === "failed" && <Failed error={items.error} />}
      {items.status === "ready" && items.items.length === 0 && <FirstSteps />}
      {items.status === "ready" && items.items.length > 0 && <Newest items={items.items} />}
    </div>
  );
}

function Newest({ items }: { items: Item[] }) {
  const [now] = useState(Date.now);
  return (
    <section aria-labelledby="newest">
      <Title order={2} id="newest" className={classes.heading}>
        Newest
      </Title>
      <ul className={classes.cards}>
        {items.slice(0, SHOWN_ITEMS).map((item) => (
          <li key={item.id}>
            <Link to={pathOf(item.kind, item.id)} className={classes.card} data-kind={item.kind}>
              <span className={classes.icon}>
                <KindIcon kind={item.kind} size={20} />
              </span>
              <span className={classes.title}>{item.title}</span>
              <span className={classes.facts}>
                {KIND_NAMES[item.kind]}, {age(item.createdAt, now)}
                {item.shared && ", shared with you"}
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
  return (
    <section aria-labelledby="first-steps" className={classes.first}>
      <Title order={2} id="first-steps">
        Nothing here yet
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
        >
          Write a first document
        </Button>
        <Button
          variant="default"
          leftSection={<KindIcon kind="diagram" />}
          loading={creating === "diagram"}
          onClick={() => void create("diagram")}
        >
          Draw a first diagram
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
