import assert from "node:assert/strict";
import { securityHeaders } from "./security_headers.ts";

Deno.test("the content security policy: allows our own things and one socket, nothing inline", () => {
  const policy = securityHeaders("https://p.example")["content-security-policy"] ?? "";
  assert.ok(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"));
  assert.ok(policy.includes("connect-src 'self' wss://p.example;"));
  assert.ok(policy.includes("frame-ancestors 'none'"));
  assert.ok(!policy.includes("unsafe"));
  const plain = securityHeaders("http://192.168.1.20:8000")["content-security-policy"] ?? "";
  assert.ok(plain.includes("connect-src 'self' ws://192.168.1.20:8000;"));
});

Deno.test("strict transport security: only under https", () => {
  assert.ok("strict-transport-security" in securityHeaders("https://p.example"));
  assert.ok(!("strict-transport-security" in securityHeaders("http://p.example")));
  assert.ok(!("strict-transport-security" in securityHeaders(null)));
});
