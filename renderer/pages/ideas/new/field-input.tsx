import {
  Autocomplete,
  MultiSelect,
  NumberInput,
  Select,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { inWords } from "../words.ts";
import type { Field } from "./fields.ts";

/** One field of the form; `undefined` takes it out of the document, so that its default holds. */
export function FieldInput(props: {
  field: Field;
  value: unknown;
  fault: string | null;
  /** Values that the workspace knows of, to choose from. */
  known?: readonly string[] | undefined;
  onChange: (value: unknown) => void;
}) {
  const { field, value, onChange, known } = props;
  const common = {
    label: labelOf(field),
    title: field.description ?? undefined,
    error: props.fault,
    required: field.required,
    withAsterisk: false,
  };
  const fallback = placeholderOf(field.fallback);
  const text = value === undefined || value === null ? "" : String(value);
  const changeText = (next: string) => onChange(next === "" ? undefined : next);
  switch (field.kind) {
    case "choice":
      return (
        <Select
          {...common}
          data={optionsOf(field.options)}
          value={field.options.includes(text) ? text : null}
          placeholder={text || fallback}
          onChange={(next) => onChange(next ?? undefined)}
          clearable={!field.required && value !== undefined}
          clearButtonProps={{ "aria-label": `Back to the default of ${field.title}` }}
          allowDeselect={false}
        />
      );
    case "choices":
      return (
        <MultiSelect
          {...common}
          data={optionsOf(field.options)}
          value={listOf(value ?? field.fallback).filter((one) => field.options.includes(one))}
          onChange={onChange}
        />
      );
    case "number":
      return (
        <NumberField
          {...common}
          allowDecimal={!field.whole}
          step={stepOf(field)}
          {...(field.minimum === null ? {} : { min: field.minimum })}
          {...(field.maximum === null ? {} : { max: field.maximum })}
          placeholder={fallback}
          current={value}
          onNumber={onChange}
        />
      );
    case "yes_no":
      return (
        <Switch
          label={common.label}
          title={common.title}
          error={props.fault}
          checked={(value ?? field.fallback) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          mt={22}
        />
      );
    case "words":
      return (
        <TagsInput
          {...common}
          value={listOf(value)}
          // A list that has no default means all there are, where it is left out.
          placeholder={value === undefined && field.fallback === undefined ? "All" : ""}
          onChange={(next) => onChange(next.length > 0 ? next : undefined)}
        />
      );
    case "long_text":
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={6}
          value={text.trimEnd()}
          onChange={(event) => changeText(event.currentTarget.value)}
        />
      );
    case "text":
      return known ? (
        <Autocomplete
          {...common}
          size="xs"
          data={[...known]}
          value={text}
          placeholder={fallback}
          onChange={changeText}
        />
      ) : (
        <TextInput
          {...common}
          value={text}
          placeholder={fallback}
          onChange={(event) => changeText(event.currentTarget.value)}
        />
      );
    default:
      return (
        <Text size="xs" c="dimmed">
          {field.title}: edit it in the YAML.
        </Text>
      );
  }
}

/** While somebody types "0." or "-", there is no number yet; the document keeps the one before. */
function NumberField({
  current,
  onNumber,
  ...rest
}: {
  label: string;
  title: string | undefined;
  error: string | null;
  required: boolean;
  withAsterisk: boolean;
  allowDecimal: boolean;
  step: number;
  min?: number;
  max?: number;
  placeholder: string;
  current: unknown;
  onNumber: (value: unknown) => void;
}) {
  const [typed, setTyped] = useState("");
  const shown =
    current === undefined || current === null
      ? ""
      : typeof current === "number" && Number(typed) === current && typed !== ""
        ? typed
        : String(current);
  return (
    <NumberInput
      {...rest}
      // What is out of range is told at the field, not silently made something else.
      clampBehavior="none"
      value={shown}
      onChange={(next) => {
        setTyped(String(next));
        if (next === "") onNumber(undefined);
        else if (Number.isFinite(Number(next))) onNumber(Number(next));
      }}
    />
  );
}

function labelOf({ title, unit }: Field): string {
  return unit ? `${title}, ${unit}` : title;
}

function placeholderOf(fallback: unknown): string {
  if (fallback === undefined || fallback === "") return "";
  return typeof fallback === "string" ? inWords(fallback) : String(fallback);
}

function stepOf({ whole, maximum }: { whole: boolean; maximum: number | null }): number {
  if (whole) return 1;
  return maximum !== null && maximum <= 1 ? 0.05 : 0.5;
}

const optionsOf = (options: readonly string[]) =>
  options.map((value) => ({ value, label: inWords(value) }));

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
