/**
 * Ripple's look: quiet surfaces in the colour of paper and water, one accent, system type.
 *
 * Every text colour here has a contrast of at least 4.5 to the surfaces it is used on, in both themes.
 */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const tide: MantineColorsTuple = [
  "#e9f6f8",
  "#d2ebf0",
  "#a6d8e1",
  "#76c4d2",
  "#4fb0c2",
  "#2c98ac",
  "#17808f",
  "#0f6b7d",
  "#0b5564",
  "#083f4b",
];

const ink: MantineColorsTuple = [
  "#dbe4e6",
  "#bccacd",
  "#9db0b5",
  "#6d8389",
  "#41545a",
  "#2d3c41",
  "#223035",
  "#172124",
  "#10171a",
  "#0b1012",
];

const gray: MantineColorsTuple = [
  "#f7f9f9",
  "#f0f4f4",
  "#e4eaeb",
  "#dce4e5",
  "#bcc8ca",
  "#93a3a7",
  "#65767b",
  "#4a5a5f",
  "#334146",
  "#1e282b",
];

const FONT =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: "tide",
  primaryShade: 7,
  colors: { tide, dark: ink, gray },
  black: "#1b2629",
  fontFamily: FONT,
  headings: {
    fontFamily: FONT,
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.75rem", lineHeight: "1.2" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "18px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: { styles: { title: { fontSize: "1.125rem", fontWeight: 650 } } },
    InputWrapper: {
      styles: {
        label: { marginBottom: 4 },
        description: { marginBottom: 7 },
        error: { marginTop: 6 },
      },
    },
  },
});

/** Colours with a meaning of their own; style sheets use these names and never a shade. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#566a70",
    "--mantine-color-placeholder": "#63757a",
    "--mantine-color-error": "#b42318",
    "--ripple-surface": "#ffffff",
    "--ripple-sidebar": "#f4f7f7",
    "--ripple-hover": "#e8eeef",
    "--ripple-active": "#d9e8eb",
    "--ripple-line": "#e1e8e9",
    "--ripple-accent": "#0f6b7d",
    "--ripple-star": "#a86a00",
    "--ripple-notice": "#fdf3d8",
    "--ripple-notice-text": "#5f4300",
  },
  dark: {
    "--mantine-color-body": "#141c1f",
    "--mantine-color-dimmed": "#9db0b5",
    "--mantine-color-placeholder": "#8a9ca1",
    "--mantine-color-error": "#ff9a8f",
    "--ripple-surface": "#141c1f",
    "--ripple-sidebar": "#10171a",
    "--ripple-hover": "#1d282c",
    "--ripple-active": "#1d3a41",
    "--ripple-line": "#243136",
    "--ripple-accent": "#5fbccb",
    "--ripple-star": "#f2c14e",
    "--ripple-notice": "#3a2f12",
    "--ripple-notice-text": "#f6dfa3",
  },
});
