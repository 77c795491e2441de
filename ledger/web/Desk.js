// @ts-check
// What the pages share: tables that are sorted by their headings, by mouse and by keyboard.

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
  const rows = [...body.rows].filter((row) => !row.classList.contains("desk-sum"));
  const sums = [...body.rows].filter((row) => row.classList.contains("desk-sum"));
  rows.sort((one, other) => {
    const order = compare(valueOf(one, column), valueOf(other, column), asNumber);
    return ascending ? order : -order;
  });
  body.append(...rows, ...sums);
}

/** Put a button into every heading that a table can be sorted by. */
function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    if (!header.dataset.sortAs || header.querySelector("button")) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-sort";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortTable(table, header, column));
    header.append(button);
  });
}

/** Text that stands in a new element; never read as HTML. */
export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

export default {
  onPageLoad() {
    document.querySelectorAll("table.desk-sortable").forEach(makeSortable);
  },
};
