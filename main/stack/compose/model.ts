import {
  always,
  bytes,
  command,
  duration,
  environment,
  healthTest,
  hosts,
  type Kind,
  type KindOf,
  kept,
  listOf,
  mapOf,
  mapping,
  number,
  shortNumber,
  struct,
  text,
  truth,
  words,
} from "./kinds.ts";
import { isMapping, refusal, textOf } from "./tree.ts";

const softAndHard = struct({ soft: number, hard: number });
const ulimit: Kind<number | KindOf<typeof softAndHard>> = {
  read: (value, path) => (isMapping(value) ? softAndHard : number).read(value, path),
};

/** All of a kind of device, or that many. */
const deviceCount: Kind<number> = {
  read: (value, path) => (value === "all" ? -1 : number.read(value, path)),
};

const deviceRequest = struct({
  capabilities: words,
  driver: text,
  count: deviceCount,
  device_ids: words,
  options: mapping,
});

const fileMount = struct({
  source: text,
  target: text,
  uid: text,
  gid: text,
  mode: kept(number, 0),
});

const build = struct({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  args: environment,
  labels: mapping,
  cache_from: words,
  no_cache: truth,
  pull: truth,
  extra_hosts: hosts,
  network: text,
  target: text,
  shm_size: bytes,
  tags: words,
  ulimits: mapOf(ulimit),
});

const limits = struct({
  cpus: shortNumber,
  memory: bytes,
  pids: number,
  devices: listOf(deviceRequest),
});

const restartPolicy = struct({
  condition: text,
  delay: duration,
  max_attempts: kept(number, 0),
  window: duration,
});

/** What is for a swarm only is refused: nothing here would do it. */
const deploy = struct({
  mode: onlyText("replicated"),
  replicas: kept(number, 0),
  labels: mapping,
  resources: always(struct({ limits: limits, reservations: limits })),
  restart_policy: restartPolicy,
  placement: always(struct({})),
});

const serviceNetwork = struct({
  priority: number,
  aliases: words,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: words,
  mac_address: text,
  driver_opts: mapping,
});

const port = struct({
  name: text,
  mode: text,
  host_ip: text,
  target: number,
  published: text,
  protocol: text,
  app_protocol: text,
});

const bind = struct({ selinux: text, propagation: text, create_host_path: truth });

const mount = struct({
  type: onlyText("bind", "volume", "tmpfs"),
  source: text,
  target: text,
  read_only: truth,
  consistency: text,
  bind,
  volume: struct({ nocopy: truth }),
  tmpfs: struct({ size: bytes, mode: number }),
});

const healthcheck = struct({
  test: healthTest,
  timeout: duration,
  interval: duration,
  retries: kept(number, 0),
  start_period: duration,
  start_interval: duration,
  disable: truth,
});

export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

const dependency = struct({
  condition: text as Kind<Condition>,
  restart: truth,
  required: kept(truth, false),
});

/** The fields of a service in the order of docker compose, which its config hash depends on. */
export const service = struct({
  profiles: words,
  annotations: mapping,
  attach: kept(truth, false),
  build,
  cap_add: words,
  cap_drop: words,
  cgroup_parent: text,
  cgroup: text,
  cpu_count: number,
  cpu_percent: shortNumber,
  cpu_period: number,
  cpu_quota: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpus: shortNumber,
  cpuset: text,
  cpu_shares: number,
  command,
  configs: listOf(fileMount),
  container_name: text,
  depends_on: mapOf(dependency),
  deploy,
  device_cgroup_rules: words,
  devices: listOf(struct({ source: text, target: text, permissions: text })),
  dns: words,
  dns_opt: words,
  dns_search: words,
  domainname: text,
  entrypoint: command,
  environment,
  expose: words,
  extra_hosts: hosts,
  gpus: listOf(deviceRequest),
  group_add: words,
  hostname: text,
  healthcheck,
  image: text,
  init: kept(truth, false),
  ipc: text,
  labels: mapping,
  logging: struct({ driver: text, options: mapping }),
  mem_limit: bytes,
  mem_reservation: bytes,
  memswap_limit: bytes,
  mem_swappiness: bytes,
  mac_address: text,
  network_mode: text,
  networks: mapOf(serviceNetwork),
  oom_kill_disable: truth,
  oom_score_adj: number,
  pid: text,
  pids_limit: number,
  platform: text,
  ports: listOf(port),
  privileged: truth,
  pull_policy: text,
  read_only: truth,
  restart: text,
  runtime: text,
  scale: kept(number, 0),
  secrets: listOf(fileMount),
  security_opt: words,
  shm_size: bytes,
  stdin_open: truth,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: mapping,
  sysctls: mapping,
  tmpfs: words,
  tty: truth,
  ulimits: mapOf(ulimit),
  user: text,
  userns_mode: text,
  uts: text,
  volumes: listOf(mount),
  volumes_from: words,
  working_dir: text,
});

export const network = struct({
  name: text,
  driver: text,
  driver_opts: mapping,
  ipam: always(
    struct({
      driver: text,
      config: listOf(
        struct({ subnet: text, gateway: text, ip_range: text, aux_addresses: mapping }),
      ),
    }),
  ),
  external: truth,
  internal: truth,
  attachable: truth,
  labels: mapping,
  enable_ipv6: kept(truth, false),
});

export const volume = struct({
  name: text,
  driver: text,
  driver_opts: mapping,
  external: truth,
  labels: mapping,
});

export const secret = struct({ name: text, file: text, environment: text });
export const config = struct({ name: text, file: text, environment: text, content: text });

export type ServiceModel = KindOf<typeof service>;
export type NetworkModel = KindOf<typeof network>;
export type VolumeModel = KindOf<typeof volume>;
export type SecretModel = KindOf<typeof secret>;
export type ConfigModel = KindOf<typeof config>;

function onlyText(...allowed: readonly string[]): Kind<string> {
  return {
    read(value, path) {
      const found = text.read(value, path);
      if (found === undefined || allowed.includes(found)) return found;
      throw refusal("unsupported", `${textOf(value ?? "")} is not supported`, {
        path,
        hint: `It can be: ${allowed.join(", ")}.`,
      });
    },
  };
}
