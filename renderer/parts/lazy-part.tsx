import { type ComponentType, lazy, useState } from "react";
import { fetched } from "./fetched.ts";

/** A part of the window that is fetched when it is first shown, or before. */
export type LazyPart<Props> = ComponentType<Props> & { fetch: () => Promise<unknown> };

export function lazyPart<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): LazyPart<Props> {
  let there: ComponentType<Props> | null = null;
  const fetch = async () => {
    const part = await fetched(load);
    there = part.default;
    return part;
  };
  const Awaited = lazy(fetch) as ComponentType<Props>;
  function Part(props: Props) {
    // What is there is drawn at once. React would show what stands in for it, and hold the part back
    // for 300 ms lest the window flicker.
    const [Shown] = useState(() => there ?? Awaited);
    return <Shown {...props} />;
  }
  return Object.assign(Part, { fetch });
}
