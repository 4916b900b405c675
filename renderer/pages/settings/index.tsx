import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function SettingsPage() {
  return <ScreenTitle title="Settings" />;
}
