import { ActionIcon, Button, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Fault } from "../../../../contract/idea-document.ts";
import type { Path } from "./document-edit.ts";
import { FieldInput } from "./field-input.tsx";
import type { Field } from "./fields.ts";
import classes from "./idea-form.module.css";

/** A list of entries with fields of their own, such as the features that a person adds. */
export function RecordList(props: {
  field: Extract<Field, { kind: "records" }>;
  value: unknown;
  faults: readonly Fault[];
  onChange: (path: Path, value: unknown) => void;
}) {
  const { field, onChange } = props;
  const entries: unknown[] = Array.isArray(props.value) ? props.value : [];
  const without = (gone: number) => {
    const left = entries.filter((_, position) => position !== gone);
    onChange(field.path, left.length > 0 ? left : undefined);
  };
  return (
    <fieldset className={classes.records}>
      <legend>{field.title}</legend>
      {entries.length === 0 && (
        <Text size="xs" c="dimmed">
          None yet. An expression such as <code>close / delay(close, 5) - 1</code> becomes a
          feature.
        </Text>
      )}
      {entries.map((entry, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry is known by its place in the document
        <div key={position} className={classes.record}>
          {field.fields.map((inner) => {
            const path = [...field.path, position, ...inner.path];
            const key = String(inner.path[0]);
            return (
              <FieldInput
                key={key}
                field={inner}
                value={(entry as Record<string, unknown> | null)?.[key]}
                fault={faultAt(props.faults, path)}
                onChange={(value) => onChange(path, value ?? "")}
              />
            );
          })}
          <ActionIcon
            aria-label={`Remove ${field.title.toLowerCase()} ${position + 1}`}
            onClick={() => without(position)}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<IconPlus size={13} aria-hidden />}
        onClick={() => onChange(field.path, [...entries, newEntry(entries.length + 1)])}
      >
        Add a feature
      </Button>
    </fieldset>
  );
}

/** Valid as it stands, so that what a person changes next is told in its own words. */
const newEntry = (number: number) => ({
  name: `feature_${number}`,
  expression: "close / delay(close, 5) - 1",
  lookback: 6,
});

/** The first thing that is wrong at a field. */
export function faultAt(faults: readonly Fault[], path: Path): string | null {
  const found = faults.find(
    (fault) =>
      fault.path.length >= path.length && path.every((part, at) => fault.path[at] === part),
  );
  return found ? `${found.message.charAt(0).toUpperCase()}${found.message.slice(1)}.` : null;
}
