import type { IncomingMessage } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { Sessions } from "../../../main/shells/web/sessions.ts";

afterEach(() => vi.useRealTimers());

const withCookie = (cookie: string) => ({ headers: { cookie } }) as IncomingMessage;
const cookieOf = (set: string | null) => set?.split(";")[0] ?? "";

test("a session outlives its owner process for as long as the token does", () => {
  const cookie = cookieOf(new Sessions({ token: "t1", port: 1234 }).begin("t1"));
  expect(new Sessions({ token: "t1", port: 1234 }).has(withCookie(`other=1; ${cookie}`))).toBe(
    true,
  );
  expect(new Sessions({ token: "t2", port: 1234 }).has(withCookie(cookie))).toBe(false);
  expect(new Sessions({ token: "t1", port: 4321 }).has(withCookie(cookie)), "of another port").toBe(
    false,
  );
});

test("a ticket opens one session, within a minute", () => {
  vi.useFakeTimers();
  const sessions = new Sessions({ token: "t1", port: 1234 });
  const ticket = sessions.ticket();
  expect(sessions.isToken(ticket)).toBe(false);
  expect(sessions.begin(ticket)).toContain("HttpOnly; SameSite=Strict");
  expect(sessions.begin(ticket)).toBeNull();
  const late = sessions.ticket();
  vi.advanceTimersByTime(60_001);
  expect(sessions.begin(late)).toBeNull();
});
