import { Button } from "@mantine/core";
import type { FallbackProps } from "react-error-boundary";
import { ProblemNote } from "../parts/problem-note.tsx";

/**
 * In place of a screen that cannot be drawn. A part of the window that could not be fetched, although
 * it was asked for again (a newer version was installed beside it), is kept as failed until the page
 * is loaded anew.
 */
export function ScreenFailed({ error }: FallbackProps) {
  return (
    <ProblemNote
      problem={{
        code: "window.screen_failed",
        detail: "This screen cannot be shown.",
        hint: `${error instanceof Error ? error.message : String(error)}. What runs goes on; loading the window again mostly helps.`,
      }}
      action={
        <Button mt="sm" onClick={() => location.reload()}>
          Load again
        </Button>
      }
    />
  );
}
