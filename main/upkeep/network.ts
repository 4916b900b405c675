import type { Network } from "../../contract/settings.ts";

const LOOPBACK = "127.0.0.1,localhost,::1";

/** The variables by which uv, pip, Node and Python are told of a proxy, certificates, an index. */
function variablesOf({ proxy, ca_certificate, package_index }: Network): Record<string, string> {
  return {
    ...(proxy && {
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      http_proxy: proxy,
      https_proxy: proxy,
      NO_PROXY: LOOPBACK,
      no_proxy: LOOPBACK,
    }),
    ...(ca_certificate && {
      SSL_CERT_FILE: ca_certificate,
      REQUESTS_CA_BUNDLE: ca_certificate,
      NODE_EXTRA_CA_CERTS: ca_certificate,
      PIP_CERT: ca_certificate,
    }),
    ...(package_index && { UV_DEFAULT_INDEX: package_index, PIP_INDEX_URL: package_index }),
  };
}

/**
 * Gives every program that is started from now on these network settings, above those that the
 * machine has; taking a setting away brings the machine's own back.
 */
export class NetworkVariables {
  readonly #environment: NodeJS.ProcessEnv;
  #replaced: Record<string, string | undefined> = {};

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  apply(network: Network): void {
    for (const [name, value] of Object.entries(this.#replaced)) {
      if (value === undefined) delete this.#environment[name];
      else this.#environment[name] = value;
    }
    this.#replaced = {};
    for (const [name, value] of Object.entries(variablesOf(network))) {
      this.#replaced[name] = this.#environment[name];
      this.#environment[name] = value;
    }
  }
}
