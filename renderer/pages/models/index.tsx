import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function ModelsPage() {
  return <ScreenTitle title="Models" />;
}
