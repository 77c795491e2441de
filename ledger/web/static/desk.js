// @ts-check
// A form that is on its way says so and cannot be sent again; everything works without it.

import { say } from "./language.js";

/** Why the chosen files of a form cannot be sent together; empty when they can. */
function tooMany(form) {
  const most = Number(form.dataset.most || 0);
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const megabytes = (bytes) => Math.ceil(bytes / 1048576).toLocaleString();
  return most && size > most
    ? say(
        `The files have ${megabytes(size)} MB; at most ${megabytes(most)} MB go in at once: put them in one part after another.`,
        `所选文件共 ${megabytes(size)} MB，一次最多 ${megabytes(most)} MB：请分几次放入。`,
      )
    : "";
}

for (const form of document.querySelectorAll("form[data-most]")) {
  form.addEventListener("submit", (event) => {
    form.querySelector(".too-many")?.remove();
    const why = tooMany(form);
    if (why) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const said = document.createElement("p");
      said.className = "refusal too-many";
      said.setAttribute("role", "alert");
      said.textContent = why;
      form.append(said);
    }
  });
}

function sending(form) {
  form.setAttribute("aria-busy", "true");
  for (const button of form.querySelectorAll("button")) {
    button.disabled = true;
  }
  const said = document.createElement("p");
  said.className = "busy";
  said.setAttribute("role", "status");
  said.textContent = say("Please wait…", "正在办理，请稍候……");
  form.append(said);
  window.setInterval(() => void sayHowFar(said), 700);
}

/** How far the server is, where it counts. Nothing depends on it. */
async function sayHowFar(said) {
  try {
    const answer = await fetch("/progress.json");
    const { text } = await answer.json();
    if (text) {
      said.textContent = text;
    }
  } catch {
    // The page goes away, or the server: what is being done is not asked about any more.
  }
}

for (const form of document.querySelectorAll("form[method=post], form[data-recompute]")) {
  // The button's own name and value have to go along: it is disabled when they have been read.
  form.addEventListener("submit", () => window.setTimeout(() => sending(form)));
}

// What is chosen is worked out again at once.
for (const form of document.querySelectorAll("form[data-recompute]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

/** The files of what was dropped, those in folders among them. */
async function filesOf(entry) {
  if (entry.isFile) {
    return [await new Promise((found, failed) => entry.file(found, failed))];
  }
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const some = await new Promise((found, failed) => reader.readEntries(found, failed));
    if (!some.length) {
      return files;
    }
    for (const one of some) {
      files.push(...(await filesOf(one)));
    }
  }
}

// Files and folders that are dropped anywhere on the page go into its form.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const over = (is) => form.classList.toggle("over", is);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", () => over(false));
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    over(false);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
    const chosen = new DataTransfer();
    for (const entry of entries.filter(Boolean)) {
      for (const file of await filesOf(entry)) {
        chosen.items.add(file);
      }
    }
    form.querySelector("input[type=file]").files = chosen.files;
    form.requestSubmit();
  });
}

// Whoever comes back sees the page as it is now, and not as it was.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
