import { gateResultWords } from "../../../contract/gate-result.ts";
import { gateNeeds } from "../../../contract/gate-sense.ts";
import type { Gate, RunFinding, RunResult, Verdict } from "../../../contract/run.ts";
import { count, decimal, seconds, sparkline, styled, table } from "./terminal.ts";

const COLOURS: Record<Verdict, "green" | "yellow" | "red"> = {
  deploy: "green",
  watch: "yellow",
  reject: "red",
};

/** A run as a person reads it in a terminal: data, findings, leaderboard, gates, equity, verdict. */
export function runSummary(result: RunResult): string {
  const parts = [heading(result)];
  if (result.findings.length > 0) parts.push(findingsTable(result.findings));
  if (result.leaderboard.length > 0) parts.push(leaderboard(result));
  if (result.gates.length > 0) parts.push(gates(result));
  if (result.equity.length > 0) parts.push(equity(result));
  parts.push(closing(result));
  return parts.join("\n\n");
}

function heading({ name, run, data, features }: RunResult): string {
  const facts = [
    data &&
      `${count(data.rows)} bars of ${count(data.symbols)} symbols (${data.name} v${data.version})`,
    features && `${features.made} features, ${features.kept} kept`,
  ].filter(Boolean);
  return `${styled("bold", name)}  ${styled("dim", run)}\n${facts.join(" · ")}`;
}

export function findingsTable(all: RunFinding[]): string {
  const groups = new Map<string, RunFinding[]>();
  for (const finding of all) {
    const key = `${finding.rule}\u0000${finding.severity}\u0000${finding.action}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const rows = [...groups.values()].map((group) => {
    const first = group[0] as RunFinding;
    const symbols = [...new Set(group.map((one) => one.symbol).filter((one) => one !== null))];
    const shown =
      symbols.slice(0, 4).join(" ") + (symbols.length > 4 ? ` +${symbols.length - 4}` : "");
    return [first.rule, first.severity, group.length, first.action, shown];
  });
  return table(["FINDING", "SEVERITY", "COUNT", "ACTION", "SYMBOLS"], rows);
}

function leaderboard({ leaderboard: entries }: RunResult): string {
  const best = entries.filter((entry) => entry.kind !== "baseline").slice(0, 5);
  const baselines = entries.filter((entry) => entry.kind === "baseline");
  return table(
    ["MODEL", "RANK IC", "ICIR"],
    [...best, ...baselines].map((entry) => [
      entry.name,
      decimal(entry.rank_ic),
      decimal(entry.icir, 2),
    ]),
  );
}

function gates({ gates: all }: RunResult): string {
  return table(
    ["GATE", "VALUE", "NEEDS", "", "MEANING"],
    all.map((gate) => [
      gate.label,
      decimal(gate.value),
      gateNeeds(gate, (value) => decimal(value)),
      gateMark(gate),
      gate.meaning,
    ]),
  );
}

/** Red is for what decided against the idea; what is only told never is. */
function gateMark(gate: Gate): string {
  const colour = gate.passed ? "green" : gate.decides === false ? "dim" : "red";
  return styled(colour, gateResultWords(gate));
}

function equity({ equity: values, metrics }: RunResult): string {
  const last = values.at(-1) ?? 1;
  return `Equity, net  ${sparkline(values)}  ×${last.toFixed(2)}, Sharpe ${decimal(metrics?.sharpe_net, 2)}`;
}

function closing(result: RunResult): string {
  if (result.problem)
    return `${styled("red", result.state)}: ${result.problem.detail}\n${result.problem.hint}`;
  const lines: string[] = [];
  if (result.verdict) {
    const word = styled(["bold", COLOURS[result.verdict]], result.verdict.toUpperCase());
    lines.push(`${word}  ${result.summary ?? ""}`);
  }
  if (result.report) lines.push(`Report: ${result.report}`);
  const cached = result.steps.filter((step) => step.cached).length;
  lines.push(
    styled(
      "dim",
      `${result.state} in ${seconds(result.seconds)}; ${cached} of ${result.steps.length} steps cached`,
    ),
  );
  return lines.join("\n");
}
