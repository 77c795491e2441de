// @ts-check
// Who waits: by town, state and batch.

function filterRows() {
  const form = document.querySelector(".desk-filter");
  const table = document.getElementById("desk-waiters");
  if (!(form instanceof HTMLFormElement) || !(table instanceof HTMLTableElement)) {
    return;
  }
  const show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = ["town", "state", "batch"].some(
        (key) => wanted[key] && row.dataset[key] !== wanted[key],
      );
      shown += row.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = `${shown} 人`;
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

export default { onExtensionPageLoad: filterRows };
