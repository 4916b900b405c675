import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function DeploymentsPage() {
  return <ScreenTitle title="Deployments" />;
}
