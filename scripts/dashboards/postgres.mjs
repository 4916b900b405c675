import { dashboard, lines } from "./panels.mjs";

/** The database of MLflow and of the index. */
export const postgres = dashboard(
  "breadthflow-postgres",
  "PostgreSQL",
  "The database of MLflow and of the index.",
)
  .withPanel(
    lines({
      title: "Size",
      about: "Of each database on disk.",
      unit: "bytes",
      series: [{ expr: 'pg_database_size_bytes{datname!~"template.*"}', legend: "{{datname}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Connections",
      about: "Open now, and how many there may be.",
      unit: "none",
      series: [
        { expr: 'pg_stat_database_numbackends{datname!~"template.*"}', legend: "{{datname}}" },
        { expr: "max(pg_settings_max_connections)", legend: "limit" },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Transactions",
      about: "A second, and those that were rolled back.",
      unit: "ops",
      series: [
        {
          expr: "sum by (datname) (rate(pg_stat_database_xact_commit[5m]))",
          legend: "{{datname}}",
        },
        {
          expr: "sum by (datname) (rate(pg_stat_database_xact_rollback[5m]))",
          legend: "{{datname}} rolled back",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Found in memory",
      about: "Share of the blocks that need not be read from disk.",
      unit: "percentunit",
      series: [{ expr: "breadthflow:postgres_cache_hits:share5m", legend: "hits" }],
    }),
  )
  .withPanel(
    lines({
      title: "Locks",
      about: "Held and waited for, by mode.",
      unit: "none",
      series: [{ expr: "sum by (mode) (pg_locks_count)", legend: "{{mode}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Deadlocks",
      about: "Within five minutes.",
      unit: "none",
      series: [
        {
          expr: "sum by (datname) (increase(pg_stat_database_deadlocks[5m]))",
          legend: "{{datname}}",
        },
      ],
    }),
  );
