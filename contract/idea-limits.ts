/** An idea is a page of YAML; what is longer is something else. */
export const MAX_IDEA_CHARACTERS = 256 * 1024;
