// What is typed: kept until it is sent, measured, compared; what a command line means; and what an answer says that is no page.
(() => {
  "use strict";
  const KEEP = "keep:";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const store = (kind) => {
    try {
      return globalThis[kind];
    } catch {
      return null; // Storage may be forbidden: then nothing is kept.
    }
  };

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
    if (panel?.hidden && kept.length > 0) $(`[data-opens="${CSS.escape(panel.id)}"]`)?.click();
  }

  document.addEventListener("reset", ({ target }) => forget(target));

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

  // Edits: what was changed.
  function compare(area) {
    const form = area.form;
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
    if (target.closest("[data-filters]")) target.form.requestSubmit();
  });
  const compareAll = (root) => $$("textarea[data-original]", root).forEach(compare);
  document.addEventListener("digi:panel", ({ target }) => compareAll(target));
  document.addEventListener("htmx:after:swap", () => $$("[data-panel]:not([hidden])").forEach(compareAll));

  document.addEventListener("DOMContentLoaded", () => {
    $$("[data-zone]").forEach((field) => field.value = Intl.DateTimeFormat().resolvedOptions().timeZone);
    $$("form[data-keep]").forEach(recall);
    const line = $("#line-input");
    if (line?.value) preview(line);
    const flash = $("#flash");
    if (flash) flashes.observe(flash, { childList: true });
  });
})();
