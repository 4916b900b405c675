import type { Idea } from "../../contract/idea.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";

/** Whether the workspace's document of an idea is another one than a run of it stood on. */
export function isEditedSince(idea: Idea, index: ProjectIndex): boolean {
  const stored = index.ideas.get(idea.id);
  return stored !== null && JSON.stringify(stored.idea) !== JSON.stringify(idea);
}
