import { Modal } from "@mantine/core";
import { useEffect } from "react";
import { useImporting } from "../../../state/importing.ts";
import { ImportForm } from "./import-form.tsx";
import { useUploads } from "./use-uploads.ts";

/** The dialog that imports, with the files that were dropped on the window. */
export default function ImportDialog() {
  const { into, dropped, taken, close } = useImporting();
  const { uploads, add, remove } = useUploads();
  useEffect(() => {
    if (dropped.length === 0) return;
    add(dropped);
    taken();
  }, [dropped, add, taken]);
  return (
    <Modal
      opened
      onClose={close}
      title={into ? `Import into ${into}` : "Import bars"}
      size={980}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <ImportForm into={into} uploads={uploads} onAdd={add} onRemove={remove} onDone={close} />
    </Modal>
  );
}
