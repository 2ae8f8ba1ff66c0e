// Keeps the page of a store display in the browser: a television that is switched on while the hub
// is away shows the page, which then says so, and no error of the browser's.
"use strict";

const KEPT = "display";
const PATIENCE = 5000; // a hub that is there answers in milliseconds

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request) {
  const cache = await caches.open(KEPT);
  const ended = new AbortController();
  const patience = setTimeout(() => ended.abort(), PATIENCE);
  try {
    const answer = await fetch(request.url, {
      cache: "no-store",
      credentials: "same-origin",
      signal: ended.signal,
    });
    if (answer.ok) await cache.put(request.url, answer.clone());
    else if (answer.status === 404) await cache.delete(request.url); // the address was replaced
    return answer.ok || answer.status === 404 ? answer : (await cache.match(request.url)) || answer;
  } catch (fault) {
    return (await cache.match(request.url)) || Response.error();
  } finally {
    clearTimeout(patience);
  }
}

async function file(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request.url)) || fetch(request);
}
