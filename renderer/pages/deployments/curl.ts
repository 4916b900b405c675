import type { InferRequest } from "../../../contract/deployment.ts";

/** A command that asks the endpoint with the stored example; the token comes from a variable. */
export function curlOf(address: string, example: InferRequest | null): string {
  const body = example ? JSON.stringify(short(example)) : "{…}";
  return [
    `curl ${address} \\`,
    '  -H "Authorization: Bearer $BREADTHFLOW_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '${body}'`,
  ].join("\n");
}

/** The example's first row, with fewer digits: a command is to be read. */
function short(example: InferRequest): InferRequest {
  return {
    inputs: example.inputs.map(({ name, datatype, shape, data }) => {
      const width = shape.slice(1).reduce((product, length) => product * length, 1);
      return {
        name,
        datatype,
        shape: [1, ...shape.slice(1)],
        data: data
          .slice(0, width)
          .map((value) => (typeof value === "number" ? Number(value.toPrecision(5)) : value)),
      };
    }),
  };
}
