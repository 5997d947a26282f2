import { useAuthActions } from "@convex-dev/auth/react";
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useRef, useState, type ChangeEvent, type SubmitEvent } from "react";
import { PASSWORD_MIN_CHARS } from "../../protocol/limits";
import { FailureNote } from "../app/FailureNote";
import type { Explanation } from "../app/messages";
import { explainAuthFailure } from "./auth-messages";
import { credentialErrors, passwordParams, type AuthMode, type Credentials } from "./credentials";

const EMPTY: Credentials = { name: "", email: "", password: "" };
const FIELDS = ["name", "email", "password"] as const;

/**
 * The fields of both modes; changing the mode keeps what was typed. When signing in succeeds, the session
 * becomes authenticated and the page around this form leaves.
 */
export function SignInForm({ mode }: { mode: AuthMode }) {
  const { signIn } = useAuthActions();
  const [values, setValues] = useState(EMPTY);
  /** Mistakes are shown from the first attempt on, and disappear as they are mended. */
  const [attempted, setAttempted] = useState<AuthMode | null>(null);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<{ mode: AuthMode; words: Explanation } | null>(null);
  const [passwordShown, setPasswordShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const errors = attempted === mode ? credentialErrors(mode, values) : {};

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (pending) return;
    setAttempted(mode);
    setFailure(null);
    const mistakes = credentialErrors(mode, values);
    const firstWrong = FIELDS.find((field) => mistakes[field] !== undefined);
    if (firstWrong !== undefined) {
      form.current?.querySelector<HTMLInputElement>(`[name="${firstWrong}"]`)?.focus();
      return;
    }
    setPending(true);
    try {
      await signIn("password", passwordParams(mode, values));
    } catch (error) {
      setPending(false);
      setFailure({ mode, words: explainAuthFailure(mode, error) });
    }
  }

  const field = (name: keyof Credentials) => ({
    name,
    value: values[name],
    error: errors[name],
    errorProps: { role: "alert" },
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {mode === "create" && (
          <TextInput
            {...field("name")}
            label="Name"
            description="Others see it beside your cursor."
            autoComplete="name"
            size="md"
          />
        )}
        <TextInput
          {...field("email")}
          label="Email"
          type="email"
          inputMode="email"
          autoComplete={mode === "create" ? "email" : "username"}
          autoCapitalize="none"
          spellCheck={false}
          size="md"
        />
        <PasswordInput
          {...field("password")}
          label="Password"
          description={mode === "create" ? `At least ${PASSWORD_MIN_CHARS} characters.` : undefined}
          autoComplete={mode === "create" ? "new-password" : "current-password"}
          visible={passwordShown}
          onVisibilityChange={setPasswordShown}
          visibilityToggleButtonProps={{
            "aria-label": passwordShown ? "Hide password" : "Show password",
            "aria-hidden": false,
            tabIndex: 0,
          }}
          size="md"
        />
        {failure?.mode === mode && <FailureNote explanation={failure.words} />}
        <Button type="submit" size="md" fullWidth loading={pending} aria-busy={pending}>
          {mode === "create" ? "Create account" : "Sign in"}
        </Button>
      </Stack>
    </form>
  );
}
