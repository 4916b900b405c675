import { ActionIcon, Progress, Stack, Text, Textarea } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileImport, IconX } from "@tabler/icons-react";
import { bytes } from "../../../parts/format.ts";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import classes from "./source-choice.module.css";
import type { Upload } from "./upload.ts";

/** Which files are meant: dropped, chosen, or named by their path. */
export function SourceChoice(props: {
  uploads: readonly Upload[];
  typed: string;
  onType: (text: string) => void;
  onAdd: (files: readonly File[]) => void;
  onRemove: (id: number) => void;
}) {
  const { uploads, typed, onType, onAdd, onRemove } = props;
  return (
    <Stack gap={8}>
      <div className={classes.choice}>
        <Dropzone
          onDrop={(files) => onAdd(files)}
          useFsAccessApi={false}
          inputProps={{ "aria-label": "Files to import" }}
          aria-label="Choose files to import"
        >
          <div className={classes.drop}>
            <div>
              <IconFileImport size={22} aria-hidden />
              <Text size="sm">Drop files here, or click to choose</Text>
              <Text size="xs" c="dimmed">
                CSV or Parquet, also packed; up to 2 GB each
              </Text>
            </div>
          </div>
        </Dropzone>
        <Textarea
          label="Or paths, one a line"
          description="Files, folders or patterns (prices/*.csv), read where they are"
          value={typed}
          onChange={(event) => onType(event.currentTarget.value)}
          rows={3}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
      </div>
      {uploads.map((upload) => (
        <div key={upload.id}>
          <div className={classes.file}>
            <span title={upload.name}>{upload.name}</span>
            {upload.path === null && upload.problem === null ? (
              <Progress
                size={4}
                value={upload.fraction * 100}
                aria-label={`Taking over ${upload.name}`}
              />
            ) : (
              <Text size="xs" c="dimmed">
                {bytes(upload.bytes)}
              </Text>
            )}
            <ActionIcon
              size="sm"
              aria-label={`Leave out ${upload.name}`}
              onClick={() => onRemove(upload.id)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
          {upload.problem && <ProblemNote problem={upload.problem} />}
        </div>
      ))}
    </Stack>
  );
}
