// @ts-check
// A form that is on its way says so and cannot be sent again; everything works without it.

function sending(form) {
  form.setAttribute("aria-busy", "true");
  for (const button of form.querySelectorAll("button")) {
    button.disabled = true;
  }
  const said = document.createElement("p");
  said.className = "busy";
  said.setAttribute("role", "status");
  said.textContent = "正在办理，请稍候……";
  form.append(said);
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
