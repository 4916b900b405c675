import "@mantine/dropzone/styles.css";
import { Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";

/** The whole window takes files in while one is dragged over it. */
export default function ImportDrop({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <Dropzone.FullScreen active onDrop={onFiles} inputProps={{ "aria-label": "Drop idea files" }}>
      <Text ta="center" pt="xl" size="lg">
        Drop <code>.idea.yaml</code> files to import them
      </Text>
    </Dropzone.FullScreen>
  );
}
