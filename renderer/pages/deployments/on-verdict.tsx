import type { Deployment } from "../../../contract/deployment.ts";

/** The verdict that a deployment rests on, or the reason for which it was made against it. */
export function OnVerdict({ deployment }: { deployment: Deployment }) {
  const { verdict, against_verdict: reason } = deployment;
  if (reason === null) return verdict ?? "–";
  return (
    <>
      <b>against “{verdict}”</b>: {reason}
    </>
  );
}
