import { Empty } from "../../../../parts/empty.tsx";

/** The step is done, but its artifact was taken out of the cache since. */
export function Gone() {
  return <Empty>What this run found is no longer in the cache. Test the idea again.</Empty>;
}
