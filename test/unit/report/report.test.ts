import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ledgerCsv } from "../../../contract/ledger.ts";
import { buildReport } from "../../../main/report/build-report.ts";
import { groupFindings } from "../../../main/report/tables.ts";
import { reportInput } from "./fixture.ts";

const bare = (text: string) => text.replaceAll(/<script[\s\S]*?<\/script>/g, "");

const words = (cell = "") => cell.replaceAll(/<[^>]+>/g, "").trim();

test("a report tells the verdict, the gates, the findings, the search and where it comes from", () => {
  const text = bare(buildReport(reportInput("Sized by risk")));
  for (const told of [
    "<title>Sized by risk · deploy</title>",
    "Beats the HAR baseline in every fold",
    "Lift over the best baseline",
    "0.019 to 0.031",
    "Survivorship bias.",
    "DXC, EVHC, DOV, VRTX, AMAT, ORCL and 2 more",
    "says what realised_volatility_5 says",
    "5 more configurations were tried",
    "kind: log_realised_volatility",
    "0.1.0",
  ]) {
    expect(text).toContain(told);
  }
});

test("the money is told with what it hangs on, what the figures leave out, and what is not known", () => {
  const text = bare(buildReport(reportInput()));
  for (const told of [
    "above the idea&#39;s capacity of 400,000",
    "half the Sharpe ratio at 400,000",
    "worst −5.0 % from 2016-01-05; 33 % lost",
    "the net Sharpe ratio is between 0.30 and 0.50",
    "factors: 21 bars have all factors, 63 are the least",
    'id="sectors"',
    'id="sectors-by-year"',
    'id="rebalance-and-breadth"',
    "Some intervals are missing: there is no drawdown.",
  ]) {
    expect(text).toContain(told);
  }
});

test("symbols that were held out are told, and nothing of them where none were", () => {
  const input = reportInput();
  expect(bare(buildReport(input))).not.toContain("held out");
  const part = { train_rows: 200, test_rows: 100, features: 8 };
  const text = bare(
    buildReport({
      ...input,
      idea: { ...input.idea, validation: { ...input.idea.validation, hold_out: "sector" } },
      folds: (input.folds ?? []).map((fold) => ({
        ...fold,
        parts: [0, 1, 2].map((number) => ({ part: number, ...part })),
      })),
    }),
  );
  expect(text).toContain("· sectors held out");
  expect(text).toContain(
    "Each test window is predicted in 3 parts, by models that were trained on no row of the part&#39;s own sectors.",
  );
});

test("the banner does not say the verdict twice", () => {
  const input = reportInput();
  const banner = (summary: string) => {
    const text = buildReport({ ...input, result: { ...input.result, summary } });
    return /<section class="verdict deploy">(.*?)<\/section>/s.exec(text)?.[1];
  };
  expect(banner("Deploy: mean daily rank IC is 0.540.")).toBe(
    "<b>deploy</b><p>Mean daily rank IC is 0.540.</p>",
  );
  expect(banner("Better than HAR.")).toBe("<b>deploy</b><p>Better than HAR.</p>");
});

