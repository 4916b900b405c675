import { lazy } from "react";
import { fetched } from "./fetched.ts";

/** A part of the window that is fetched when it is first shown. */
export const lazyPart: typeof lazy = (load) => lazy(() => fetched(load));
