import { refusal } from "./tree.ts";

/**
 * Splits a command that was given as one text into words, with quotes and backslashes but no
 * shell behind it: as for docker compose, an unquoted `;`, `&`, `|`, `<` or `>` ends the command.
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  let quote = "";
  let escaped = false;
  for (const character of line) {
    if (escaped) {
      word += character;
      inWord = true;
      escaped = false;
    } else if (character === "\\" && quote !== "'") {
      escaped = true;
    } else if (quote) {
      if (character === quote) {
        quote = "";
        inWord = true;
      } else {
        word += character;
        inWord = true;
      }
    } else if (/[ \t\r\n]/.test(character)) {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (/[;&|<>]/.test(character)) {
      if (character === ">" && /^[0-9]/.test(word)) inWord = false;
      break;
    } else if (/[`()]/.test(character)) {
      throw unreadable(line, `${character} would need a shell`);
    } else {
      word += character;
      inWord = true;
    }
  }
  if (escaped || quote) throw unreadable(line, "a quote is not closed");
  if (inWord) words.push(word);
  return words;
}

function unreadable(line: string, why: string) {
  return refusal("bad_command", `${JSON.stringify(line)} cannot be split into words: ${why}`, {
    hint: "Write the command as a list of words.",
  });
}