test("a headline number stands with its interval, and without one where there is none", () => {
  const text = bare(buildReport(reportInput()));
  const [, brief = ""] = /aria-label="In brief">(.*?)<\/section>/s.exec(text) ?? [];
  const facts = Object.fromEntries(
    [...brief.matchAll(/<div>(.*?)<\/div>/gs)].map(([, fact = ""]) => {
      const part = (tag: string) =>
        words(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`).exec(fact)?.[1]);
      return [part("span"), [part("strong"), part("small")]];
    }),
  );
  expect(facts).toMatchObject({
    "Rank IC, out of fold": ["0.521", "0.488 to 0.554"],
    "HAR baseline": ["0.496", ""],
    "Lift over it": ["0.025", "0.019 to 0.031"],
    ICIR: [expect.any(String), "3.20 to 5.40"],
    "Return a year, net": ["11.2 %", "−4.0 % to 23.0 %"],
    "Sharpe, net": ["0.83", "−0.25 to 1.89"],
    "Deflated Sharpe": ["0.970", ""],
  });
  const row = (name: string) => {
    const [, rest = ""] =
      new RegExp(`<td class="name">${name}</td>(.*?)</tr>`, "s").exec(text) ?? [];
    return [...rest.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => words(cell));
  };
  expect(row("Return a year")).toEqual(["11.2 %", "−4.0 % to 23.0 %", "11.2 %"]);
  // Its interval is missing, and what costs come to has none at all.
  expect(row("Calmar")).toEqual(["0.79", "", "0.79"]);
  expect(row("Costs a year")).toEqual(["0.19 %", "", "0.19 %"]);
});

test("every test for leaks is told: what was found first and where, then what nobody could test", () => {
  const text = bare(buildReport(reportInput()));
  const table = /Tests for leaks<\/h2><small>([^<]*)<\/small>.*?<tbody>(.*?)<\/tbody>/s.exec(text);
  expect(table?.[1]).toBe("1 passed, 2 found, 1 not tested");
  const rows = [...(table?.[2] ?? "").matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...String(row).matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => words(cell)),
  );
  expect(rows).toEqual([
    [
      "No row is both trained on and tested",
      "found",
      "0.020",
      "0.001",
      "What duplicate_rows looks at. fold 3",
    ],
    [
      "The universe was known at the time",
      "found told only",
      "12",
      "0",
      "What survivorship looks at. APTV",
    ],
    [
      "No feature knows later splits",
      "not tested",
      "–",
      "0.020",
      "No adjustment of prices is known, so none can be undone.",
    ],
    ["No feature sees the future", "passed", "0", "0", "What cut_features looks at."],
  ]);
});

test("the ledger is told by idea and state, and the file to take away holds every trial", () => {
  const text = bare(buildReport(reportInput()));
  const [, table = "", base64 = ""] =
    /The ledger of trials.*?<tbody>(.*?)<\/tbody>.*?href="data:text\/csv;base64,([^"]*)"/s.exec(
      text,
    ) ?? [];
  const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...String(row).matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => words(cell)),
  );
  // Idea, trials, complete, pruned, failed, cancelled, best score.
  expect(rows).toEqual([
    ["volatility", "2", "1", "0", "1", "0", "0.5000"],
    ["reversal", "1", "1", "0", "0", "0", "0.5000"],
  ]);
  const csv = Buffer.from(base64, "base64").toString("utf8");
  expect(csv).toBe(ledgerCsv(reportInput().ledger));
  expect(text).toContain("Download all of them as CSV");
});

test("of a ledger that is too long for a page, it says how many trials it leaves out and who has them", () => {
  const input = reportInput();
  const [first] = input.ledger;
  if (!first) return;
  const ledger = Array.from({ length: 5003 }, (_, number) => ({
    ...first,
    trial: { ...first.trial, number },
  }));
  const text = bare(buildReport({ ...input, ledger }));
  expect(text).toContain("5,003 configurations");
  expect(text).toContain("Download the newest 5,000 of them as CSV");
  expect(text).toContain("leaves out 3 older ones: the command `data ledger sp500`");
  const [, base64 = ""] = /href="data:text\/csv;base64,([^"]*)"/.exec(text) ?? [];
  expect(Buffer.from(base64, "base64").toString("utf8")).toBe(ledgerCsv(ledger.slice(3)));
});

test("luck is told with what its numbers mean", () => {
  const text = bare(buildReport(reportInput()));
  for (const told of [
    "p = 0.002, 500 shuffles",
    "2.5 times as wide; held against that, p is 0.004",
    "needs 1,245 bars of returns; it has 756",
    "In 25 % of 12,870 ways to halve the history",
    "There is no rank IC after costs: a volatility is not a return",
    "3 paths from 6 splits; 67 % above the baseline",
    'White&#39;s reality check, p</td><td class="n strong">0.012',
    "What this run&#39;s 12 complete trials amount to",
  ]) {
    expect(text).toContain(told);
  }
});

test("a run of an earlier version says what it lacks, and draws the rest", () => {
  const text = buildReport({
    ...reportInput(),
    statistics: null,
    paths: null,
    ic: null,
    analytics: null,
  });
  expect(bare(text)).toContain("Where an earlier version judged it, test the idea again.");
  expect(bare(text)).toContain("Set the idea&#39;s validation.scheme to cpcv");
  expect(bare(text)).toContain('id="folds"');
  const drawn = JSON.parse(/id="figures">(.*?)<\/script>/.exec(text)?.[1] ?? "");
  const places = [...bare(text).matchAll(/class="chart[^>]* id="([^"]+)"/g)].map(([, id]) => id);
  expect(Object.keys(drawn.light).sort()).toEqual(places.sort());
});

test("what a person wrote is text, wherever it stands", () => {
  const attack = `</title></script><img src=x onerror=alert(1)>'"&`;
  const input = reportInput(attack);
  input.trials = [{ number: 0, engine: attack, state: "complete", score: 1 }];
  const text = buildReport(input);
  expect(text).not.toContain("<img");
  expect(text).not.toContain(attack);
  expect(text.match(/<script/g)).toHaveLength(3);
  expect(text.match(/<\/script/g)).toHaveLength(3);
});

test("it asks for nothing from outside, and lets only its own two scripts run", () => {
  const text = buildReport(reportInput());
  const links = [...bare(text).matchAll(/\bhref="([^"]*)"/g)].map(([, address]) => address);
  expect(links.filter((address) => !address?.startsWith("data:text/csv;base64,"))).toEqual([]);
  expect(links).toHaveLength(1);
  expect(bare(text)).not.toMatch(/\bsrc=|\bhref=[^"]|url\(|@import/);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1] ?? "";
  expect(policy).toContain("default-src 'none'");
  const allowed = /script-src ([^;]+)/.exec(policy)?.[1]?.split(" ");
  const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, source]) => {
    const hash = createHash("sha256").update(String(source)).digest("base64");
    return `'sha256-${hash}'`;
  });
  expect(scripts).toHaveLength(2);
  expect(allowed).toEqual(scripts);
});

test("a run that failed early has a report too: what happened and what to do", () => {
  const input = reportInput();
  const text = buildReport({
    ...input,
    result: {
      ...input.result,
      state: "failed",
      verdict: null,
      summary: null,
      gates: [],
      metrics: null,
      features: null,
      data: null,
      model: null,
      problem: { code: "ingest.no_rows", detail: "bars.csv has no rows.", hint: "Choose another." },
    },
    period: null,
    charts: null,
    ic: null,
    folds: null,
    choices: null,
    importance: null,
    leaderboard: null,
    backtest: null,
    analytics: null,
    verdict: null,
    statistics: null,
    paths: null,
    trials: [],
    keys: [],
  });
  expect(text).toContain("bars.csv has no rows. Choose another.");
  expect(bare(text)).not.toMatch(/undefined|NaN|null|class="chart/);
  expect(text).toContain('{"light":{},"dark":{}}');
});

test("findings are grouped by rule, severity and action, the grave ones first", () => {
  const groups = groupFindings(reportInput().result.findings);
  expect(groups.map(({ rule, findings }) => [rule, findings.length])).toEqual([
    ["bad_print", 2],
    ["missing_value", 8],
    ["survivorship", 1],
    ["late_listing", 2],
  ]);
});
