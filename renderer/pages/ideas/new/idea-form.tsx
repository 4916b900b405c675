import { type Fault, valueAt } from "../../../../contract/idea-document.ts";
import { Panel } from "../../../parts/panel.tsx";
import type { Path } from "./document-edit.ts";
import { FieldInput } from "./field-input.tsx";
import type { Field, Section } from "./fields.ts";
import classes from "./idea-form.module.css";
import { faultAt, RecordList } from "./record-list.tsx";

/** The form that an idea's schema makes: a panel for each group, an input for each key. */
export function IdeaForm(props: {
  sections: readonly Section[];
  /** The document as it stands, valid or not. */
  value: unknown;
  faults: readonly Fault[];
  dataSets: readonly string[];
  onChange: (path: Path, value: unknown) => void;
}) {
  return (
    <div className={classes.form}>
      {props.sections.map((section) => (
        <Panel key={section.key} title={section.title}>
          <div className={classes.fields}>
            {section.fields.map((field) => (
              <div key={field.path.join(".")} data-kind={field.kind} data-key={field.path.at(-1)}>
                <OneField {...props} field={field} />
              </div>
            ))}
          </div>
        </Panel>
      ))}
    </div>
  );
}

function OneField({
  field,
  value,
  faults,
  dataSets,
  onChange,
}: Parameters<typeof IdeaForm>[0] & { field: Field }) {
  const current = valueAt(value, field.path);
  if (field.kind === "records") {
    return <RecordList field={field} value={current} faults={faults} onChange={onChange} />;
  }
  const isDataSet = field.path.join(".") === "universe.data";
  return (
    <FieldInput
      field={field}
      value={current}
      fault={faultAt(faults, field.path)}
      known={isDataSet ? dataSets : undefined}
      onChange={(next) => onChange(field.path, next)}
    />
  );
}
