import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function StackPage() {
  return <ScreenTitle title="Stack" />;
}
