import "@mantine/dropzone/styles.css";
import { Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useRoute } from "wouter";
import { DataSetName } from "../../contract/ids.ts";
import { useImport } from "../pages/ideas/all/use-import.ts";
import { useImporting } from "../state/importing.ts";

const isIdea = ({ name }: File) => /\.ya?ml$/i.test(name);

/** The whole window takes files in while one is dragged over it, whatever it shows. */
export default function WindowDrop() {
  const takeIn = useImport();
  const { isOpen, open } = useImporting();
  const [, place] = useRoute("/data/:name/*?");
  const into = DataSetName.safeParse(place?.name).data ?? null;
  const take = (files: File[]) => {
    const bars = files.filter((file) => !isIdea(file));
    if (bars.length > 0) open(into, bars);
    void takeIn(files.filter(isIdea));
  };
  return (
    <Dropzone.FullScreen
      active={!isOpen}
      useFsAccessApi={false}
      onDrop={take}
      inputProps={{ "aria-label": "Drop files" }}
    >
      <Text ta="center" mt="30vh" size="lg" style={{ pointerEvents: "none" }}>
        Drop ideas (<code>.idea.yaml</code>) or bars (CSV, Parquet). What is in bars is shown before
        anything is written.
      </Text>
    </Dropzone.FullScreen>
  );
}
