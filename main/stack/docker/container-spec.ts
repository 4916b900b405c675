import type Docker from "dockerode";
import { nanoseconds } from "../compose/durations.ts";
import type { Plan, PlannedService, ServiceModel } from "../plan.ts";
import { containerLabels } from "./labels.ts";
import { type Inherited, mountsOf } from "./mounts.ts";

/** The name of a service's container: its own, or `project-service-number`. */
export function containerName(plan: Plan, service: PlannedService, number: number): string {
  return service.model.container_name ?? `${plan.name}-${service.name}-${number}`;
}

export function imageOf(plan: Plan, service: PlannedService): string {
  return service.model.image ?? `${plan.name}-${service.name}`;
}

/** The networks of a service: the one that a container is created in comes first. */
export function networksOf({ model }: PlannedService): string[] {
  const priority = (key: string) => model.networks?.[key]?.priority ?? 0;
  return Object.keys(model.networks ?? {}).sort(
    (a, b) => priority(b) - priority(a) || (a < b ? -1 : 1),
  );
}

export interface ContainerWish {
  readonly plan: Plan;
  readonly service: PlannedService;
  readonly number: number;
  readonly name: string;
  readonly imageId: string;
  readonly replaces?: string;
  readonly inherited?: readonly Inherited[];
}

/** What the daemon is asked for, as docker compose asks for it. */
export function containerSpec(wish: ContainerWish): Docker.ContainerCreateOptions {
  const { plan, service, number } = wish;
  const { model } = service;
  const [first] = networksOf(service);
  const network = first === undefined ? undefined : plan.networks[first]?.name;
  const mode = model.network_mode ?? network ?? "none";
  return {
    name: wish.name,
    ...(model.platform ? { platform: model.platform } : {}),
    Hostname: model.hostname ?? "",
    Domainname: model.domainname ?? "",
    User: model.user ?? "",
    ExposedPorts: exposedPorts(model),
    Tty: Boolean(model.tty),
    OpenStdin: Boolean(model.stdin_open),
    AttachStderr: true,
    AttachStdout: true,
    ...(model.command ? { Cmd: model.command } : {}),
    ...(model.entrypoint ? { Entrypoint: model.entrypoint } : {}),
    Image: imageOf(plan, service),
    WorkingDir: model.working_dir ?? "",
    ...(model.mac_address ? { MacAddress: model.mac_address } : {}),
    Labels: containerLabels(plan, service, {
      number,
      imageId: wish.imageId,
      ...(wish.replaces ? { replaces: wish.replaces } : {}),
    }),
    ...(model.stop_signal ? { StopSignal: model.stop_signal } : {}),
    Env: Object.entries(model.environment ?? {}).map(([key, value]) =>
      value === null ? key : `${key}=${value}`,
    ),
    ...(model.healthcheck ? { Healthcheck: healthcheck(model.healthcheck) } : {}),
    ...(model.stop_grace_period
      ? { StopTimeout: Math.floor((nanoseconds(model.stop_grace_period) ?? 0) / 1e9) }
      : {}),
    HostConfig: {
      ...hostConfig(model),
      ...mountsOf(plan, model, wish.inherited),
      NetworkMode: mode,
    },
    ...(network && !model.network_mode
      ? {
          NetworkingConfig: {
            EndpointsConfig: { [network]: endpointOf(wish, first as string) },
          },
        }
      : {}),
  } as Docker.ContainerCreateOptions;
}

export function endpointOf(wish: ContainerWish, key: string): Docker.EndpointSettings {
  const { plan, service, number } = wish;
  const own = service.model.networks?.[key];
  return {
    Aliases: [containerName(plan, service, number), service.name, ...(own?.aliases ?? [])],
    ...(own
      ? {
          IPAMConfig: {
            IPv4Address: own.ipv4_address ?? "",
            IPv6Address: own.ipv6_address ?? "",
            LinkLocalIPs: own.link_local_ips ?? [],
          },
          MacAddress: own.mac_address ?? "",
          DriverOpts: own.driver_opts ?? {},
        }
      : {}),
  } as unknown as Docker.EndpointSettings;
}

function exposedPorts(model: ServiceModel): Record<string, object> {
  const ports = [
    ...(model.expose ?? []).map((port) => (port.includes("/") ? port : `${port}/tcp`)),
    ...(model.ports ?? []).map(({ target, protocol }) => `${target}/${protocol}`),
  ];
  return Object.fromEntries(ports.map((port) => [port, {}]));
}

