import { z } from "zod";

const SHORT_NAME =
  "must be small letters, digits and hyphens, 63 at most, and begin with a letter or digit";

/** Branded identifiers: one cannot be passed where another is meant. */
export const RunId = z
  .string()
  .regex(/^r-[0-9a-z]{10}$/)
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const IdeaId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, SHORT_NAME)
  .brand<"IdeaId">();
export type IdeaId = z.infer<typeof IdeaId>;

export const DataSetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, SHORT_NAME)
  .brand<"DataSetName">();
export type DataSetName = z.infer<typeof DataSetName>;

export const DeploymentId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, SHORT_NAME)
  .brand<"DeploymentId">();
export type DeploymentId = z.infer<typeof DeploymentId>;

/** SHA-256 in hex of everything that decides a step's output. */
export const ContentKey = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<"ContentKey">();
export type ContentKey = z.infer<typeof ContentKey>;
