import classes from "./sparkline.module.css";

const WIDTH = 100;
const HEIGHT = 28;

/** Growth of 1, as small as a word; the line at 1 is where nothing was won or lost. */
export function Sparkline({ equity }: { equity: readonly number[] }) {
  if (equity.length < 2) return <div className={classes.none} />;
  const lowest = Math.min(1, ...equity);
  const highest = Math.max(1, ...equity);
  const range = highest - lowest || 1;
  const y = (value: number) => 1 + ((highest - value) / range) * (HEIGHT - 2);
  const points = equity.map(
    (value, at) => `${((at / (equity.length - 1)) * WIDTH).toFixed(1)},${y(value).toFixed(1)}`,
  );
  const end = equity.at(-1) ?? 1;
  return (
    <svg
      className={classes.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Net equity grew from 1 to ${end.toFixed(2)}`}
    >
      <line x1="0" x2={WIDTH} y1={y(1)} y2={y(1)} />
      <polyline points={points.join(" ")} />
    </svg>
  );
}
