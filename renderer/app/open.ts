import { fetched } from "../parts/fetched.ts";
import "./entry-token.ts";

// So little that it is there as soon as the page is; it asks again for all that comes after it.
fetched(() => import("./main.tsx")).catch((error: Error) => {
  const opening = document.querySelector(".opening");
  if (opening) {
    opening.textContent = `The workbench could not be opened: ${error.message}. Load this page again.`;
  }
});
