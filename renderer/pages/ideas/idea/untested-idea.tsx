import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { IdeaId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { ThreeClicks } from "../../../parts/three-clicks.tsx";
import { useOffers } from "../../../state/offers.ts";

/** An idea of which there is no run yet. */
export function UntestedIdea({ idea }: { idea: IdeaId }) {
  const document = useQuery(trpc.ideas.yaml.queryOptions({ idea }));
  const [, navigate] = useLocation();
  const test = useMutation(trpc.runs.start.mutationOptions());
  const edit = () => navigate(`/new/${idea}`);
  const start = (yaml: string) => test.mutate({ yaml, file: `${idea}.idea.yaml` });
  const text = document.data?.yaml;
  useOffers([
    text !== undefined && { id: "test", label: "Test", act: () => start(text) },
    { id: "edit", label: "Edit the idea", act: edit },
  ]);
  return (
    <Asked query={document} for="the idea">
      {({ name, yaml }) => (
        <>
          <ScreenTitle title={name} path="Ideas / not tested yet">
            <Tooltip label="Edit the idea">
              <ActionIcon aria-label="Edit the idea" onClick={edit}>
                <IconPencil size={16} />
              </ActionIcon>
            </Tooltip>
            <ThreeClicks
              idea={{
                state: "done",
                hint: "Begin another idea",
                onClick: () => navigate("/new"),
              }}
              test={{
                state: test.isPending ? "busy" : "current",
                hint: "Test the idea on its data set",
                onClick: () => start(yaml),
              }}
              deploy={{ state: "next", hint: "First the idea must be tested" }}
            />
          </ScreenTitle>
          <Empty>
            This idea has not been tested. A click on Test runs its eight steps; what they find
            appears here while they work.
          </Empty>
        </>
      )}
    </Asked>
  );
}
