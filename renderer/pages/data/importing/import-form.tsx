import { Autocomplete, Button, Group, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dataSetNameFrom, type Reading } from "../../../../contract/data.ts";
import { DataSetName } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { problemIn } from "../../../app/problems.ts";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import { Waiting } from "../../../parts/waiting.tsx";
import { PreviewView } from "./preview-view.tsx";
import { ReadingForm } from "./reading-form.tsx";
import { SourceChoice } from "./source-choice.tsx";
import type { Upload } from "./upload.ts";

/** Long enough to type a path, short enough not to wait for. */
const TYPING_MS = 400;

export function ImportForm(props: {
  into: DataSetName | null;
  uploads: readonly Upload[];
  onAdd: (files: readonly File[]) => void;
  onRemove: (id: number) => void;
  onDone: () => void;
}) {
  const { into, uploads } = props;
  const [typed, setTyped] = useState("");
  const [reading, setReading] = useState<Reading>({});
  const [named, setNamed] = useState<string | null>(null);
  const arrived = uploads.flatMap(({ path }) => path ?? []);
  const paths = [...arrived, ...pathsIn(typed)];
  const [asked] = useDebouncedValue({ paths, reading }, TYPING_MS, { leading: true });
  const preview = useQuery(
    trpc.bars.preview.queryOptions(asked, {
      enabled: asked.paths.length > 0,
      placeholderData: keepPreviousData,
    }),
  );
  const sets = useQuery(trpc.data.list.queryOptions()).data ?? [];
  const start = useMutation(trpc.data.startImport.mutationOptions({ onSuccess: props.onDone }));

  const name = into ?? named ?? (paths[0] ? (dataSetNameFrom(paths[0]) ?? "") : "");
  const valid = DataSetName.safeParse(name);
  const isKnown = sets.some((set) => set.name === name);
  const onTheWay = uploads.some(({ path, problem }) => path === null && problem === null);
  const refused = preview.data?.files.some(({ kind }) => kind === "refused") ?? true;
  const isReady =
    valid.success && paths.length > 0 && !onTheWay && !refused && !preview.isPlaceholderData;
  const submit = () => valid.success && start.mutate({ name: valid.data, paths, reading });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) submit();
      }}
    >
      <Stack gap="md">
        <SourceChoice
          uploads={uploads}
          typed={typed}
          onType={setTyped}
          onAdd={props.onAdd}
          onRemove={props.onRemove}
        />
        {preview.isError && <ProblemNote problem={problemIn(preview.error)} />}
        {preview.isFetching && !preview.data && <Waiting for="the first rows" />}
        {preview.data && paths.length > 0 && (
          <>
            <ReadingForm files={preview.data.files} reading={reading} onChange={setReading} />
            <PreviewView preview={preview.data} isOld={preview.isPlaceholderData} />
          </>
        )}
        <Group justify="space-between" align="flex-end">
          {into ? (
            <Text size="sm" c="dimmed">
              Bars of {into} with the same symbol and day are replaced, others added.
            </Text>
          ) : (
            <Autocomplete
              size="xs"
              label="Name of the data set"
              description={
                isKnown
                  ? "There is one of this name: the bars are added to it."
                  : "A new data set is made."
              }
              data={sets.map((set) => set.name)}
              value={name}
              onChange={setNamed}
              error={
                name !== "" && !valid.success
                  ? "Small letters, digits, - and _, beginning with a letter or digit."
                  : null
              }
              w={320}
            />
          )}
          <Button type="submit" disabled={!isReady} loading={start.isPending}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** One path a line, as they are pasted from a file manager: quotes around them are not theirs. */
function pathsIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^(["'])(.*)\1$/, "$2"))
    .filter((line) => line !== "");
}
