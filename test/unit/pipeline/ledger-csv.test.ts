import { expect, test } from "vitest";
import { type LedgerLine, ledgerCsv } from "../../../contract/ledger.ts";

function line(trial: Partial<LedgerLine["trial"]>, idea = "volatility"): LedgerLine {
  return {
    data_set: "sp500",
    idea,
    run: "r-0123456789",
    artifact: "a".repeat(64),
    created: "2026-01-01T00:00:00.000Z",
    trial: {
      kind: "trial",
      number: 0,
      engine: "lightgbm",
      params: {},
      state: "complete",
      score: 0.5,
      fold_scores: [],
      seconds: 1.5,
      ...trial,
    },
  };
}

/** The cells of a row, by the rules of RFC 4180: an oracle of its own, a character at a time. */
function cells(text: string): string[] {
  const found = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') at += 1;
    else if (letter === '"') {
      quoted = !quoted;
      continue;
    } else if (letter === "," && !quoted) {
      found.push("");
      continue;
    }
    found.push(`${found.pop()}${letter}`);
  }
  return found;
}

test("every trial is a row under one head, in the order of the ledger", () => {
  const csv = ledgerCsv([line({ number: 0 }), line({ number: 1, state: "pruned", score: null })]);
  expect(csv.endsWith("\r\n")).toBe(true);
  const [head, ...rows] = csv.trimEnd().split("\r\n");
  expect(head).toBe(
    "data_set,idea,run,train_key,trial,engine,state,score,seconds,params,error,created",
  );
  expect(rows.map((row) => cells(row).slice(4, 9))).toEqual([
    ["0", "lightgbm", "complete", "0.5", "1.5"],
    ["1", "lightgbm", "pruned", "", "1.5"],
  ]);
  expect(ledgerCsv([])).toBe(`${head}\r\n`);
});

test("quotes, commas and line ends stay inside of their cell", () => {
  const error = 'it said "no",\r\ntwice';
  const params = { note: 'a "quoted", one' };
  const csv = ledgerCsv([line({ state: "failed", score: null, params, error })]);
  const row = cells(csv.slice(csv.indexOf("\r\n") + 2, -2));
  expect(row).toHaveLength(12);
  expect(JSON.parse(row[9] ?? "")).toEqual(params);
  expect(row[10]).toBe(error);
});

test.each(["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"])(
  "a spreadsheet does not run %j as a formula",
  (error) => {
    const csv = ledgerCsv([line({ error })]);
    expect(cells(csv.slice(csv.indexOf("\r\n") + 2, -2))[10]).toBe(`'${error}`);
  },
);

test("a negative score stays a number", () => {
  const csv = ledgerCsv([line({ score: -0.25 })]);
  expect(cells(csv.slice(csv.indexOf("\r\n") + 2, -2))[7]).toBe("-0.25");
});
