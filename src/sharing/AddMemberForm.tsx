import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useRef, useState, type SubmitEvent } from "react";
import type { Role } from "../../protocol/roles";
import { FailureNote } from "../app/FailureNote";
import { explain, type Explanation } from "../app/messages";
import { parseRole, roleChoices } from "./role-names";
import classes from "./SharePanel.module.css";
import { ADDING_FAILED } from "./share-messages";

interface AddMemberFormProps {
  add: (email: string, role: Role) => Promise<null>;
}

/** Gives somebody with an account a role, by their email address. */
export function AddMemberForm({ add }: AddMemberFormProps) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Explanation | null>(null);
  const [added, setAdded] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const address = email.trim();
    if (pending || address === "") return;
    setPending(true);
    setFailure(null);
    setAdded(null);
    try {
      await add(address, role);
      setAdded(address);
      setEmail("");
    } catch (error) {
      setFailure(explain(error, ADDING_FAILED));
    } finally {
      setPending(false);
      field.current?.focus();
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className={classes.add}>
        <TextInput
          ref={field}
          label="Add somebody by email"
          placeholder="name@example.com"
          type="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          aria-label="Role"
          data={roleChoices()}
          value={role}
          onChange={(event) => setRole(parseRole(event.currentTarget.value))}
        />
        <Button type="submit" loading={pending} disabled={email.trim() === ""}>
          Add
        </Button>
      </div>
      {failure !== null && (
        <div className={classes.failure}>
          <FailureNote explanation={failure} />
        </div>
      )}
      <p role="status" className={classes.added}>
        {added !== null && `${added} has access now.`}
      </p>
    </form>
  );
}
