// What hands and keys do to cards: panels, taking back, moving; and that live updates never swap away what a person works on.
// The pages come from the server; `forms.js` keeps what is typed.
(() => {
  "use strict";
  const KEYS_OFF = "keys-off";
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
      // What a person has unfolded stays so, whatever is drawn anew.
      for (const fold of $$("details[id][open]", target)) {
        id(task.fragment, fold.id)?.setAttribute("open", "");
      }
      if (target.matches("[data-card]") && target === own && !own.hasAttribute("data-pending")) {
        own.removeAttribute("data-editing");
      }
      for (const busy of $$("[data-card][data-editing]", target)) {
        const fresh = id(task.fragment, busy.id);
        if (!fresh) keepInPlace(task.fragment, busy);
        if (!fresh || isOther(fresh, busy)) tellNewer(busy);
      }
    }
  });

  // A card that a new list lacks stays where it stands: before the next one that the new list has.
  function keepInPlace(fragment, busy) {
    let next = busy.nextElementSibling;
    while (next && !(next.id && id(fragment, next.id))) next = next.nextElementSibling;
    const kept = busy.cloneNode(false);
    if (next) id(fragment, next.id).before(kept);
    else fragment.append(kept);
  }

  // A card that leaves a list of decisions while it has the focus hands it to the one behind it.
  let leaving = null;
  document.addEventListener("htmx:before:swap", () => {
    const own = card(document.activeElement);
    const list = own?.closest("[data-hands-on]");
    if (!list) return;
    const all = $$("[data-card]", list);
    const at = all.indexOf(own);
    leaving = { own, list, heirs: [...all.slice(at + 1), ...all.slice(0, at).reverse()] };
  });
  function handOn() {
    if (!leaving || leaving.own.isConnected) return;
    const { list, heirs } = leaving;
    leaving = null;
    if (document.activeElement !== document.body) return;
    const heir = heirs.find((one) => one.isConnected) ?? list;
    heir.focus({ preventScroll: true });
    heir.scrollIntoView({ block: "nearest" });
  }

  const isOther = (fresh, old) =>
    fresh.dataset.hash !== old.dataset.hash || fresh.ariaLabel !== old.ariaLabel;

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
    handOn();
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
    panel.dispatchEvent(new CustomEvent("digi:panel", { bubbles: true }));
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
      $("form", panel).reset();
      $(".newer", card(panel))?.remove();
      toggle(panel, false);
      refresh(card(panel));
    }
    if (target.closest?.("[data-close-flash]")) target.closest(".flash").remove();
    if (target.closest?.("[data-undo]")) undo(card(target));
    const parker = target.closest?.("[data-park]");
    if (parker) askWhy(parker);
  });

  // Why an actor is parked: one panel for all of them. What was typed for another one is not kept.
  function askWhy({ dataset: { park, name } }) {
    const panel = $("#park");
    const form = $("form", panel);
    const action = `/personas/${park}/runtime`;
    if (form.getAttribute("action") !== action) form.reset();
    form.setAttribute("action", action);
    $("[data-park-name]", panel).textContent = name;
    panel.showPopover();
    $("[name=why]", form).focus();
  }

  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.id !== "park-form" || !(ctx.response?.status < 400)) return;
    ctx.sourceElement.reset();
    $("#park").hidePopover();
  });

  // A card that was left alone while it was edited may be behind: its page knows better.
  async function refresh(element) {
    const answer = await fetch(`/posts/${element.id.slice("post-".length)}`).catch(() => null);
    if (!answer?.ok || isBusy(element)) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(
      element.id,
    );
    if (fresh && isOther(fresh, element)) location.reload();
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
    if (
      key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea, [data-editor] input")
    ) {
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

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-keys-switch]")) {
      store("localStorage")?.setItem(KEYS_OFF, target.checked ? "" : "1");
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-keys-switch]").forEach((box) => box.checked = !keysOff());
  });
})();
