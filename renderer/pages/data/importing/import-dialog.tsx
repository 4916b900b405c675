import "@mantine/dropzone/styles.css";
import { Modal, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { type ReactNode, useState } from "react";
import type { DataSetName } from "../../../../contract/ids.ts";
import { ImportForm } from "./import-form.tsx";
import { useUploads } from "./use-uploads.ts";

/**
 * The dialog that imports, with the whole screen as a place to drop files on.
 *
 * @param into the data set that is added to; null: a new one, or any
 */
export function useImportDialog(into: DataSetName | null): {
  open: () => void;
  dialog: ReactNode;
} {
  const [isOpen, setOpen] = useState(false);
  const { uploads, add, remove, clear } = useUploads();
  const close = () => {
    setOpen(false);
    clear();
  };
  const dialog = (
    <>
      <Dropzone.FullScreen
        active={!isOpen}
        useFsAccessApi={false}
        onDrop={(files) => {
          add(files);
          setOpen(true);
        }}
      >
        <Text ta="center" mt="30vh" size="lg" style={{ pointerEvents: "none" }}>
          Drop it: what is in it is shown before anything is written.
        </Text>
      </Dropzone.FullScreen>
      <Modal
        opened={isOpen}
        onClose={close}
        title={into ? `Import into ${into}` : "Import bars"}
        size={980}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <ImportForm into={into} uploads={uploads} onAdd={add} onRemove={remove} onDone={close} />
      </Modal>
    </>
  );
  return { open: () => setOpen(true), dialog };
}
