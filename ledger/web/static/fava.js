// Fava in the office: months, amounts and words in Chinese where it has none, colours that can be
// told apart, and journals a part at a time.

import { isChinese } from "./language.js";

// One bar a month. Stacked ones have a colour for each of dozens of accounts.
const BARS = "fava-bar-chart-mode";
if (localStorage.getItem(BARS) === null) {
  localStorage.setItem(BARS, JSON.stringify("single"));
}

const WORDS = {
  Assets: "资产",
  Liabilities: "负债",
  Equity: "净资产",
  Income: "收入",
  Expenses: "支出",
  Open: "开户",
  Close: "销户",
  Transaction: "账目",
  Balance: "余额",
  Note: "备注",
  Document: "凭证",
  Query: "查询",
  Custom: "规则和事项",
  Event: "大事",
  Price: "价格",
  F: "类",
  损益表: "收支表",
  净利润: "收支结余",
  净值: "净资产",
  记录: "分录",
  元数据: "附注",
  按单位数量: "金额",
  "成本 / 变动": "增减",
  "价格 / 余额": "余额",
  "Loading entry context...": "正在读取……",
  "Loading entry slice...": "正在读取……",
  "(Last entry:": "（最近一笔：",
};
// Kinds of entries that the office's books do not have.
const UNUSED = new Set(["x", "D", "L", "Pad", "B"]);
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
];
const MONTH = new RegExp(`^(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}`).join("|")})(?: (\\d{1,4}))?$`);
const AMOUNT = /^([−-]?)([\d.]+)([kMG]?)$/;
const SIZES = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** "Oct 2020" is 2020年10月, "Nov 05" 11月5日, "June" 6月. */
function month(text) {
  const found = MONTH.exec(text);
  if (!found) {
    return text;
  }
  const number = MONTHS.findIndex((name) => name.startsWith(found[1].slice(0, 3))) + 1;
  const rest = found[2] ?? "";
  if (rest.length === 4) {
    return `${rest}年${number}月`;
  }
  return rest ? `${number}月${Number(rest)}日` : `${number}月`;
}

/** "6.00M" beside a chart is 600万. */
function amount(text) {
  const found = AMOUNT.exec(text);
  if (!found) {
    return text;
  }
  const number = Number(found[2]) * SIZES[found[3]];
  const [size, unit] = number >= 1e8 ? [1e8, "亿"] : number >= 1e4 ? [1e4, "万"] : [1, ""];
  return `${found[1]}${Number((number / size).toFixed(2))}${unit}`;
}

function translate(node) {
  const { parentElement } = node;
  const text = node.data.trim();
  // What is being written is left alone.
  if (!text || !parentElement || parentElement.closest("script, .cm-editor, input, textarea, .description")) {
    return;
  }
  let said = WORDS[text] ?? month(text);
  if (said === text && parentElement.closest("svg .tick")) {
    said = amount(text);
  }
  if (said !== text) {
    node.data = node.data.replace(text, said);
  }
}

// Light colours that are told apart without red and green, in an order in which neighbours differ.
const COLOURS = [
  "#56b4e9", "#e69f00", "#b7b7b7", "#f0e442", "#7f9fd6", "#f4a582", "#66c2a5", "#d9b3d9",
];
const CHARTED = "article svg rect[fill], article svg path[fill]";
const given = new Map();

function colour(element) {
  const own = element.getAttribute("fill");
  if (!own || own === "none" || COLOURS.includes(own)) {
    return;
  }
  if (!given.has(own)) {
    given.set(own, COLOURS[given.size % COLOURS.length]);
  }
  element.setAttribute("fill", given.get(own));
}

function look(root) {
  if (root.nodeType === Node.TEXT_NODE) {
    if (isChinese) {
      translate(root);
    }
    return;
  }
  if (root.nodeType !== Node.ELEMENT_NODE) {
    return;
  }
  if (isChinese) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      translate(walker.currentNode);
    }
  }
  [root, ...root.querySelectorAll(CHARTED)].filter((one) => one.matches(CHARTED)).forEach(colour);
  if (isChinese) {
    for (const button of root.querySelectorAll("article form.flex-row > button")) {
      button.hidden ||= UNUSED.has(button.textContent.trim());
    }
  }
}

new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "childList") {
      addedNodes.forEach(look);
    } else if (type === "characterData") {
      look(target);
    } else if (target.matches(CHARTED)) {
      colour(target);
    }
  }
}).observe(document.body, {
  attributeFilter: ["fill"],
  characterData: true,
  childList: true,
  subtree: true,
});

// The rest of a journal, a part at a time. The server has escaped what the rows are made of.
document.addEventListener("click", async ({ target }) => {
  const button = target instanceof Element && target.closest(".journal > li.more button");
  if (!button) {
    return;
  }
  button.disabled = true;
  const answer = await fetch(`/books/ledger/api/${button.dataset.next}`);
  if (answer.ok) {
    const { data } = await answer.json();
    const rows = document.createElement("template");
    rows.innerHTML = data.journal;
    button.closest("li").replaceWith(rows.content);
  } else {
    button.disabled = false;
  }
});

// A file that is dropped on Fava would be asked for in vain.
if (document.body.classList.contains("reading")) {
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.addEventListener(kind, (event) => event.stopPropagation(), true);
  }
}
