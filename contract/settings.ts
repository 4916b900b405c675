import { z } from "zod";

/** How this workspace's programs reach the network, where the machine's own settings do not fit. */
export const Network = z.strictObject({
  proxy: z
    .url({ protocol: /^https?$/, error: "an address such as http://proxy.example:3128" })
    .nullable()
    .default(null)
    .describe("HTTP proxy for downloads. Loopback never goes through it."),
  ca_certificate: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("PEM file with the certificates to trust, such as a company's own."),
  package_index: z
    .url({ protocol: /^https?$/, error: "an address such as https://packages.example/simple" })
    .nullable()
    .default(null)
    .describe("Python package index, such as a mirror."),
});
export type Network = z.infer<typeof Network>;

export const Settings = z.strictObject({ network: Network.prefault({}) });
export type Settings = z.infer<typeof Settings>;

/** A Python environment as Settings shows it. */
export const EnvironmentView = z.object({
  name: z.string(),
  purpose: z.string(),
  /** `outdated`: made from another lock than today's. `kept_elsewhere`: not ours to change. */
  state: z.enum(["ready", "missing", "outdated", "working", "kept_elsewhere"]),
  folder: z.string(),
  bytes: z.number().nullable(),
  packages: z.int().nullable(),
  /** What is being done to it, while `working`. */
  message: z.string().nullable(),
});
export type EnvironmentView = z.infer<typeof EnvironmentView>;

export const Licence = z.object({
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  language: z.enum(["JavaScript", "Python"]),
});
export type Licence = z.infer<typeof Licence>;
