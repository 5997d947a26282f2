import { Button, NativeSelect, Text } from "@mantine/core";
import type { OpenRole } from "../../protocol/roles";
import { CopyLinkButton } from "../app/CopyLinkButton";
import { reasonOf, type AccessPart } from "./access-part";
import { openRoleChoices, parseOpenRole, ROLE_NAMES } from "./role-names";
import classes from "./SharePanel.module.css";

/** When the link ends, counted from the moment in which this is chosen. */
const ENDS = [
  { value: "", label: "Never ends" },
  { value: "1", label: "Ends in a day" },
  { value: "7", label: "Ends in a week" },
  { value: "30", label: "Ends in 30 days" },
];

/** The link that lets in whoever has it, without an account too. */
export function LinkAccess({ overview, sharing, owner, onChange }: AccessPart) {
  const link = overview.links.find(({ from }) => from === null);
  const inherited = overview.links.filter(({ from }) => from !== null);
  if (!owner && overview.links.length === 0) return null;

  function setRole(role: OpenRole | null) {
    if (role === null) onChange(sharing.revokeLink());
    // A new one does not end; one that is there keeps its end.
    else onChange(link === undefined ? sharing.setLink(role, null) : sharing.setLink(role));
  }
  return (
    <section aria-labelledby="by-link">
      <Text size="sm" fw={600} mb={6} id="by-link">
        Anyone with the link
      </Text>
      {inherited.map(({ role, from }) => (
        <Text key={from?.resourceId} size="sm" c="dimmed" mb={6}>
          {ROLE_NAMES[role]} {reasonOf(from)}
        </Text>
      ))}
      {owner ? (
        <div className={classes.link}>
          <NativeSelect
            size="xs"
            aria-label="Role of anyone with the link"
            data={openRoleChoices(link?.role ?? null, "No link")}
            value={link?.role ?? ""}
            onChange={(event) => setRole(parseOpenRole(event.currentTarget.value))}
          />
          {link?.token != null && (
            <>
              <NativeSelect
                size="xs"
                aria-label="When the link ends"
                data={endChoices(link.expiresAt)}
                value={link.expiresAt === null ? "" : KEPT}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  if (value !== KEPT)
                    onChange(sharing.setLink(link.role, value === "" ? null : Number(value)));
                }}
              />
              <CopyLinkButton path={`/l/${link.token}`} label="Copy link for anyone" />
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                onClick={() => onChange(sharing.revokeLink())}
              >
                Revoke
              </Button>
            </>
          )}
        </div>
      ) : (
        link !== undefined && (
          <Text size="sm" c="dimmed">
            {ROLE_NAMES[link.role]}
          </Text>
        )
      )}
      {owner && link !== undefined && (
        <Text size="xs" c="dimmed" mt={6}>
          Whoever has the link gets in, also without an account. Revoking it ends that for everybody who came
          by it.
        </Text>
      )}
    </section>
  );
}

/** The choice that stands for the end which the link has already. */
const KEPT = "kept";

function endChoices(expiresAt: number | null) {
  if (expiresAt === null) return ENDS;
  const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(expiresAt);
  return [{ value: KEPT, label: `Ends ${date}` }, ...ENDS];
}
