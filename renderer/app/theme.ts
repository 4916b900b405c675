import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Blue of the one accent; shade 6 carries white text, shade 4 is read as text on dark. */
const accent: MantineColorsTuple = [
  "#eaf3ff",
  "#d0e4ff",
  "#a3c9ff",
  "#73adff",
  "#4c9aff",
  "#3385f5",
  "#1f6feb",
  "#1a5fd0",
  "#154fae",
  "#103d88",
];

/** Mantine's surfaces and lines in the dark theme: inputs, menus, modals. */
const dark: MantineColorsTuple = [
  "#e6ebf1",
  "#c3ccd6",
  "#9aa6b4",
  "#8592a1",
  "#303b48",
  "#262f3a",
  "#1b222b",
  "#151a21",
  "#11151b",
  "#0e1116",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark },
  fontFamily: 'Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "SF Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "19px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { sm: "4px", md: "6px", lg: "8px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "19px" }, h2: { fontSize: "14px" } } },
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { size: "md", variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    MultiSelect: { defaultProps: { size: "xs" } },
    TagsInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "xs" } },
    Checkbox: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    // Mantine's own is too small to be read at this density.
    InputWrapper: { vars: () => ({ description: { "--input-description-size": "12px" } }) },
    CloseButton: { defaultProps: { "aria-label": "Close" } },
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Notification: {
      defaultProps: { closeButtonProps: { "aria-label": "Close" } },
      // Mantine's own grey is too light to be read on the light theme.
      styles: { description: { color: "var(--bf-muted)" } },
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: 8, fz: "13px" } },
  },
});

/**
 * The workbench's own variables, beside Mantine's: surfaces, lines, inks and what colours mean.
 * Each ink has a contrast of 4.5 or more on each surface of its theme (WCAG 2 AA).
 */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    "--bf-ground": "#0e1116",
    "--bf-panel": "#151a21",
    "--bf-raised": "#1b222b",
    "--bf-line": "#262f3a",
    "--bf-ink": "#e6ebf1",
    "--bf-muted": "#9aa6b4",
    "--bf-dim": "#8592a1",
    "--bf-accent": "#4c9aff",
    "--bf-good": "#3fb68b",
    "--bf-warn": "#e0a63a",
    "--bf-bad": "#ef7a72",
    "--mantine-color-body": "#0e1116",
    "--mantine-color-text": "#e6ebf1",
    "--mantine-color-dimmed": "#9aa6b4",
    "--mantine-color-default": "#151a21",
    "--mantine-color-default-hover": "#1b222b",
    "--mantine-color-default-border": "#262f3a",
    "--mantine-color-placeholder": "#8592a1",
    "--mantine-color-error": "#ef7a72",
  },
  light: {
    "--bf-ground": "#f5f6f8",
    "--bf-panel": "#ffffff",
    "--bf-raised": "#eef1f4",
    "--bf-line": "#dfe3e8",
    "--bf-ink": "#16202c",
    "--bf-muted": "#4d5a68",
    "--bf-dim": "#5a6775",
    "--bf-accent": "#1a5fd0",
    "--bf-good": "#14704f",
    "--bf-warn": "#855500",
    "--bf-bad": "#b3322a",
    "--mantine-color-body": "#f5f6f8",
    "--mantine-color-text": "#16202c",
    "--mantine-color-dimmed": "#4d5a68",
    "--mantine-color-default": "#ffffff",
    "--mantine-color-default-hover": "#eef1f4",
    "--mantine-color-default-border": "#dfe3e8",
    "--mantine-color-placeholder": "#5a6775",
    "--mantine-color-error": "#b3322a",
  },
});
