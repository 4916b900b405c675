import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";

const PortTaken = z.object({ port: z.int(), next_free: z.int().min(1) });

/** What the workbench can do about a service's problem, told before it is done. */
export function ServiceFix({ service: { service, problem } }: { service: ServiceView }) {
  const move = useMutation(trpc.docker.move_port.mutationOptions());
  const where = problem?.code === "docker.port_taken" ? PortTaken.safeParse(problem.where) : null;
  if (!where?.success) return null;
  const { port, next_free: to } = where.data;
  const ask = () =>
    modals.openConfirmModal({
      title: `Let ${service} use port ${to}`,
      children: `${service} is started on port ${to} of this machine, and keeps it from now on. The program that has port ${port} is left alone.`,
      labels: { confirm: `Use port ${to}`, cancel: "Leave it" },
      onConfirm: () => move.mutate({ service, from: port, to }),
    });
  return (
    <Button variant="default" size="compact-sm" mt="xs" loading={move.isPending} onClick={ask}>
      Fix it: use port {to}…
    </Button>
  );
}
