import { z } from "zod";

/**
 * A gate policy: each gate's threshold, and whether the verdict rests on it. Three are shipped in
 * `resources/policies`, a workspace may hold its own in `policies/NAME.policy.yaml`, and an idea may
 * change single gates of the one that it names.
 *
 * The tests for leaks and the alarm for what is too good to be true are no part of any policy:
 * nobody may switch them off.
 */

type Terms = {
  readonly title: string;
  /** The key by which an idea sets the threshold. */
  readonly key: string;
  readonly description: string;
  readonly unit?: string;
  /** Outside of it a gate would pass or fail whatever an idea does. */
  readonly range: readonly [number, number];
};

export const GATE_TERMS = {
  lift: {
    title: "Lift at least",
    key: "min_lift",
    description: "Rank IC over the best baseline.",
    range: [0, 1],
  },
  folds_ahead: {
    title: "Folds ahead at least",
    key: "min_folds_ahead",
    description: "Share of folds ahead.",
    range: [0, 1],
  },
  rank_ic: {
    title: "Rank IC above",
    key: "min_rank_ic",
    description: "The whole interval of the rank IC must lie above it.",
    range: [0, 1],
  },
  trials: {
    title: "Beyond luck at least",
    key: "min_beyond_luck",
    description: "Chance that no worthless trial would have shown such a lift.",
    range: [0.5, 0.9999],
  },
  net_sharpe: {
    title: "Net Sharpe at least",
    key: "min_net_sharpe",
    description: "Where the verdict rests on trading.",
    range: [0, 10],
  },
  probabilistic_sharpe: {
    title: "Probabilistic Sharpe at least",
    key: "min_probabilistic_sharpe",
    description: "Probability that the Sharpe ratio is above 0, had it been the only trial.",
    range: [0, 1],
  },
  deflated_sharpe: {
    title: "Deflated Sharpe at least",
    key: "min_deflated_sharpe",
    description: "Probability that the Sharpe ratio is real, given every trial.",
    range: [0, 1],
  },
  overfitting: {
    title: "Overfitting at most",
    key: "max_overfitting",
    description: "Probability of backtest overfitting.",
    range: [0, 1],
  },
  track_record: {
    title: "Track record at least",
    key: "min_track_record",
    unit: "years",
    description: "Years judged out of fold.",
    range: [0, 100],
  },
  ic_after_costs: {
    title: "Rank IC after costs above",
    key: "min_ic_after_costs",
    description: "What following the signal leaves of its rank IC.",
    range: [0, 1],
  },
  stressed_sharpe: {
    title: "Sharpe at twice the costs at least",
    key: "min_stressed_sharpe",
    description: "Net Sharpe ratio, had trading cost twice what is assumed.",
    range: [0, 10],
  },
  capacity: {
    title: "Capacity at least",
    key: "min_capacity",
    unit: "× capital",
    description: "Capital that halves the Sharpe ratio, over the backtest's.",
    range: [0, 1e6],
  },
  regimes: {
    title: "Regimes ahead at least",
    key: "min_regimes_ahead",
    description: "Share of the market's states in which the model is ahead of the baseline.",
    range: [0, 1],
  },
} as const satisfies Record<string, Terms>;

export type GateName = keyof typeof GATE_TERMS;
export const GATE_NAMES = Object.keys(GATE_TERMS) as [GateName, ...GateName[]];
export const GateName = z.enum(GATE_NAMES);

type GateKey = (typeof GATE_TERMS)[GateName]["key"];

/** The threshold of one gate, within its range. */
function threshold(name: GateName) {
  const [least, most] = GATE_TERMS[name].range;
  return z.number().min(least).max(most);
}

/** An idea's own thresholds, each by a key of its own; what is left out is the policy's. */
export const OWN_THRESHOLDS = Object.fromEntries(
  Object.entries(GATE_TERMS).map(([name, terms]) => {
    const { title, description, key } = terms;
    const unit = "unit" in terms ? { unit: terms.unit } : {};
    return [
      key,
      threshold(name as GateName)
        .optional()
        .meta({ title, description, ...unit }),
    ];
  }),
) as Record<GateKey, z.ZodOptional<z.ZodNumber>>;

const Limit = <T extends GateName>(name: T) =>
  z.strictObject({
    threshold: threshold(name),
    decides: z.boolean(),
    why: z.string().max(300).optional(),
  });
type Limit = z.infer<ReturnType<typeof Limit>>;

const Limits = z.strictObject(
  Object.fromEntries(GATE_NAMES.map((name) => [name, Limit(name)])) as Record<
    GateName,
    ReturnType<typeof Limit>
  >,
);

export const ShippedPolicy = z.enum(["research", "paper", "live"]);
export type ShippedPolicy = z.infer<typeof ShippedPolicy>;

export const PolicyName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be small letters, digits and hyphens");

/** A policy document. One that is built on another one names only the gates that it changes. */
export const GatePolicy = z
  .strictObject({
    breadthflow_policy: z.literal(1),
    name: PolicyName,
    description: z.string().max(1000).default(""),
    based_on: ShippedPolicy.optional(),
    gates: Limits.partial().default({}),
  })
  .superRefine(({ based_on, gates }, context) => {
    if (based_on) return;
    for (const name of GATE_NAMES.filter((one) => !gates[one])) {
      context.addIssue({
        code: "custom",
        path: ["gates", name],
        message: "is missing, and there is no based_on to take it from",
      });
    }
  });
export type GatePolicy = z.infer<typeof GatePolicy>;

/** A policy with every gate, as the judge step is given it. */
export type CompletePolicy = { policy: string } & Record<
  GateName,
  { threshold: number; decides: boolean }
>;

/** What an idea says of its gates. */
export type OwnGates = { policy: string } & Partial<Record<GateKey, number | undefined>> & {
    decide?: GateName[] | undefined;
    tell?: GateName[] | undefined;
  };

/**
 * The policy that holds for an idea: the one it names, with its own changes laid over it.
 *
 * @param base the shipped policy that `own` is built on; `own` itself where it is complete.
 */
export function completePolicy(base: GatePolicy, own: GatePolicy, idea: OwnGates): CompletePolicy {
  const changed: GateName[] = [];
  const limits = GATE_NAMES.map((name) => {
    const limit = (own.gates[name] ?? base.gates[name]) as Limit;
    const threshold = idea[GATE_TERMS[name].key] ?? limit.threshold;
    const told = idea.tell?.includes(name) ? false : limit.decides;
    const decides = idea.decide?.includes(name) ? true : told;
    if (threshold !== limit.threshold || decides !== limit.decides) changed.push(name);
    return [name, { threshold, decides }] as const;
  });
  const policy = changed.length > 0 ? `${own.name}, with its own ${changed.join(", ")}` : own.name;
  return { policy, ...(Object.fromEntries(limits) as Record<GateName, Limit>) };
}
