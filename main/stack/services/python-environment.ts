/** Variables of a Python service: only the environment's own packages, and output at once. */
export function pythonVariables(
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return {
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
    PYTHONNOUSERSITE: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONUTF8: "1",
    ...own,
  };
}
