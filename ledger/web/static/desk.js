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

for (const form of document.querySelectorAll("form[method=post]")) {
  // The button's own name and value have to go along: it is disabled when they have been read.
  form.addEventListener("submit", () => window.setTimeout(() => sending(form)));
}

// What is chosen is worked out again at once.
for (const form of document.querySelectorAll("form[data-recompute]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// Whoever comes back sees the page as it is now, and not as it was.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
