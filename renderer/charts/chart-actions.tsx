import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPhotoDown, IconTableDown } from "@tabler/icons-react";
import type { RefObject } from "react";
import { saveFile } from "../parts/save-file.ts";
import classes from "./chart.module.css";
import { type Trace, tracesToCsv } from "./csv.ts";
import type { Plotly } from "./plotly.ts";

/** Takes a chart along: as a picture, or as the numbers that it shows. */
export function ChartActions(props: {
  name: string;
  place: RefObject<HTMLDivElement | null>;
  library: Plotly;
}) {
  const { name, place, library } = props;
  const savePicture = () => {
    if (place.current)
      void library.downloadImage(place.current, { format: "png", filename: name, scale: 2 });
  };
  const saveNumbers = () => {
    const drawn = place.current as (HTMLDivElement & { data?: Trace[] }) | null;
    if (drawn?.data) saveFile(`${name}.csv`, tracesToCsv(drawn.data), "text/csv");
  };
  return (
    <div className={classes.actions}>
      <Tooltip label="Save as PNG">
        <ActionIcon size="sm" aria-label={`Save ${name} as PNG`} onClick={savePicture}>
          <IconPhotoDown size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Save the data as CSV">
        <ActionIcon size="sm" aria-label={`Save the data of ${name} as CSV`} onClick={saveNumbers}>
          <IconTableDown size={14} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
