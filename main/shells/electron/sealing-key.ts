import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { safeStorage } from "electron";

/**
 * The key that seals what a person entrusts to the workbench, itself kept by the system's keychain.
 *
 * @returns null where there is no keychain; then a file that only the user may read has to do
 */
export function sealingKey(file: string): string | null {
  // On Linux without a keyring, Electron would "encrypt" with a password that everybody knows.
  const backend = process.platform === "linux" ? safeStorage.getSelectedStorageBackend() : "system";
  if (!safeStorage.isEncryptionAvailable() || backend === "basic_text") return null;
  if (existsSync(file)) return safeStorage.decryptString(readFileSync(file));
  const key = randomBytes(32).toString("base64url");
  writeFileSync(file, safeStorage.encryptString(key), { mode: 0o600 });
  return key;
}
