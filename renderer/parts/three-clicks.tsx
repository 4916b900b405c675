import { Button, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { duration } from "./format.ts";
import classes from "./three-clicks.module.css";

/** One of the three clicks that take an idea to a deployed model. */
export type Click = {
  /** done: behind us, can be done again. current: what comes now. busy: at work. next: not yet. */
  state: "done" | "current" | "busy" | "next";
  /** How long it took, or has been at work. */
  seconds?: number | null;
  /** What a click does, or why it does nothing yet; also told to screen readers. */
  hint: string;
  /** Left out where a click makes no sense yet. */
  onClick?: (() => void) | undefined;
};

/** The bar over an idea's way: New idea, Test, Deploy. */
export function ThreeClicks(props: { idea: Click; test: Click; deploy: Click }) {
  return (
    <Button.Group aria-label="From idea to deployment" className={classes.bar}>
      <ClickButton name="New idea" number={1} click={props.idea} />
      <ClickButton name="Test" number={2} click={props.test} />
      <ClickButton name="Deploy" number={3} click={props.deploy} />
    </Button.Group>
  );
}

function ClickButton({ name, number, click }: { name: string; number: number; click: Click }) {
  const { state, seconds, hint, onClick } = click;
  const took = seconds === null || seconds === undefined ? null : duration(seconds);
  return (
    <Tooltip label={hint} multiline maw={320}>
      <Button
        className={classes.click}
        data-state={state}
        variant={state === "current" ? "filled" : "default"}
        // Not `disabled`: who cannot click yet may still want to read why.
        aria-disabled={onClick ? undefined : true}
        aria-label={name}
        aria-description={took ? `${hint}. ${took}` : hint}
        aria-busy={state === "busy" || undefined}
        onClick={onClick}
        leftSection={
          // Drawn by the style sheet: as text they would have to be part of the button's name.
          <span className={classes.mark} data-text={state === "done" ? undefined : number}>
            {state === "done" && <IconCheck size={12} stroke={2.5} aria-hidden />}
          </span>
        }
      >
        {name}
        {took && <span className={classes.seconds} data-text={took} />}
      </Button>
    </Tooltip>
  );
}
