import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { WebSocket } from "ws";
import { browserLaunch } from "../../scripts/prepare/browser.mjs";
import { expectAccessible } from "./accessibility.ts";
import { expect, type OpenWorkspace, test } from "./workbench.ts";

type Owner = { port: number; token: string };
type Answer = { status: number; text: string; headers: IncomingHttpHeaders };

async function ownerOf(workspace: OpenWorkspace): Promise<Owner> {
  await workspace.address();
  return JSON.parse(await readFile(join(workspace.folder, "run", "owner.json"), "utf8"));
}

/** Node's own client sends the path as it is given, which `fetch` would tidy first. */
async function ask(
  { port }: Owner,
  path: string,
  { method = "GET", headers = {}, body = "" }: Partial<Ask> = {},
): Promise<Answer> {
  const asked = request({ host: "127.0.0.1", port, path, method, headers });
  // One that is hung up on tells so twice; the second time nobody waits for it.
  asked.on("error", () => undefined);
  asked.end(body);
  const [response] = await once(asked, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text, headers: response.headers };
}
type Ask = { method: string; headers: Record<string, string>; body: string };

/** What the API says to a `system.ping` over a new socket, or the status that refuses the socket. */
async function ping(
  { port }: Owner,
  { headers = {}, token }: { headers?: Record<string, string>; token?: string },
): Promise<string> {
  const query = token === undefined ? "" : "?connectionParams=1";
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api${query}`, { headers });
  const refused = once(socket, "unexpected-response").then(
    ([, response]) => `refused ${response.statusCode}`,
  );
  // Listened for at once: a refusal may come together with the opening.
  const said = once(socket, "message");
  const opened = once(socket, "open").then(async () => {
    if (token !== undefined) {
      socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    }
    socket.send(JSON.stringify({ id: 1, method: "query", params: { path: "system.ping" } }));
    return String((await said)[0]);
  });
  for (const promise of [refused, said, opened]) promise.catch(() => undefined);
  try {
    return await Promise.race([refused, opened]);
  } finally {
    socket.terminate();
  }
}

test("the loopback port answers its own page, with its token, and nobody else", async ({
  workspace,
}) => {
  const owner = await ownerOf(workspace);
  const ours = `127.0.0.1:${owner.port}`;

  await test.step("another host's name leads here (DNS rebinding)", async () => {
    for (const host of [
      "evil.test",
      `evil.test:${owner.port}`,
      `localhost:${owner.port}`,
      "127.0.0.1",
    ]) {
      expect((await ask(owner, "/", { headers: { host } })).status, host).not.toBe(200);
      const headers = { host, cookie: "" };
      expect(await ping(owner, { headers, token: owner.token }), host).toMatch(/^refused 4/);
    }
  });

  await test.step("another origin's page asks", async () => {
    for (const origin of ["http://evil.test", "null", `http://127.0.0.1:${owner.port + 1}`]) {
      const post = { method: "POST", body: owner.token, headers: { host: ours, origin } };
      expect((await ask(owner, "/session", post)).status, origin).toBe(403);
      expect((await ask(owner, "/ticket", post)).status, origin).toBe(403);
      expect(await ping(owner, { headers: { origin }, token: owner.token })).toBe("refused 401");
    }
  });

  await test.step("a token is guessed", async () => {
    const wrong = ["", "x", owner.token.slice(0, -1), `${owner.token}x`, "x".repeat(10_000)];
    for (const token of wrong) {
      const answer = await ask(owner, "/session", { method: "POST", body: token });
      expect(answer.status).toBe(403);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(await ping(owner, { token })).toContain("UNAUTHORIZED");
    }
    expect(await ping(owner, {})).toContain("UNAUTHORIZED");
    expect(await ping(owner, { token: owner.token })).toContain('"pid"');
  });

  await test.step("a session is forged", async () => {
    const begun = await ask(owner, "/session", { method: "POST", body: owner.token });
    const [set = ""] = begun.headers["set-cookie"] ?? [];
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = set.split(";")[0] ?? "";
    expect((await ask(owner, "/session", { headers: { cookie } })).status).toBe(204);
    expect(await ping(owner, { headers: { cookie } })).toContain('"pid"');
    for (const forged of [`${cookie}x`, cookie.replace(".", "x."), cookie.split(".")[0] ?? ""]) {
      expect((await ask(owner, "/session", { headers: { cookie: forged } })).status).toBe(403);
      expect(await ping(owner, { headers: { cookie: forged } })).toContain("UNAUTHORIZED");
    }
  });

  await test.step("a ticket is used twice", async () => {
    const ticket = (await ask(owner, "/ticket", { method: "POST", body: owner.token })).text.trim();
    expect((await ask(owner, "/ticket", { method: "POST", body: ticket })).status).toBe(403);
    expect((await ask(owner, "/session", { method: "POST", body: ticket })).status).toBe(204);
    expect((await ask(owner, "/session", { method: "POST", body: ticket })).status).toBe(403);
  });

  await test.step("a path leads out of the folder, or to what is no part of the page", async () => {
    const paths = [
      ...["/../package.json", "/..%2fpackage.json", "/%2e%2e/package.json", "/assets/../../x.js"],
      ...["/%2e%2e%2f%2e%2e%2fpackage.json", "/..%5c..%5cpackage.json", "/..%252fpackage.json"],
      ...["//etc/hosts.html", "/%00index.html", "/index.html%00.png", "/%c0%ae%c0%ae/x.html"],
      ...["/.built-from", "/%", "/assets", "/index.html/", "http://evil.test/package.json"],
    ];
    for (const path of paths) {
      const { status, text } = await ask(owner, path);
      expect([400, 403, 404], path).toContain(status);
      expect(text, path).not.toContain("breadthflow-workbench");
    }
  });

  await test.step("a request is of another kind, or too large", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS", "TRACE"]) {
      expect((await ask(owner, "/", { method })).status, method).toBe(405);
    }
    const large = { headers: { "x-large": "x".repeat(64 * 1024) } };
    // The server hangs up in the middle of it, so that the answer may not arrive.
    const status = await ask(owner, "/", large).then((answer) => answer.status, String);
    expect(["431", "Error: aborted", "Error: read ECONNRESET"]).toContain(String(status));
    const { headers } = await ask(owner, "/session", { method: "POST", body: owner.token });
    const cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
    const socket = new WebSocket(`ws://${ours}/api`, { headers: { cookie } });
    await once(socket, "open");
    socket.on("error", () => undefined);
    socket.send("x".repeat(9 * 1024 * 1024));
    const code = await new Promise((closed) => socket.once("close", closed));
    expect([1006, 1009]).toContain(code);
    expect((await ask(owner, "/")).status).toBe(200);
  });

  await test.step("its own page is strict", async () => {
    const { headers } = await ask(owner, "/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain("unsafe-eval");
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });
});

