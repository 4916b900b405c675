import { Button, FileButton } from "@mantine/core";
import { IconPlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { IdeaFacets } from "../../../../contract/idea-list.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { FirstRun } from "../first-run/first-run.tsx";
import { Filters } from "./filters.tsx";
import { IdeaCards } from "./idea-cards.tsx";
import { EVERYTHING, isNarrowed, useIdeaView } from "./idea-view.ts";
import { IdeasTable } from "./ideas-table.tsx";
import { MarkedBar } from "./marked-bar.tsx";
import { useIdeaPages } from "./use-idea-pages.ts";
import { useImport } from "./use-import.ts";

/** Every idea of the workspace, with what came of it. */
export function AllIdeas() {
  const [, navigate] = useLocation();
  const facets = useQuery(trpc.ideas.facets.queryOptions());
  const takeIn = useImport();
  return (
    <>
      <ScreenTitle title="Ideas">
        <FileButton multiple accept=".yaml,.yml" onChange={(files) => void takeIn(files)}>
          {(button) => (
            <Button
              {...button}
              variant="default"
              leftSection={<IconUpload size={14} aria-hidden />}
            >
              Import
            </Button>
          )}
        </FileButton>
        <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={() => navigate("/new")}>
          New idea
        </Button>
      </ScreenTitle>
      <Asked query={facets} for="the ideas">
        {(counted) =>
          counted.total + counted.archived === 0 ? <FirstRun /> : <List facets={counted} />
        }
      </Asked>
    </>
  );
}

function List({ facets }: { facets: IdeaFacets }) {
  const { shape, choice, choose } = useIdeaView();
  const pages = useIdeaPages(choice);
  const Shape = shape === "cards" ? IdeaCards : IdeasTable;
  return (
    <>
      <Filters facets={facets} />
      <MarkedBar />
      <Asked query={pages.head} for="the ideas">
        {({ total }) =>
          total > 0 ? (
            <Shape pages={pages} total={total} />
          ) : (
            <Empty
              action={
                isNarrowed(choice) && (
                  <Button
                    variant="default"
                    onClick={() => choose({ ...EVERYTHING, archived: choice.archived })}
                  >
                    Show all
                  </Button>
                )
              }
            >
              {isNarrowed(choice)
                ? "No idea is like that. Take away one of the choices above."
                : choice.archived
                  ? "Nothing is archived. Ideas that you archive are kept here, with their runs."
                  : "Every idea is archived. The switch above shows them."}
            </Empty>
          )
        }
      </Asked>
    </>
  );
}
