// Writing posts: counters and previews from the server while somebody types, threads, texts of single accounts, pictures.
// What is typed is never drawn by the server: only what stands beside it is.
(() => {
  "use strict";
  const REST_MS = 180;
  const HEADERS = { "X-Digi-Persona": "1", "HX-Request": "true" };
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const editorOf = (element) => element?.closest?.("form[data-editor]");
  const tell = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  // Counters and previews

  // The last question counts; an earlier one is answered in vain, and not broken off: the server would see half a form.
  const asking = new WeakMap();
  function soon(form) {
    clearTimeout(asking.get(form));
    const timer = setTimeout(() => measure(form, () => asking.get(form) === timer), REST_MS);
    asking.set(form, timer);
  }

  async function measure(form, isLast) {
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(`${form.dataset.editor}/measure`, {
        method: "POST",
        body,
        headers: HEADERS,
      });
      const text = await answer.text();
      if (!answer.ok || !isLast()) return;
      const drawn = new DOMParser().parseFromString(text, "text/html");
      for (const piece of $$("[data-for]", drawn)) {
        document.getElementById(piece.dataset.for)?.replaceChildren(...piece.childNodes);
      }
      const parts = Math.max(
        1,
        ...$$(".counters", form).map((one) => $$("span[data-part-count]", one).length),
      );
      $$("[data-in-part]", form).forEach((label) => label.hidden = parts < 2);
    } catch (error) {
      // A line that is down is said where something is sent; counters come back with the next letter.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  // Which accounts, and which of them have a text of their own

  const field = (form, name) => form.elements.namedItem(name);
  function settle(form) {
    const isChosen = (box) => box.type === "hidden" || box.checked;
    const chosen = $$("[data-to]", form).filter(isChosen).map((box) => box.dataset.to);
    for (const place of $$("[data-place]", form)) {
      const id = place.dataset.place;
      place.hidden = !chosen.includes(id);
      const box = $("[data-variant]", place);
      if (!box) continue;
      $("[data-variant-switch]", place).hidden = chosen.length < 2;
      $(".variant", place).hidden = chosen.length < 2 || !box.checked;
    }
  }

  /** Until it is changed, the text of one account goes along with the one for all. */
  function follow(form) {
    for (const box of $$("[data-variant]", form)) {
      const own = field(form, `text-${box.dataset.variant}`);
      if (!own.dataset.changed) own.value = field(form, "text").value;
    }
  }

  document.addEventListener("input", ({ target }) => {
    const form = editorOf(target);
    if (!form) return;
    if (target.matches("[data-alt], [data-part]")) return keep(target.closest("[data-pictures]"));
    if (target.name?.startsWith("text-")) target.dataset.changed = "1";
    if (target.name === "text") follow(form);
    soon(form);
  });

  document.addEventListener("change", ({ target }) => {
    const form = editorOf(target);
    if (!form) return;
    if (target.type === "file") {
      const files = [...target.files];
      target.value = "";
      return add(target.closest("[data-pictures]"), files);
    }
    if (target.matches("[data-variant]")) {
      const own = field(form, `text-${target.dataset.variant}`);
      if (!target.checked) delete own.dataset.changed;
      follow(form);
      settle(form);
      if (target.checked) own.focus();
    } else settle(form);
    soon(form);
  });

  // A text in parts. Typed, as it were, so that the browser can take it back.
  async function split(button) {
    const form = editorOf(button);
    const body = new URLSearchParams(new FormData(form));
    body.set("place", button.dataset.split);
    if (button.dataset.numbered) body.set("numbered", "1");
    const answer = await fetch(`${form.dataset.editor}/split`, { method: "POST", body, headers: HEADERS });
    if (!answer.ok) return;
    const { text, field: name, variant } = await answer.json();
    if (variant) {
      field(form, variant).checked = true;
      settle(form);
    }
    const area = field(form, name);
    area.focus();
    area.select();
    if (!document.execCommand("insertText", false, text)) {
      area.value = text;
      tell(area);
    }
    area.setSelectionRange(0, 0);
    area.scrollTop = 0;
  }

  // Pictures: the field holds them all; the list is drawn from it.

  const listOf = (box) => {
    const { value } = $("[name=pictures]", box);
    return value === "" ? [] : JSON.parse(value);
  };
  function write(box, pictures) {
    const kept = $("[name=pictures]", box);
    kept.value = pictures.length === 0 ? "" : JSON.stringify(pictures);
    tell(kept);
  }

  function draw(box) {
    const items = listOf(box).map(({ shas, alt, part }, index, all) => {
      const item = $("template", box).content.firstElementChild.cloneNode(true);
      const picture = Object.assign(new Image(), {
        src: box.dataset.pictures + Object.values(shas)[0],
        alt: "",
      });
      item.prepend(picture);
      const described = $("[data-alt]", item);
      described.value = alt;
      if (all.length > 1) $("[data-alt-label]", item).prepend(`${index + 1}. `);
      $("[data-part]", item).value = part;
      $("[data-move='-1']", item).disabled = index === 0;
      $("[data-move='1']", item).disabled = index === all.length - 1;
      item.dataset.shas = JSON.stringify(shas);
      return item;
    });
    $("[data-picture-list]", box).replaceChildren(...items, ...$$("li.uploading", box));
  }

  /** What stands in the list, into the field. */
  function keep(box) {
    write(
      box,
      $$("[data-picture-list] > li[data-shas]", box).map((item) => ({
        shas: JSON.parse(item.dataset.shas),
        alt: $("[data-alt]", item).value,
        part: Math.min(25, Math.max(1, Math.trunc(Number($("[data-part]", item).value)) || 1)),
      })),
    );
  }

  async function add(box, files) {
    const taken = $("[type=file]", box).accept.split(",");
    const troubles = [];
    const tellTroubles = () => $("[data-picture-trouble]", box).textContent = troubles.join(" ");
    tellTroubles();
    for (const file of files) {
      if (!taken.includes(file.type)) {
        troubles.push(`${file.name}: only JPEG, PNG, WebP and GIF can be taken.`);
        tellTroubles();
        continue;
      }
      const item = document.createElement("li");
      const progress = document.createElement("progress");
      const words = document.createElement("span");
      item.className = "uploading";
      words.textContent = file.name;
      item.append(words, progress);
      $("[data-picture-list]", box).append(item);
      try {
        const shas = await send(box.dataset.upload, file, progress);
        item.remove();
        tellTroubles();
        write(box, [...listOf(box), { shas, alt: "", part: 1 }]);
        draw(box);
        $$("[data-alt]", box).at(-1).focus();
      } catch (error) {
        item.remove();
        if (!(error instanceof Refused)) throw error;
        troubles.push(`${file.name}: ${error.message}`);
        tellTroubles();
      }
    }
  }

  class Refused extends Error {}

  function send(address, file, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("X-Digi-Persona", "1");
      request.setRequestHeader("HX-Request", "true");
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => {
        // All of it is there: then it is made ready, and nobody knows how long that takes.
        if (loaded < total) Object.assign(progress, { max: total, value: loaded });
        else progress.removeAttribute("value");
      };
      request.onerror = () => reject(new Refused("digi-persona did not answer. Try again."));
      request.onload = () => {
        const answer = request.response;
        if (request.status === 200) resolve(answer.shas);
        else {reject(
            new Refused(answer?.message ?? answer?.detail ?? `This did not work (${request.status}).`),
          );}
      };
      request.send(file);
    });
  }

  const boxOf = (element) => {
    const box = $("[data-pictures]", editorOf(element) ?? document.createElement("i"));
    return box?.offsetParent ? box : null;
  };

  // Of a text that was copied with a picture of itself, as office programs do, the text is meant.
  document.addEventListener("paste", (event) => {
    const box = boxOf(event.target);
    const files = [...event.clipboardData?.files ?? []].filter(({ type }) => type.startsWith("image/"));
    if (!box || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(box, files);
  });

  // Files can be let go anywhere in an editor. Beside it the browser would leave the page for them: there nothing happens.
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (box) => $$("[data-pictures]").forEach((one) => one.toggleAttribute("data-drop", one === box));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event) || !$("form[data-editor]")) return;
    const box = boxOf(event.target);
    event.preventDefault();
    event.dataTransfer.dropEffect = box ? "copy" : "none";
    mark(box);
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) mark(null);
  });
  document.addEventListener("drop", (event) => {
    mark(null);
    if (!hasFiles(event) || !$("form[data-editor]")) return;
    event.preventDefault();
    const box = boxOf(event.target);
    if (!box) return;
    add(box, [...event.dataTransfer.files]);
  });

  document.addEventListener("click", ({ target }) => {
    const splitter = target.closest?.("[data-split]");
    if (splitter) return split(splitter);
    const box = target.closest?.("[data-pictures]");
    const item = target.closest?.("[data-picture-list] > li");
    if (!box || !item) return;
    const index = $$("[data-picture-list] > li", box).indexOf(item);
    const pictures = listOf(box);
    const mover = target.closest("[data-move]");
    if (mover) {
      const to = index + Number(mover.dataset.move);
      [pictures[index], pictures[to]] = [pictures[to], pictures[index]];
      write(box, pictures);
      draw(box);
      const again = $$(`[data-move="${mover.dataset.move}"]`, box)[to];
      (again.disabled ? $$("[data-alt]", box)[to] : again).focus();
    } else if (target.closest("[data-remove]")) {
      write(box, pictures.toSpliced(index, 1));
      draw(box);
      ($$("[data-remove]", box)[Math.min(index, pictures.length - 2)] ?? $("[type=file]", box)).focus();
    }
  });

  // While a picture is on its way nothing is sent: it would be left out.
  document.addEventListener("submit", (event) => {
    const box = $("[data-pictures]:has(li.uploading)", event.target);
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    $("[data-picture-trouble]", box).textContent = "A picture is still on its way: send when it is there.";
  }, true);

  // What was refused: the cursor goes to where it can be mended.
  function point(mark) {
    const form = editorOf(mark) ?? mark.closest("[data-panel]");
    const at = mark.dataset.focusOn;
    mark.removeAttribute("data-focus-on");
    const [, nth] = /^alt (\d+)$/.exec(at) ?? [];
    const wrong = nth ? $$("[data-alt]", form)[nth - 1] : field(form, at);
    wrong?.focus();
    wrong?.setAttribute("aria-invalid", "true");
    wrong?.addEventListener("input", () => wrong.removeAttribute("aria-invalid"), { once: true });
  }

  function begin(root) {
    for (const box of $$("[data-pictures]", root)) draw(box);
    for (const form of $$("form[data-editor]", root)) {
      const panel = form.closest("[data-panel]");
      if (panel?.hidden) continue;
      settle(form);
      soon(form);
    }
  }

  document.addEventListener("reset", ({ target }) => {
    if (editorOf(target)) setTimeout(() => begin(target.parentElement));
  });
  document.addEventListener("digi:panel", ({ target }) => begin(target));
  document.addEventListener("htmx:after:swap", () => {
    for (const form of $$("form[data-editor]")) {
      if (!form.closest("[data-panel][hidden]") && form.closest("[data-panel]")) begin(form.parentElement);
    }
    $$("[data-focus-on]").forEach(point);
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const form of $$("form[data-editor]")) {
      // What was kept of an earlier visit: a text that differs is a variant that was changed.
      for (const box of $$("[data-variant]", form)) {
        const own = field(form, `text-${box.dataset.variant}`);
        if (own.value !== "" && own.value !== field(form, "text").value) own.dataset.changed = "1";
      }
    }
    begin(document);
    // A keyboard that slides in over half of a phone is asked for by a touch only.
    if (matchMedia("(min-width: 861px)").matches) $("#compose [name=text]")?.focus({ preventScroll: true });
  });
})();
