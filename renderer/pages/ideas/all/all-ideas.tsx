import { Button } from "@mantine/core";
import { Link } from "wouter";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
export function AllIdeas() {
  return (
    <ScreenTitle title="Ideas">
      <Button component={Link} href="/new">
        New idea
      </Button>
    </ScreenTitle>
  );
}
