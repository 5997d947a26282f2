import { Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import classes from "./Placard.module.css";
import { PageTitle } from "./PageTitle";

interface PlacardProps {
  /** What happened, in a few words; also the tab's title. */
  title: string;
  /** What to do about it. */
  children: ReactNode;
  /** Buttons and links, the most useful first. */
  actions: ReactNode;
}

/** A page that is one message. It takes the focus, so that a screen reader speaks it when it replaces a page. */
export function Placard({ title, children, actions }: PlacardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={classes.placard}>
      <PageTitle>{title}</PageTitle>
      <Stack gap="md" maw={460} align="flex-start">
        <Ripples />
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        <Text component="div" c="dimmed">
          {children}
        </Text>
        <Group gap="sm" mt="xs">
          {actions}
        </Group>
      </Stack>
    </div>
  );
}

function Ripples() {
  return (
    <svg width="72" height="40" viewBox="0 0 72 40" aria-hidden="true" className={classes.ripples}>
      <ellipse cx="36" cy="20" rx="34" ry="17" opacity="0.25" />
      <ellipse cx="36" cy="20" rx="22" ry="11" opacity="0.5" />
      <ellipse cx="36" cy="20" rx="10" ry="5" />
    </svg>
  );
}
