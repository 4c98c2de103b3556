// The line between a page and the program: keeps the socket's address at the last position that the page has shown, so
// that a reconnecting page misses nothing and repeats nothing, and says how the line is doing.
(() => {
  const line = () => document.getElementById("line");
  const number = new Intl.NumberFormat("en");

  function say(state, words) {
    const place = line();
    if (place === null) return;
    place.dataset.line = state;
    place.querySelector(".dot").className = `dot${
      state === "live" ? "" : state === "lost" ? " warn" : " bad"
    }`;
    place.querySelector("[data-line-words]").textContent = words;
  }

  function position() {
    return Number(line()?.dataset.at ?? 0);
  }

  // A hidden tab is reopened without the event before the connection, so the address itself is kept current.
  function keep(connection, at) {
    const url = new URL(connection.url);
    url.searchParams.set("after", String(at));
    connection.url = url.href;
  }

  document.addEventListener(
    "htmx:ws:after:connection",
    () => say("live", `live · event ${number.format(position())}`),
  );

  document.addEventListener("htmx:ws:after:message:incoming", (event) => {
    const { connection, message } = event.detail;
    let data;
    try {
      data = JSON.parse(message.data);
    } catch {
      return;
    }
    if (!Number.isSafeInteger(data.position)) return;
    keep(connection, data.position);
    const place = line();
    if (place !== null) place.dataset.at = String(data.position);
    say("live", `live · event ${number.format(data.position)}`);
    document.dispatchEvent(new CustomEvent("digi:updated", { detail: { position: data.position } }));
  });

  document.addEventListener("htmx:ws:close", (event) => {
    const { code } = event.detail;
    if (code === 1008) say("stopped", "updates are stopped: log in again");
    else if (!document.hidden) say("lost", "reconnecting…");
  });

  document.addEventListener("htmx:ws:error", () => say("lost", "reconnecting…"));
})();
