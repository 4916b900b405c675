import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function DataPage() {
  return <ScreenTitle title="Data" />;
}