/** A page of another origin of the same machine, to which browsers send our cookie all the same. */
async function openEvilPage(context: BrowserContext) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<title>evil</title>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  return { page, close: () => server.close() };
}

test("a page of another origin reaches nothing, even in the browser that has a session", async ({
  browser,
  workspace,
}) => {
  const owner = await ownerOf(workspace);
  const ours = `http://127.0.0.1:${owner.port}`;
  const context = await browser.newContext();
  const own = await context.newPage();
  await own.goto(`${ours}/#token=${owner.token}`);
  await expect(own.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  expect(await own.evaluate("document.cookie")).toBe("");

  const { page, close } = await openEvilPage(context);
  const tried = await page.evaluate(async (address) => {
    const failed = (what: Promise<unknown>) =>
      what.then(
        () => false,
        () => true,
      );
    const socket = () =>
      new Promise((resolve, reject) => {
        const opened = new WebSocket(`${address.replace("http", "ws")}/api`);
        opened.onopen = resolve;
        opened.onerror = reject;
      });
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
    await new Promise((resolve) => {
      frame.onload = resolve;
    });
    return {
      read: await failed(fetch(`${address}/session`, { credentials: "include" })),
      socket: await failed(socket()),
      script: await failed(import(/* @vite-ignore */ `${address}/assets/index.js`)),
      frame: frame.contentDocument === null,
    };
  }, ours);
  expect(tried).toEqual({ read: true, socket: true, script: true, frame: true });
  close();
  await context.close();

  await test.step("a name of the attacker's that leads to loopback", async () => {
    const { args, ...launch } = browserLaunch();
    const rebound = await chromium.launch({
      ...launch,
      args: [...args, "--host-resolver-rules=MAP evil.test 127.0.0.1"],
    });
    const victim = await rebound.newPage();
    const answer = await victim.goto(`http://evil.test:${owner.port}/`);
    expect(answer?.status()).toBe(403);
    await rebound.close();
  });
});

test("what is injected into the page does not run", async ({ browser, workspace }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await workspace.address());
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  const ran = await page.evaluate(async () => {
    const host = document.createElement("div");
    host.innerHTML =
      '<img src="x:" onerror="window.ran = 1"><a href="javascript:window.ran = 2">x</a>' +
      '<form action="https://evil.test"><button>x</button></form><base href="https://evil.test">';
    document.body.append(host);
    host.querySelector("a")?.click();
    host.querySelector("button")?.click();
    const script = document.createElement("script");
    script.textContent = "window.ran = 3";
    document.body.append(script);
    // Not `eval` itself, which a debugger's call such as this one is allowed.
    setTimeout("window.ran = 4");
    await new Promise((later) => setTimeout(later, 300));
    return { ran: (window as { ran?: number }).ran, base: document.baseURI };
  });
  expect(ran).toEqual({
    ran: undefined,
    base: expect.stringMatching(/^http:\/\/127/),
  });
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/ideas/);
  await context.close();
});

test("a window without access says what to do", async ({ browser, workspace }) => {
  const owner = await ownerOf(workspace);
  const ours = `http://127.0.0.1:${owner.port}/`;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(ours);
  await expect(page.getByRole("heading")).toHaveText(/has no access to the workspace/);
  await expect(page.getByText("npm start")).toBeVisible();
  await expectAccessible(page, "a window without access");

  await page.goto("about:blank");
  await page.goto(`${ours}#token=wrong`);
  await expect(page.getByRole("heading")).toHaveText(/token in this address is not the one/);
  expect(page.url()).not.toContain("wrong");

  await page.goto("about:blank");
  await page.goto(`${ours}#token=${owner.token}`);
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  await context.close();
});
