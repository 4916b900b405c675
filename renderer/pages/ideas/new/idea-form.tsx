import { Button } from "@mantine/core";
import { useState } from "react";
import { type Fault, valueAt } from "../../../../contract/idea-document.ts";
import { Panel } from "../../../parts/panel.tsx";
import type { Path } from "./document-edit.ts";
import { FieldInput } from "./field-input.tsx";
import type { Field, Section } from "./fields.ts";
import classes from "./idea-form.module.css";
import { faultAt, RecordList } from "./record-list.tsx";

type FormProps = {
  /** The document as it stands, valid or not. */
  value: unknown;
  faults: readonly Fault[];
  dataSets: readonly string[];
  policies: readonly string[];
  onChange: (path: Path, value: unknown) => void;
};

/** A group with more fields than this shows first those that the document speaks of. */
const MANY = 16;

/** The form that an idea's schema makes: a panel for each group, an input for each key. */
export function IdeaForm({ sections, ...form }: FormProps & { sections: readonly Section[] }) {
  return (
    <div className={classes.form}>
      {sections.map((section) => (
        <SectionPanel key={section.key} section={section} {...form} />
      ))}
    </div>
  );
}

function SectionPanel({ section, ...form }: FormProps & { section: Section }) {
  const [isOpen, setOpen] = useState(section.fields.length <= MANY);
  const spoken = section.fields.filter(
    (field) =>
      field.required ||
      valueAt(form.value, field.path) !== undefined ||
      faultAt(form.faults, field.path) !== null,
  );
  const shown = isOpen ? section.fields : spoken;
  const hidden = section.fields.length - shown.length;
  return (
    <Panel
      title={section.title}
      note={hidden > 0 ? `${hidden} more as they are by default` : undefined}
      actions={
        section.fields.length > MANY && (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "Show fewer" : "Show all"}
          </Button>
        )
      }
    >
      <div className={classes.fields}>
        {shown.map((field) => (
          <div key={field.path.join(".")} data-kind={field.kind} data-key={field.path.at(-1)}>
            <OneField {...form} field={field} />
          </div>
        ))}
      </div>
    </Panel>
  );
}

function OneField({ field, value, faults, onChange, ...known }: FormProps & { field: Field }) {
  const current = valueAt(value, field.path);
  if (field.kind === "records") {
    return <RecordList field={field} value={current} faults={faults} onChange={onChange} />;
  }
  const choices: Readonly<Record<string, readonly string[]>> = {
    "universe.data": known.dataSets,
    "gates.policy": known.policies,
  };
  return (
    <FieldInput
      field={field}
      value={current}
      fault={faultAt(faults, field.path)}
      known={choices[field.path.join(".")]}
      onChange={(next) => onChange(field.path, next)}
    />
  );
}
