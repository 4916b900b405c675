import type { VerdictNotes } from "../artifacts.ts";
import type { Paths, Statistics } from "../statistics.ts";
import { icDecay, pathFan } from "./certainty.ts";
import { nullDistribution, overfittingLogits, pickedTrials, sharpeAgainstTrials } from "./luck.ts";
import type { FigurePanel } from "./panel.ts";
import { decimal, pValue, share, whole } from "./written.ts";

const HEIGHT = 250;
const LATER =
  "This appears here once the run has been judged. Where an earlier version judged it, test the idea again.";

/**
 * Whether what was found is more than luck.
 *
 * @param statistics null where the run was judged without them
 * @param paths null where the idea does not ask for recombined paths, or lacks them
 */
export function luckPanels(statistics: Statistics | null, paths: Paths | null): FigurePanel[] {
  return [
    nullPanel(statistics?.permutation),
    barPanel(statistics?.trials),
    ...overfittingPanels(statistics?.overfitting),
    decayPanel(statistics?.ic_decay),
    pathsPanel(paths),
  ];
}

function nullPanel(found: Statistics["permutation"]): FigurePanel {
  const drawn = found && found.counts.length > 0 ? found : null;
  const stretched =
    found?.width != null && found.width > 1
      ? ` Symbols move together, so the true spread of luck is ${decimal(found.width, 1)} times as wide; held against that, p is ${pValue(found.adjusted_p_value)}.`
      : "";
  return {
    id: "null-distribution",
    title: "The idea among shuffled labels",
    note: drawn ? `p = ${pValue(drawn.p_value)}, ${whole(drawn.replicates)} shuffles` : "",
    label: "Mean rank ICs of labels shuffled within their dates, with the idea's as a line",
    height: HEIGHT,
    draw: drawn && ((theme) => nullDistribution(drawn, theme)),
    told: drawn
      ? `If the labels of a day were dealt out at random, the rank IC would lie in the histogram; the line is the idea's.${stretched}`
      : absent(found),
  };
}

function barPanel(found: Statistics["trials"]): FigurePanel {
  const { bar, deflated } = found ?? {};
  const drawn = found && bar && deflated ? { ...found, bar, deflated } : null;
  const least = found?.minimum_track_record;
  return {
    id: "sharpe-against-trials",
    title: "Sharpe ratio against number of trials",
    note: drawn ? trialsTold(drawn.here, { count: drawn.effective, of: drawn.complete }) : "",
    label: "Sharpe ratio that the luckiest of so many trials would show, and the idea's",
    height: 300,
    draw: drawn && ((theme) => sharpeAgainstTrials(drawn, theme)),
    told: !drawn
      ? absent(found)
      : least == null
        ? "However long its record, a book like this would not be told from one that earns nothing."
        : `To be told from a book that earns nothing it needs ${whole(least)} bars of returns; it has ${whole(drawn.observations)}.`,
  };
}

/** How many trials there are, and how many of the run's own really differ. */
export function trialsTold(here: number, really: VerdictNotes["effective_trials"]): string {
  const many = here === 1 ? "1 trial on this data" : `${whole(here)} trials on this data`;
  const told = effectiveTold(really);
  return told === "" ? many : `${many}; ${told}`;
}

/** Empty where there are no two trials to tell apart. */
export function effectiveTold(really: VerdictNotes["effective_trials"]): string {
  if (really?.count == null || really.of < 2) return "";
  return `the ${whole(really.of)} complete ones of this run amount to ${whole(really.count)}`;
}

function overfittingPanels(found: Statistics["overfitting"]): FigurePanel[] {
  const drawn = found && found.counts.length > 0 ? found : null;
  return [
    {
      id: "overfitting-logits",
      title: "Overfitting: the best trial's rank",
      note: drawn ? `PBO ${share(drawn.probability)}, ${whole(drawn.trials)} trials` : "",
      label: "Logits of the rank out of sample of the trial that was best in sample",
      height: HEIGHT,
      draw: drawn && ((theme) => overfittingLogits(drawn, theme)),
      told: drawn
        ? `In ${share(drawn.probability)} of ${whole(drawn.combinations)} ways to halve the history, the trial that was best in one half was in the worse half of the trials in the other.`
        : absent(found),
    },
    {
      id: "picked-trials",
      title: "Overfitting: what the best trial keeps",
      note: drawn ? "lift over the best baseline" : "",
      label: "Lift of the picked trial in one half of the history against the other half",
      height: HEIGHT,
      draw: drawn && ((theme) => pickedTrials(drawn, theme)),
      told: drawn
        ? `Out of sample it ranked better than the baseline in ${share(drawn.loss === null ? null : 1 - drawn.loss)} of the ways.`
        : absent(found),
    },
  ];
}

function decayPanel(found: Statistics["ic_decay"]): FigurePanel {
  const looks = found?.adjusted_p_value.filter((value) => value !== null) ?? [];
  const many =
    looks.length > 1
      ? `Adjusted for the ${whole(looks.length)} horizons, p is ${listed(found)} that the rank IC is nothing. `
      : "";
  const drawn = found?.ic.some((ic) => ic !== null) ? found : null;
  const adjusted =
    drawn?.adjusted_ic != null
      ? `After the turnover that it takes, a rank IC of ${decimal(drawn.adjusted_ic, 3)} is left; costs take ${decimal(drawn.cost_ic, 3)}.`
      : drawn?.reason
        ? `There is no rank IC after costs: ${plain(drawn.reason)}.`
        : null;
  return {
    id: "ic-decay",
    title: "IC decay",
    note: drawn ? "95 % intervals; the idea's horizon in blue" : "",
    label: "Rank IC of the same predictions against labels of longer horizons",
    height: HEIGHT,
    draw: drawn && ((theme) => icDecay(drawn, theme)),
    told: drawn ? `${many}${adjusted ?? ""}`.trim() || null : absent(found),
  };
}

/** "0.012 at 5 bars, 0.400 at 21". */
function listed(found: Statistics["ic_decay"]): string {
  return (found?.horizon ?? [])
    .flatMap((bars, at) => {
      const value = found?.adjusted_p_value[at] ?? null;
      return value === null ? [] : [`${pValue(value)} at ${bars === 1 ? "1 bar" : whole(bars)}`];
    })
    .join(", ");
}

function pathsPanel(paths: Paths | null): FigurePanel {
  return {
    id: "paths",
    title: "Fan of recombined paths",
    note: paths
      ? `${whole(paths.summary.count)} paths from ${whole(paths.splits)} splits; ${share(paths.summary.above_baseline)} above the baseline`
      : "",
    label: "Rank IC by month of each path of combinatorial purged cross-validation",
    height: HEIGHT,
    draw: paths && ((theme) => pathFan(paths, theme)),
    told: paths
      ? `The history in ${whole(paths.groups.length)} parts, ${whole(paths.test_groups)} tested at a time: how much hangs on the stretch that one learns from. Models of these paths also saw later days than those they are tested on, so they decide nothing.`
      : "Set the idea's validation.scheme to cpcv, and combinatorial purged cross-validation draws its paths here.",
  };
}

function absent(found: { reason: string | null } | null | undefined): string {
  return found?.reason ? `There is nothing to draw here: ${plain(found.reason)}.` : LATER;
}

/** As the engine says it, in a person's words. */
function plain(reason: string): string {
  return reason.replaceAll("_", " ");
}
