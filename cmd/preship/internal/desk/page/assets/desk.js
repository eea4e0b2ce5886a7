// The page works without this by reloading. With it, what changes comes by itself.
"use strict";
(() => {
  const body = document.body, lost = document.getElementById("lost");
  const token = body.dataset.token || "";

  const say = (what) => { lost.textContent = what; lost.hidden = what === ""; };

  // put replaces the content of a part, and keeps the keyboard where it was.
  const put = (part) => {
    const at = document.getElementById(part.id);
    if (!at || at.dataset.version === part.version) return;
    at.dataset.version = part.version;
    const focused = at.contains(document.activeElement) ? document.activeElement.id : null;
    const typed = focused && document.getElementById(focused).value;
    const before = at.querySelector("details");
    at.innerHTML = part.html;
    const details = at.querySelector("details");
    if (details && before && before.dataset.mine) { // somebody opened or closed it
      details.open = before.open;
      details.dataset.mine = "1";
    }
    const again = focused && document.getElementById(focused);
    if (again) {
      if (typed && "value" in again && again.tagName === "INPUT") again.value = typed;
      again.focus();
    } else if (part.id === "ask" || focused !== null) {
      const first = at.querySelector("input:not([type=hidden]), .question");
      if (first) first.focus();
    }
  };

  // A part that is drawn anew between a press and its release takes the click away, so it
  // waits for the release.
  let pressed = false;
  const late = new Map();
  const show = (part) => { if (pressed) late.set(part.id, part); else put(part); };
  const release = () => {
    pressed = false;
    setTimeout(() => { // the click comes first
      if (pressed) return;
      late.forEach(put);
      late.clear();
    });
  };
  addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const name of ["pointerup", "pointercancel", "dragend", "blur"]) addEventListener(name, release);

  document.addEventListener("click", (e) => {
    const summary = e.target.closest("summary");
    if (summary) summary.parentElement.dataset.mine = "1";
  });

  // follow listens to what changes. A server that went away is asked again until it is back.
  // A browser has few connections for all its windows, so one that is hidden lets its go.
  let stream = null, heard = 0;
  const leave = () => { if (stream) stream.close(); stream = null; };
  const follow = () => {
    if (stream || document.hidden) return;
    heard = Date.now();
    stream = new EventSource("/live?" + body.dataset.live);
    stream.addEventListener("part", (e) => { heard = Date.now(); show(JSON.parse(e.data)); });
    stream.addEventListener("alive", () => { heard = Date.now(); });
    stream.addEventListener("pushed", () => {
      leave();
      say(lost.dataset.pushed);
      const back = () => { say(""); follow(); };
      for (const name of ["pointerdown", "keydown"]) addEventListener(name, back, { once: true });
    });
    stream.onopen = () => { heard = Date.now(); say(""); };
    stream.onerror = () => {
      say(lost.dataset.lost);
      if (stream && stream.readyState === EventSource.CLOSED) { leave(); setTimeout(retry, 1000); }
    };
  };
  const retry = async () => {
    try {
      const res = await fetch("/alive", { cache: "no-store" });
      if (res.ok) { location.reload(); return; }
      say(lost.dataset.out);
    } catch { say(lost.dataset.lost); }
    setTimeout(retry, 2000);
  };
  if (body.dataset.live) {
    follow();
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else follow(); });
    // A computer that fell asleep breaks no connection: it is silent.
    setInterval(() => {
      if (!stream || Date.now() - heard < 40000) return;
      say(lost.dataset.lost);
      leave();
      follow();
    }, 5000);
  }

  const post = (path, content) => fetch(path, { method: "POST", headers: { "X-Preship-Token": token, Accept: "application/json" }, body: content });

  // A form is sent without leaving the page. What the server refuses is shown in the form.
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (!("send" in form.dataset) && !("paper" in form.dataset)) return;
    e.preventDefault();
    const content = new URLSearchParams(new FormData(form, e.submitter));
    const alert = form.querySelector(".alert");
    const buttons = form.querySelectorAll("button");
    buttons.forEach((b) => { b.disabled = true; });
    try {
      const res = await post(form.getAttribute("action"), content);
      const said = await res.text();
      if ("paper" in form.dataset) document.getElementById("result").innerHTML = said;
      else if (!res.ok && alert) alert.textContent = said;
      else if (!res.ok) say(said);
    } catch { say(lost.dataset.failed); }
    buttons.forEach((b) => { b.disabled = false; });
  });

  // An answer of the intake form is checked and saved when its field is left.
  const intake = document.querySelector("[data-intake]");
  if (intake) {
    let last = Promise.resolve();
    const save = (field) => {
      last = last.then(async () => {
        const problem = document.getElementById("p-" + field.name);
        const res = await post("/intake/field", new URLSearchParams({ case: intake.elements.case.value, name: field.name, value: field.value }));
        const said = await res.json();
        if (said.case) {
          intake.elements.case.value = said.case;
          intake.action = "/intake/" + said.case;
          history.replaceState(null, "", "/intake/" + said.case);
        }
        problem.classList.toggle("ok", !said.problem);
        problem.textContent = said.problem || problem.dataset.saved;
        field.setAttribute("aria-invalid", said.problem ? "true" : "false");
      }).catch(() => say(lost.dataset.failed));
    };
    intake.addEventListener("change", (e) => save(e.target));
    // A scanner ends with Enter: the next field is for the next scan.
    intake.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || e.target.tagName !== "INPUT") return;
      e.preventDefault();
      const all = [...intake.querySelectorAll("input:not([type=hidden]), textarea, select, button")];
      all[all.indexOf(e.target) + 1].focus();
    });
  }

  // A package that is dropped, or chosen, is checked.
  const drop = document.querySelector("[data-drop]");
  if (drop) {
    const result = document.getElementById("result");
    const camera = document.getElementById("camera"), told = camera.querySelector("p");
    // codeIn returns the text of the code in a picture or a video, "" without one.
    const codeIn = async (picture) => {
      const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
      return found.length ? found[0].rawValue : "";
    };
    const paper = (code) => {
      const field = document.getElementById("code");
      field.value = code;
      field.form.requestSubmit();
    };
    const readers = () => "BarcodeDetector" in window;
    const video = camera.querySelector("video"), button = camera.querySelector("button"), start = button.textContent;
    if (!readers() || !navigator.mediaDevices) {
      button.hidden = true;
      told.textContent = camera.dataset.reader;
    }
    let scan = null; // the stream of the camera
    const stop = () => {
      if (scan) scan.getTracks().forEach((t) => t.stop());
      scan = null;
      video.hidden = true;
      button.textContent = start;
    };
    button.addEventListener("click", async () => {
      if (scan) { stop(); return; }
      told.textContent = "";
      try {
        scan = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.srcObject = scan;
        video.hidden = false;
        button.textContent = button.dataset.stop;
        await video.play();
        while (scan) {
          const code = await codeIn(video);
          if (code) { stop(); paper(code); return; }
          await new Promise((next) => { setTimeout(next, 150); });
        }
      } catch {
        stop();
        told.textContent = camera.dataset.refused;
      }
    });
    // picture reads the code on a picture of a paper.
    const picture = async (file) => {
      result.textContent = "";
      told.textContent = readers() ? "" : camera.dataset.reader;
      if (!readers()) return;
      let code = "";
      try { code = await codeIn(await createImageBitmap(file)); } catch { /* it is no picture */ }
      if (code) paper(code);
      else told.textContent = camera.dataset.none;
    };
    const check = async (file) => {
      if (file.type.startsWith("image/")) { picture(file); return; }
      told.textContent = "";
      result.textContent = "…";
      try {
        const res = await post("/check", file);
        result.innerHTML = await res.text();
      } catch { say(lost.dataset.failed); result.textContent = ""; }
    };
    drop.querySelector("input").addEventListener("change", (e) => {
      const file = e.target.files[0];
      e.target.value = ""; // the same file can be chosen again
      if (file) check(file);
    });
    drop.addEventListener("submit", (e) => e.preventDefault());
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(name, (e) => {
        e.preventDefault();
        drop.classList.toggle("over", name === "dragenter" || name === "dragover");
        if (name === "drop" && e.dataTransfer.files[0]) check(e.dataTransfer.files[0]);
      });
    }
  }

  const question = document.querySelector("#ask input:not([type=hidden]), #ask .question");
  if (question) question.focus();
})();
