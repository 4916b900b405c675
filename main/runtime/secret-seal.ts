import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const PREFIX = "sealed:";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps a value unreadable on the disk; the key is with whoever started this process. */
export type SecretSeal = { seal: (value: string) => string; open: (sealed: string) => string };

export const isSealed = (value: string) => value.startsWith(PREFIX);

/**
 * The seal that the desktop window lends to the owner process it starts. The key leaves the
 * environment with this, so that no service inherits it.
 */
export function lentSeal(env: NodeJS.ProcessEnv = process.env): SecretSeal | null {
  const key = env.BREADTHFLOW_SECRETS_KEY;
  delete env.BREADTHFLOW_SECRETS_KEY;
  return key ? sealWith(key) : null;
}

/** AES-256-GCM, a new nonce for each value. @param key 32 bytes as base64url */
export function sealWith(key: string): SecretSeal {
  const bytes = Buffer.from(key, "base64url");
  return {
    seal(value) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", bytes, iv);
      const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
      return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
    },
    open(sealed) {
      const parts = Buffer.from(sealed.slice(PREFIX.length), "base64url");
      const decipher = createDecipheriv("aes-256-gcm", bytes, parts.subarray(0, IV_BYTES));
      decipher.setAuthTag(parts.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(parts.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    },
  };
}
