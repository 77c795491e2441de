// @ts-check
// Tables that are sorted by their headings, by mouse and by keyboard, and filtered by a form.

import { headcount } from "./language.js";

/** What a cell is sorted by: its own value, or its text. */
function valueOf(row, column) {
  const cell = row.cells[column];
  return cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
}

function compare(one, other, asNumber) {
  if (!asNumber) {
    return one.localeCompare(other, "zh-CN");
  }
  const number = (text) => {
    const found = Number.parseFloat(text.replaceAll(",", ""));
    return Number.isNaN(found) ? -Infinity : found;
  };
  return number(one) - number(other);
}

/** Sort the rows of a table's body; sums stay below. */
function sortTable(table, header, column) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) {
    other.removeAttribute("aria-sort");
  }
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const [body] = table.tBodies;
  const asNumber = header.dataset.sortAs === "number";
  const rows = [...body.rows].filter((row) => !row.classList.contains("sum"));
  const sums = [...body.rows].filter((row) => row.classList.contains("sum"));
  rows.sort((one, other) => {
    const order = compare(valueOf(one, column), valueOf(other, column), asNumber);
    return ascending ? order : -order;
  });
  body.append(...rows, ...sums);
}

/** Put a button into every heading that a table can be sorted by. */
function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    if (!header.dataset.sortAs) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortTable(table, header, column));
    header.append(button);
  });
}

/** Show the rows of the form's table whose own data are what its fields ask for. */
function makeFilter(form) {
  const table = document.getElementById(form.dataset.table);
  const show = () => {
    const wanted = [...new FormData(form)].filter(([, value]) => value);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = wanted.some(([key, value]) => row.dataset[key] !== value);
      // Nothing is decided about somebody who is not seen.
      if (row.hidden) {
        row.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked = false));
      }
      shown += row.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = headcount(shown);
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

/** A box in the heading that ticks all rows that are seen, or none. */
function makeTickAll(header) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", header.dataset.tickAll);
  box.addEventListener("change", () => {
    for (const row of header.closest("table").tBodies[0].rows) {
      const own = row.hidden ? null : row.querySelector("input[type=checkbox]");
      if (own) {
        own.checked = box.checked;
      }
    }
  });
  const label = document.createElement("label");
  label.append(box, ...header.childNodes);
  header.append(label);
}

document.querySelectorAll("th[data-tick-all]").forEach(makeTickAll);
document.querySelectorAll("table.sortable").forEach(makeSortable);
document.querySelectorAll("form[data-table]").forEach(makeFilter);
