// The little script that is ours: keys, panels, taking back, keeping what is typed. Pages come from the server; this only helps hands.
(() => {
  "use strict";
  const KEYS_OFF = "keys-off";
  const KEEP = "keep:";
  const FOCUS_REST_MS = 1000;
  const MAX_FEED = 300;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const card = (element) => element?.closest?.("[data-card]");
  const store = (kind) => {
    try {
      return globalThis[kind];
    } catch {
      return null; // Storage may be forbidden: then nothing is kept.
    }
  };

  // htmx boosts our POST forms only; links and searches stay what they are.
  document.addEventListener("htmx:before:init", (event) => {
    const { target } = event;
    if (target.tagName === "A" || (target.tagName === "FORM" && target.method !== "post")) {
      event.preventDefault();
    }
  });

  // What a person works on is not swapped away: its card is skipped by morphs, and stays when a new list lacks it.
  const isBusy = (element) =>
    element.hasAttribute("data-pending") || $("[data-panel]:not([hidden])", element) !== null;
  const guard = (element) => element?.toggleAttribute("data-editing", isBusy(element));
  const id = (root, name) => [...root.querySelectorAll("[id]")].find((one) => one.id === name);

  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const own = card(detail.ctx.sourceElement);
    for (const task of detail.tasks) {
      const target = typeof task.target === "string" ? $(task.target) : task.target;
      if (!target || !task.fragment) continue;
      if (target.matches("[data-feed]")) admit(task.fragment, target);
      if (target.matches("[data-card]") && target === own && !own.hasAttribute("data-pending")) {
        own.removeAttribute("data-editing");
      }
      for (const busy of $$("[data-card][data-editing]", target)) {
        const fresh = id(task.fragment, busy.id);
        if (!fresh) task.fragment.append(busy.cloneNode(false));
        if (!fresh || fresh.dataset.hash !== busy.dataset.hash) tellNewer(busy);
      }
    }
  });

  // The same event never stands in a stream twice; of a filtered one only its kind is let in.
  function admit(fragment, feed) {
    for (const item of $$("li[id]", fragment)) {
      const other = feed.dataset.feed && item.dataset.kind !== feed.dataset.feed;
      if (other || (item.classList.contains("new") && $(`#${CSS.escape(item.id)}`, feed))) item.remove();
    }
    for (const old of $$("li", feed).slice(MAX_FEED)) old.remove();
    feed.previousElementSibling?.matches(".empty") && feed.previousElementSibling.remove();
  }

  function tellNewer(busy) {
    if ($(".newer", busy)) return;
    const note = document.createElement("p");
    note.className = "newer";
    note.textContent =
      "This post has changed meanwhile. What you typed is kept; close the form to see the change.";
    busy.prepend(note);
  }

  document.addEventListener("htmx:after:swap", () => {
    $$("[data-card]").forEach(guard);
    $$("[data-panel]:not([hidden]) textarea[data-original]").forEach(compare);
  });

  // Panels of a card
  function toggle(panel, open) {
    for (const other of $$("[data-panel]", card(panel))) {
      const shown = other === panel && open;
      other.hidden = !shown;
      $(`[data-opens="${CSS.escape(other.id)}"]`, card(panel))?.setAttribute("aria-expanded", String(shown));
    }
    guard(card(panel));
    if (!open) return card(panel).focus();
    const field = $("textarea, input:not([type=hidden])", panel);
    field?.focus();
    if (field?.matches("textarea")) compare(field);
  }

  document.addEventListener("click", (event) => {
    const { target } = event;
    const opener = target.closest?.("[data-opens]");
    if (opener) {
      const panel = document.getElementById(opener.dataset.opens);
      toggle(panel, panel.hidden);
    }
    if (target.closest?.("[data-closes]")) {
      const panel = target.closest("[data-panel]");
      const form = $("form", panel);
      form.reset();
      forget(form);
      $(".newer", card(panel))?.remove();
      toggle(panel, false);
      refresh(card(panel));
    }
    if (target.closest?.("[data-close-flash]")) target.closest(".flash").remove();
    if (target.closest?.("[data-undo]")) undo(card(target));
  });

  // A card that was left alone while it was edited may be behind: its page knows better.
  async function refresh(element) {
    const answer = await fetch(`/posts/${element.id.slice("post-".length)}`).catch(() => null);
    if (!answer?.ok || isBusy(element)) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(
      element.id,
    );
    if (fresh && fresh.dataset.hash !== element.dataset.hash) location.reload();
  }

  // Approvals are sent ten seconds after they are given. Until then nothing was approved, and nothing has to be undone in the log;
  // whoever leaves the page meant it, so it is sent then.
  const pending = new Map();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.takeBack || form.dataset.sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const element = card(form);
    if (!element || pending.has(element)) return;
    hold(form, element, Number(form.dataset.takeBack));
  }, true);

  function hold(form, element, seconds) {
    const bar = document.createElement("div");
    bar.className = "pending-bar";
    const words = document.createElement("span");
    const progress = document.createElement("progress");
    const back = document.createElement("button");
    Object.assign(progress, { max: seconds, value: seconds });
    Object.assign(back, { type: "button", className: "btn", textContent: "Undo" });
    back.dataset.undo = "";
    words.setAttribute("role", "status");
    bar.append(words, progress, back);
    const acts = $(".acts", element);
    acts.hidden = true;
    acts.after(bar);
    element.setAttribute("data-pending", "");
    guard(element);
    back.focus({ preventScroll: true });
    const until = Date.now() + seconds * 1000;
    const label = $("[data-says]", form)?.dataset.says ?? "Approve";
    const tick = () => {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      progress.value = left;
      words.textContent = `${label}: in ${left} s`;
      if (left === 0) send(element);
    };
    pending.set(element, { form, timer: setInterval(tick, 250), bar, acts });
    tick();
  }

  function release(element) {
    const held = pending.get(element);
    if (!held) return null;
    clearInterval(held.timer);
    pending.delete(element);
    held.bar.remove();
    held.acts.hidden = false;
    element.removeAttribute("data-pending");
    guard(element);
    return held;
  }

  function undo(element) {
    release(element);
    element?.focus({ preventScroll: true });
  }

  function send(element) {
    const held = release(element);
    if (!held) return;
    held.form.dataset.sent = "1";
    held.form.requestSubmit($("button", held.form));
    delete held.form.dataset.sent;
  }

  addEventListener("pagehide", () => {
    for (const [, { form }] of pending) {
      fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Digi-Persona": "1", "HX-Request": "true" },
        keepalive: true,
      });
    }
    pending.clear();
  });

  // What is typed is kept in this tab until it is sent.
  function remember(form) {
    const kept = {};
    for (
      const field of $$("input:not([type=hidden], [type=password], [type=file]), textarea, select", form)
    ) {
      if (
        field.type === "checkbox"
          ? field.checked !== field.defaultChecked
          : field.value !== (field.defaultValue ?? field.value)
      ) {
        kept[field.name] = field.type === "checkbox" ? field.checked : field.value;
      }
    }
    store("sessionStorage")?.setItem(KEEP + form.dataset.keep, JSON.stringify(kept));
  }
  const forget = (form) => store("sessionStorage")?.removeItem(KEEP + form?.dataset?.keep);
  function recall(form) {
    const text = store("sessionStorage")?.getItem(KEEP + form.dataset.keep);
    if (!text) return;
    const kept = Object.entries(JSON.parse(text));
    for (const [name, value] of kept) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    }
    const panel = form.closest("[data-panel]");
    if (panel && kept.length > 0) toggle(panel, true);
  }

  document.addEventListener("htmx:finally:request", ({ detail }) => {
    const form = detail.ctx.sourceElement;
    if (!(detail.ctx.response?.status < 400)) return;
    forget(form);
    if (form.id === "command-bar") {
      form.reset();
      $("#understood")?.replaceChildren();
    }
  });

  // Answers that are no pieces of a page: refusals of access, a line that is down.
  const say = (message) => {
    const flash = document.createElement("div");
    flash.className = "flash bad";
    flash.setAttribute("role", "alert");
    flash.textContent = message;
    $("#flash")?.replaceChildren(flash);
  };
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    if (!ctx.response.headers.get("content-type")?.includes("problem+json")) return;
    try {
      say(JSON.parse(ctx.text).detail);
    } catch {
      say(`This did not work (${ctx.response.status}).`);
    }
  });
  document.addEventListener("htmx:error", ({ detail }) => {
    if (detail.ctx?.request) say("digi-persona did not answer. Nothing you typed is lost: try again.");
  });
  const flashes = new MutationObserver(() => {
    for (const flash of $$(".flash[data-flash=ok]:not([data-leaves])")) {
      flash.dataset.leaves = "";
      setTimeout(() => flash.remove(), 6000);
    }
  });

  // Edits: length against the limit, and what was changed.
  const graphemes = (text) => [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].length;
  function compare(area) {
    const form = area.form;
    const counter = $("[data-counter]", form);
    if (counter) {
      const length = graphemes(area.value);
      counter.textContent = `${length} / ${area.dataset.count}`;
      counter.classList.toggle("over", length > Number(area.dataset.count));
    }
    const box = $("[data-diff]", form);
    if (box) {
      box.replaceChildren(
        ...(area.value === area.dataset.original ? [] : diff(area.dataset.original, area.value)),
      );
    }
  }

  // Words that went and came, by the longest common sequence.
  function diff(before, after) {
    const [a, b] = [before, after].map((text) => text.match(/\s+|[^\s]+/g) ?? []);
    if (a.length * b.length > 4e6) return [];
    const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        common[i][j] = a[i] === b[j]
          ? common[i + 1][j + 1] + 1
          : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    const nodes = [];
    const put = (tag, text) => {
      const last = nodes.at(-1);
      if (last?.tag === tag) return void (last.text += text);
      nodes.push({ tag, text });
    };
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) put("span", a[i++]), j++;
      else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) put("del", a[i++]);
      else put("ins", b[j++]);
    }
    return nodes.map(({ tag, text }) => Object.assign(document.createElement(tag), { textContent: text }));
  }

  // The command bar shows what it understood before it sends.
  let asking = null;
  async function preview(input) {
    const output = $("#understood");
    asking?.abort();
    asking = new AbortController();
    if (input.value.trim() === "") return output.replaceChildren();
    try {
      await new Promise((resolve) => setTimeout(resolve, 120));
      if (asking.signal.aborted) return;
      const address = `${output.dataset.preview}?line=${encodeURIComponent(input.value)}`;
      const { signal } = asking;
      const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } });
      const text = await answer.text();
      if (answer.ok && !signal.aborted) {
        output.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      }
    } catch (error) {
      if (error.name !== "AbortError") output.textContent = "digi-persona does not answer; the line is kept.";
    }
  }

  document.addEventListener("input", ({ target }) => {
    if (target.form?.dataset.keep) remember(target.form);
    if (target.matches("textarea[data-original]")) compare(target);
    if (target.matches("[data-line-input]")) preview(target);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-keys-switch]")) {
      store("localStorage")?.setItem(KEYS_OFF, target.checked ? "" : "1");
    }
    if (target.closest("[data-filters]")) target.form.requestSubmit();
  });

  // Keys
  let focusedAt = 0;
  let focusedCard = null;
  document.addEventListener("focusin", ({ target }) => {
    if (card(target) === focusedCard) return;
    focusedCard = card(target);
    focusedAt = performance.now();
  });
  const keysOff = () => store("localStorage")?.getItem(KEYS_OFF) === "1";
  const isTyping = (target) =>
    target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function move(step) {
    const stops = $$("[data-card], [data-focus]").filter((one) => one.offsetParent !== null);
    const here = stops.indexOf(document.activeElement.closest("[data-card], [data-focus]"));
    const next = stops[here === -1 ? (step > 0 ? 0 : stops.length - 1) : here + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
      event.preventDefault();
      return $("[data-find]")?.select();
    }
    if (key === "Escape" && target.closest?.("[data-panel]")) {
      return toggle(target.closest("[data-panel]"), false);
    }
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea")) {
      return target.form?.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(target) || keysOff()) {
      return;
    }
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
    if (key === "/" && $("#line-input")) {
      event.preventDefault();
      return $("#line-input").focus();
    }
    const element = card(target);
    if (!element || element.hasAttribute("data-pending") || performance.now() - focusedAt < FOCUS_REST_MS) {
      return;
    }
    const button = $(`[data-key="${CSS.escape(key.toUpperCase())}"]`, element);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-keys-switch]").forEach((box) => box.checked = !keysOff());
    $$("[data-zone]").forEach((field) => field.value = Intl.DateTimeFormat().resolvedOptions().timeZone);
    $$("form[data-keep]").forEach(recall);
    const line = $("#line-input");
    if (line?.value) preview(line);
    const flash = $("#flash");
    if (flash) flashes.observe(flash, { childList: true });
  });
})();
