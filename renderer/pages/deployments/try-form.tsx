import { Button, Group, NumberInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { InferRequest, InferResponse } from "../../../contract/deployment.ts";
import type { DeploymentView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { problemIn } from "../../app/problems.ts";
import { Empty } from "../../parts/empty.tsx";
import { fixed } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ProblemNote } from "../../parts/problem-note.tsx";
import classes from "./try-form.module.css";

/** Asks the deployment with values that a person types, beginning with its stored example. */
export function TryForm({ view }: { view: DeploymentView }) {
  const input = view.example?.inputs[0];
  if (view.state !== "live" || !input) {
    return (
      <Panel title="Try a prediction">
        <Empty>While it is live, it can be asked here with values of your own.</Empty>
      </Panel>
    );
  }
  // Another version has other features: the form begins anew.
  return <Form key={view.version} view={view} input={input} />;
}

function Form(props: { view: DeploymentView; input: InferRequest["inputs"][number] }) {
  const { view, input } = props;
  const rows = input.shape[0] ?? 1;
  const width = input.data.length / rows;
  const rowAt = (row: number) =>
    input.data.slice(row * width, (row + 1) * width).map((value) => short(numberOf(value)));
  const [row, setRow] = useState(0);
  const [values, setValues] = useState(() => rowAt(0));
  const [filter, setFilter] = useState("");
  const ask = useMutation(trpc.deployments.ask.mutationOptions({ onError: () => undefined }));
  const send = () =>
    ask.mutate({
      deployment: view.deployment,
      request: { inputs: [{ ...input, shape: [1, width], data: values }] },
    });
  const choose = (chosen: string) => {
    setRow(Number(chosen));
    setValues(rowAt(Number(chosen)));
  };
  const names = values.map((_, at) => view.features[at] ?? `${input.name} ${at + 1}`);
  const wanted = filter.trim();
  return (
    <Panel title="Try a prediction" note={`${width} features`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap={8} mt={4}>
          <Group gap={6} wrap="nowrap">
            <TextInput
              placeholder="Find a feature"
              aria-label="Find a feature"
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              flex={1}
            />
            {rows > 1 && (
              <SegmentedControl
                aria-label="Row of the stored example"
                value={String(row)}
                onChange={choose}
                data={Array.from({ length: Math.min(rows, 4) }, (_, at) => ({
                  value: String(at),
                  label: `example ${at + 1}`,
                }))}
              />
            )}
          </Group>
          <div className={classes.fields}>
            {names.map((name, at) =>
              name.includes(wanted) ? (
                <NumberInput
                  key={name}
                  label={<span title={name}>{name}</span>}
                  aria-label={name}
                  value={values[at] ?? ""}
                  placeholder="missing"
                  hideControls
                  onChange={(value) =>
                    setValues(values.map((old, place) => (place === at ? numberOf(value) : old)))
                  }
                />
              ) : null,
            )}
          </div>
          {!names.some((name) => name.includes(wanted)) && (
            <Empty>
              No feature of this model is called that. All of them are sent as they are.
            </Empty>
          )}
          <Group gap={12}>
            <Button type="submit" loading={ask.isPending}>
              Predict
            </Button>
            {ask.data && <Answer {...ask.data} />}
          </Group>
          {ask.error && <ProblemNote problem={problemIn(ask.error)} />}
        </Stack>
      </form>
    </Panel>
  );
}

function Answer(props: { response: InferResponse; milliseconds: number }) {
  const output = props.response.outputs[0];
  const value = output?.data[0];
  return (
    <output className={classes.answer}>
      {typeof value === "number" ? value.toPrecision(6) : String(value)}
      <small>
        {output?.name} in {fixed(props.milliseconds, 1)} ms
      </small>
    </output>
  );
}

/** Nine digits say all of a 32-bit number, which is what models are asked with. */
function short(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(9));
}

/** An empty field is a value that is not known. */
function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
