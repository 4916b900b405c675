import { call, router } from "./trpc.ts";

export const models = router({
  list: call.query(({ ctx }) => ctx.workbench.index.models.list()),
});
