import { MultiSelect, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconLayoutGrid, IconList, IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { FacetValue, IdeaFacets, IdeaQuery } from "../../../../contract/idea-list.ts";
import classes from "./all-ideas.module.css";
import { type Choice, useIdeaView } from "./idea-view.ts";

const SORTS: readonly { value: string; label: string }[] = [
  { value: "activity", label: "Last run" },
  { value: "name", label: "Name" },
  { value: "verdict", label: "Verdict" },
  { value: "rank_ic", label: "Rank IC" },
  { value: "sharpe_net", label: "Net Sharpe" },
  { value: "data", label: "Data set" },
];

/** Typing asks again when a hand rests, not at every key. */
const REST_MS = 150;

/** What the list is narrowed to, sorted by and shown as. */
export function Filters({ facets }: { facets: IdeaFacets }) {
  const { shape, showAs, choice, choose } = useIdeaView();
  return (
    <search className={classes.filters} aria-label="Narrow the list">
      <Search text={choice.text} onSearch={(text) => choose({ text })} />
      <MultiSelect
        aria-label="Verdict"
        placeholder={choice.verdicts.length === 0 ? "Verdict" : ""}
        data={optionsOf(facets.verdicts, choice.verdicts)}
        value={choice.verdicts}
        onChange={(verdicts) => choose({ verdicts: verdicts as Choice["verdicts"] })}
        clearable
        clearButtonProps={{ "aria-label": "Any verdict" }}
      />
      <MultiSelect
        aria-label="Tags"
        placeholder={choice.tags.length === 0 ? "Tags" : ""}
        data={optionsOf(facets.tags, choice.tags)}
        value={choice.tags}
        onChange={(tags) => choose({ tags })}
        searchable
        limit={50}
        clearable
        clearButtonProps={{ "aria-label": "Any tag" }}
      />
      <MultiSelect
        aria-label="Data set"
        placeholder={choice.data.length === 0 ? "Data set" : ""}
        data={optionsOf(facets.data, choice.data)}
        value={choice.data}
        onChange={(data) => choose({ data })}
        searchable
        limit={50}
        clearable
        clearButtonProps={{ "aria-label": "Any data set" }}
      />
      <Switch
        label={`Archived${facets.archived > 0 ? ` (${facets.archived})` : ""}`}
        checked={choice.archived}
        onChange={(event) => choose({ archived: event.currentTarget.checked })}
      />
      <span className={classes.end} />
      {shape === "cards" && (
        <Select
          aria-label="Sorted by"
          w={130}
          data={SORTS}
          value={choice.sort.by}
          allowDeselect={false}
          onChange={(by) => by && choose({ sort: sortBy(by as IdeaQuery["sort"]["by"]) })}
        />
      )}
      <SegmentedControl
        aria-label="Show as"
        value={shape}
        onChange={(next) => showAs(next as typeof shape)}
        data={[
          { value: "cards", label: <Shape icon={IconLayoutGrid} name="Cards" /> },
          { value: "table", label: <Shape icon={IconList} name="Table" /> },
        ]}
      />
    </search>
  );
}

function Shape({ icon: Icon, name }: { icon: typeof IconList; name: string }) {
  return (
    <span className={classes.shape}>
      <Icon size={14} aria-hidden /> {name}
    </span>
  );
}

function Search({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const search = useDebouncedCallback(onSearch, REST_MS);
  // The choice may be cleared from elsewhere.
  useEffect(() => setTyped(text), [text]);
  return (
    <TextInput
      aria-label="Search ideas"
      placeholder="Search"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}

const sortBy = (by: IdeaQuery["sort"]["by"]) => ({
  by,
  descending: by !== "name" && by !== "data",
});

/** What is chosen stays in the menu although no idea has it any more. */
function optionsOf(values: readonly FacetValue[], chosen: readonly string[]) {
  const gone = chosen.filter((one) => !values.some(({ value }) => value === one));
  return [
    ...values.map(({ value, ideas }) => ({ value, label: `${labelOf(value)} (${ideas})` })),
    ...gone.map((value) => ({ value, label: labelOf(value) })),
  ];
}

const labelOf = (value: string) => (value === "none" ? "no verdict" : value);
