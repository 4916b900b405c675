import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { bytes, percent, time } from "../../parts/format.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { ServiceActions } from "./service-actions.tsx";
import { ServiceFix } from "./service-fix.tsx";
import { ServiceLog } from "./service-log.tsx";
import { HEALTH_WORDS, StateMark } from "./state-mark.tsx";
import { useUsage } from "./usage.ts";
import { keyOf, RUNS_AS } from "./which.ts";

/** Without a supervisor, that of the two services of the name which is up. */
export function ServicePage(props: { supervisor?: string; service: string }) {
  const name = decodeURIComponent(props.service);
  const services = useQuery(trpc.stack.list.queryOptions());
  return (
    <Asked query={services} for="the services">
      {(list) => {
        const named = list.filter(({ service }) => service === name);
        const service = props.supervisor
          ? named.find(({ supervisor }) => supervisor === props.supervisor)
          : (named.find(({ state }) => state !== "stopped") ?? named[0]);
        return service ? (
          <OneService service={service} />
        ) : (
          <>
            <ScreenTitle title={name} path={<Link href="/">Stack</Link>} />
            <Empty>There is no service of this name any more; its deployment was stopped.</Empty>
          </>
        );
      }}
    </Asked>
  );
}

function OneService({ service }: { service: ServiceView }) {
  const usage = useUsage().get(keyOf(service));
  return (
    <>
      <ScreenTitle title={service.service} path={<Link href="/">Stack</Link>}>
        <ServiceActions service={service} />
      </ScreenTitle>
      <Group gap="lg">
        <StateMark state={service.state} />
        <Fact name="runs as">{RUNS_AS[service.supervisor]}</Fact>
        <Fact name="health">{HEALTH_WORDS[service.health]}</Fact>
        <Fact name="since">{service.since ? time(service.since) : "–"}</Fact>
        {service.supervisor === "native" && <Fact name="process">{service.pid ?? "–"}</Fact>}
        {Object.entries(service.ports).map(([name, port]) => (
          <Fact key={name} name={`${name} port`}>
            {port}
          </Fact>
        ))}
        <Fact name="CPU">{percent(usage?.cpu, 0)}</Fact>
        <Fact name="memory">{bytes(usage?.memory)}</Fact>
        <Fact name="restarts">{service.restarts}</Fact>
      </Group>
      {service.problem && (
        <ProblemNote problem={service.problem} action={<ServiceFix service={service} />} />
      )}
      {service.notices.map((notice) => (
        <Text key={notice} size="sm" c="dimmed">
          {notice}
        </Text>
      ))}
      <ServiceLog service={service.service} supervisor={service.supervisor} file={service.log} />
    </>
  );
}

function Fact(props: { name: string; children: React.ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {props.name}{" "}
      <Text span c="var(--bf-ink)">
        {props.children}
      </Text>
    </Text>
  );
}