function portBindings(model: ServiceModel): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { target, protocol, host_ip = "", published = "" } of model.ports ?? []) {
    const key = `${target}/${protocol}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: host_ip, HostPort: published }];
  }
  return bindings;
}

function healthcheck(check: NonNullable<ServiceModel["healthcheck"]>) {
  return {
    ...(check.disable ? { Test: ["NONE"] } : check.test ? { Test: check.test } : {}),
    Interval: nanoseconds(check.interval ?? "0") ?? 0,
    Timeout: nanoseconds(check.timeout ?? "0") ?? 0,
    StartPeriod: nanoseconds(check.start_period ?? "0") ?? 0,
    Retries: check.retries ?? 0,
    ...(check.start_interval ? { StartInterval: nanoseconds(check.start_interval) ?? 0 } : {}),
  };
}

function hostConfig(model: ServiceModel): Docker.HostConfig {
  const unconfined = model.security_opt?.includes("systempaths=unconfined");
  return {
    PortBindings: portBindings(model),
    Annotations: model.annotations ?? {},
    CapAdd: model.cap_add ?? [],
    CapDrop: model.cap_drop ?? [],
    ...(model.init === undefined ? {} : { Init: model.init }),
    IpcMode: model.ipc ?? "",
    CgroupnsMode: model.cgroup ?? "",
    ReadonlyRootfs: Boolean(model.read_only),
    RestartPolicy: restartPolicy(model),
    ShmSize: Number(model.shm_size ?? 0),
    Sysctls: model.sysctls ?? {},
    VolumesFrom: model.volumes_from ?? [],
    Dns: model.dns ?? [],
    DnsSearch: model.dns_search ?? [],
    DnsOptions: model.dns_opt ?? [],
    // The API parts host and address with a colon, compose with an equals sign.
    ExtraHosts: (model.extra_hosts ?? []).map((host) => host.replace("=", ":")),
    SecurityOpt: (model.security_opt ?? []).filter((one) => one !== "systempaths=unconfined"),
    ...(unconfined ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    StorageOpt: model.storage_opt ?? {},
    UsernsMode: model.userns_mode ?? "",
    UTSMode: model.uts ?? "",
    Privileged: Boolean(model.privileged),
    PidMode: model.pid ?? "",
    Tmpfs: Object.fromEntries(
      (model.tmpfs ?? []).map((one) => {
        const at = one.indexOf(":");
        return at < 0 ? [one, ""] : [one.slice(0, at), one.slice(at + 1)];
      }),
    ),
    ...(model.runtime ? { Runtime: model.runtime } : {}),
    LogConfig: {
      Type: model.logging?.driver ?? "",
      Config: model.logging?.options ?? {},
    },
    GroupAdd: model.group_add ?? [],
    OomScoreAdj: model.oom_score_adj ?? 0,
    ...resources(model),
  } as unknown as Docker.HostConfig;
}

function restartPolicy(model: ServiceModel): { Name: string; MaximumRetryCount: number } {
  const deployed = model.deploy?.restart_policy;
  const [condition = "", attempts = "0"] = deployed
    ? [deployed.condition, String(deployed.max_attempts ?? 0)]
    : (model.restart ?? "").split(":");
  const names: Readonly<Record<string, string>> = { none: "no", any: "always" };
  return { Name: names[condition] ?? condition, MaximumRetryCount: Number(attempts) };
}

function resources(model: ServiceModel) {
  const limits = model.deploy?.resources?.limits;
  const reservations = model.deploy?.resources?.reservations;
  const devices = [...(reservations?.devices ?? []), ...(model.gpus ?? [])];
  const pids = limits?.pids ?? model.pids_limit;
  return {
    CgroupParent: model.cgroup_parent ?? "",
    Memory: Number(limits?.memory ?? model.mem_limit ?? 0),
    MemorySwap: Number(model.memswap_limit ?? 0),
    ...(model.mem_swappiness ? { MemorySwappiness: Number(model.mem_swappiness) } : {}),
    MemoryReservation: Number(reservations?.memory ?? model.mem_reservation ?? 0),
    OomKillDisable: Boolean(model.oom_kill_disable),
    CpuCount: model.cpu_count ?? 0,
    CpuPercent: Math.trunc((model.cpu_percent ?? 0) * 100),
    CpuPeriod: model.cpu_period ?? 0,
    CpuQuota: model.cpu_quota ?? 0,
    CpuRealtimePeriod: model.cpu_rt_period ?? 0,
    CpuRealtimeRuntime: model.cpu_rt_runtime ?? 0,
    CpuShares: model.cpu_shares ?? 0,
    NanoCpus: Math.trunc(Math.fround((limits?.cpus ?? model.cpus ?? 0) * 1e9)),
    CpusetCpus: model.cpuset ?? "",
    DeviceCgroupRules: model.device_cgroup_rules ?? [],
    ...(pids === undefined ? {} : { PidsLimit: pids }),
    Devices: (model.devices ?? []).map(({ source, target, permissions }) => ({
      PathOnHost: source,
      PathInContainer: target,
      CgroupPermissions: permissions ?? "rwm",
    })),
    DeviceRequests: devices.map((device) => ({
      Capabilities: [device.capabilities ?? ["gpu"]],
      Count: device.count ?? 0,
      DeviceIDs: device.device_ids ?? [],
      Driver: device.driver ?? "",
      Options: device.options ?? {},
    })),
    Ulimits: ulimitsOf(model.ulimits),
  };
}

/** One number is both: what a program starts with, and what it may ask for. */
export function ulimitsOf(
  limits: ServiceModel["ulimits"] = {},
): { Name: string; Soft: number; Hard: number }[] {
  return Object.entries(limits).map(([name, limit]) => {
    const both = typeof limit === "number" ? limit : undefined;
    const own = typeof limit === "object" && limit !== null ? limit : {};
    return { Name: name, Soft: both ?? own.soft ?? 0, Hard: both ?? own.hard ?? 0 };
  });
}
