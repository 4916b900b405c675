import type { Problem } from "../../contract/problem.ts";
import type { ServiceView } from "../../contract/service.ts";

/** Ports of a service by the names that its spec gives them. */
export type ServicePorts = Readonly<Record<string, number>>;

export interface ServiceCommand {
  readonly executable: string;
  readonly args: readonly string[];
  /** Added to the inherited environment; undefined takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** It is ready when it answers with 200 there. */
export interface ReadyCheck {
  readonly port: string;
  readonly path: string;
  readonly deadlineMs: number;
}

/** What compose files say of one service. */
export type ComposeService = Readonly<Record<string, unknown>>;

/** One service: how it runs as a process of this machine, and how in a container. */
export interface ServiceSpec {
  /** Unique in the workspace; also the name of its log file. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly title: string;
  /** The profiles that bring it up. */
  readonly profiles: readonly string[];
  /** Services that must be ready before it starts. */
  readonly dependsOn: readonly string[];
  /** Names of the loopback ports that it listens on. */
  readonly ports: readonly string[];
  readonly ready: ReadyCheck;
  readonly restart: "on_failure" | "never";
  /** Path of the page that a person can open in a browser, where it has one. */
  readonly page?: string;
  /** How long it may take to end after it was asked. */
  readonly stopGraceMs: number;
  /**
   * Makes everything that the process needs (environment, settings files) and says how to start
   * it. Called before each start; must give the same command for the same ports.
   */
  prepare(ports: ServicePorts): Promise<ServiceCommand>;
  /**
   * Called before a process is launched, when none of an earlier attempt runs any more: takes away
   * what that one left half made. What it throws keeps the service from being launched.
   */
  beforeLaunch?(): void;
  /**
   * Makes everything that its container needs and says what is to be added to the bundles' compose
   * files. Without it, the bundles have a service of this name.
   */
  container?(): Promise<ComposeService>;
  /**
   * Whatever decides what runs and does not show in the command: code, settings files. A process
   * found after a crash of the workbench is adopted only if command and revision are the same.
   */
  revision(): Promise<string> | string;
}

export type ServiceState = ServiceView["state"];

export interface ServiceStatus {
  readonly name: string;
  readonly state: ServiceState;
  /** When it came into this state, ISO 8601; null if it was never started. */
  readonly since: string | null;
  readonly pid: number | null;
  readonly ports: ServicePorts;
  /** Where services beside it reach it. */
  readonly inside: { readonly host: string; readonly ports: ServicePorts };
  /** Restarts after crashes since it was last started by hand. */
  readonly restarts: number;
  /** It was running already, left by a workbench that had crashed. */
  readonly adopted: boolean;
  readonly log: string;
  /** What a person should know although it works, such as a port that had to move. */
  readonly notices: readonly string[];
  /** Why it is backing off or failed. */
  readonly problem: Problem | null;
}
