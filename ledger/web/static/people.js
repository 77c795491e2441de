// @ts-check
// The list of people is filtered here: what somebody types goes to no server and into no address.

import { headcount, isChinese, say } from "./language.js";

const AT_ONCE = 100;
const HISTORY = say("One person's history", "个人经过");

/** Text that stands in a new element; never read as HTML. */
function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

/** The path with the page's own day and stage. */
function here(path) {
  const asked = [...new URLSearchParams(window.location.search)];
  const kept = new URLSearchParams(asked.filter(([name]) => ["on", "stage"].includes(name)));
  return kept.size ? `${path}?${kept}` : path;
}

/** What the server answers for the page's own day and stage. Throws a sentence. */
async function ask(path) {
  const answer = await fetch(here(path)).catch(() => {
    throw new Error(say("No answer: is the program still running?", "没有答复：请看程序是否还在运行。"));
  });
  const said = await answer.json().catch(() => ({ error: say("The answer cannot be read: open this page again.", "答复读不懂：请重新打开本页。") }));
  if (!answer.ok || said.error) {
    throw new Error(said.error);
  }
  return said;
}

class People {
  constructor(form) {
    this.form = form;
    this.said = form.querySelector("output");
    this.body = document.querySelector("#people tbody");
    this.more = document.getElementById("more");
    this.person = document.getElementById("person");
  }

  async load() {
    this.list = await ask("/people/list.json");
    this.place = Object.fromEntries(this.list.columns.map((name, place) => [name, place]));
    this.fillChoices();
    this.form.addEventListener("input", () => this.search());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.more.addEventListener("click", () => this.draw(this.shown + AT_ONCE));
    this.search();
  }

  /** The town and the state that the address asks for, such as from the table of towns. */
  fillChoices() {
    const asked = new URLSearchParams(window.location.search);
    const towns = new Set(this.list.rows.map((row) => row[this.place.town]));
    const choices = {
      town: Object.entries(this.list.towns).filter(([code]) => towns.has(code)),
      state: [...Object.entries(this.list.states), ["blocked", say("blocked", "暂缓")]],
    };
    for (const [name, options] of Object.entries(choices)) {
      const select = this.form.elements.namedItem(name);
      for (const [value, text] of options) {
        select.append(element("option", text, { value }));
      }
      select.value = asked.get(name) ?? "";
      if (select.selectedIndex < 0) {
        select.value = "";
      }
    }
  }

  /** A name in part, an id, or the last four of a number. */
  matches(row, text) {
    const of = (name) => row[this.place[name]];
    return (
      of("name").includes(text) ||
      of("id").endsWith(text.toUpperCase()) ||
      (text.length === 4 &&
        ["identity", "account"].some((name) => of(name).endsWith(text.toUpperCase())))
    );
  }

  hasState(row, state) {
    const own = row[this.place.state];
    if (state === "left") {
      return row[this.place.left] !== "";
    }
    if (state === "blocked") {
      return row[this.place.waits] !== "" && (own === "due" || own === "returned");
    }
    return !state || own === state;
  }

  search() {
    const { text, town, state } = Object.fromEntries(new FormData(this.form));
    const wanted = text.trim();
    this.found = this.list.rows.filter(
      (row) =>
        (!town || row[this.place.town] === town) &&
        this.hasState(row, state) &&
        (!wanted || this.matches(row, wanted)),
    );
    this.draw(AT_ONCE);
  }

  draw(most) {
    const rows = this.found.slice(0, most).map((row) => this.rowOf(row));
    this.shown = most;
    this.body.replaceChildren(...rows);
    this.more.hidden = this.found.length <= most;
    const some = say(`${rows.length} shown`, `显示 ${rows.length} 人`);
    this.said.textContent = `${headcount(this.found.length)}${say(", ", "，")}${some}`;
  }

  rowOf(row) {
    const made = document.createElement("tr");
    const of = (name) => row[this.place[name]];
    const head = element("th", "", { scope: "row" });
    const button = element("button", of("id"), { type: "button", class: "link" });
    button.addEventListener("click", () => this.show(of("id")));
    head.append(button);
    const texts = [
      of("name"),
      // Before what a telephone has no room for.
      this.list.states[of("state")],
      this.list.towns[of("town")],
      of("role"),
      of("identity"),
      of("account"),
      of("batch") || "—",
    ];
    made.append(head, ...texts.map((text) => element("td", text)));
    if (of("waits")) {
      made.cells[2].append(element("small", of("waits")));
    }
    if (of("left") && of("state") !== "left") {
      made.cells[4].append(element("small", of("left")));
    }
    return made;
  }

  async show(id) {
    try {
      this.drawPerson(await ask(`/people/${encodeURIComponent(id)}.json`));
    } catch (error) {
      this.person.replaceChildren(element("p", error.message, { class: "refusal" }));
    }
    this.person.hidden = false;
    this.person.querySelector("h2")?.focus();
  }

  drawPerson(person) {
    const facts = [
      [say("Town", "镇街"), `${person.town} ${person.area}`],
      [say("Role", "岗位"), person.role],
      [say("Identity number", "身份证号"), person.identity],
      [say("Name at the bank", "银行户名"), person.bank_name],
      [say("Bank of the account", "开户行"), person.bank],
      [say("Account number", "账号"), person.account],
      [say("State", "状态"), person.state],
    ];
    const list = element("dl");
    for (const [name, value] of facts) {
      list.append(element("dt", name), element("dd", value || "—"));
    }
    this.person.replaceChildren(
      element("h2", `${person.id} ${person.name}`, { tabindex: "-1" }),
      element("p", "", { class: "to-do" }),
      list,
      this.historyOf(person),
      element("a", say("Entries in the ledgers", "账簿中的分录"), { href: person.entries }),
    );
    this.person.querySelector(".to-do").append(
      element("a", say("What was done and recorded", "办理、登记经过"), {
        href: here(`/people/${encodeURIComponent(person.id)}`),
        class: "button",
      }),
    );
  }

  historyOf(person) {
    if (!person.history.length) {
      return element("p", say("Nothing has been paid yet.", "还没有发放过。"));
    }
    const table = element("table", "", { "aria-label": HISTORY });
    const heads = isChinese
      ? ["日期", "事项", "批次", "金额", "经办"]
      : ["Date", "What", "Batch", "Amount", "Clerk"];
    const head = table.createTHead().insertRow();
    head.append(...heads.map((name) => element("th", name, { scope: "col" })));
    const body = table.createTBody();
    for (const one of person.history) {
      const texts = [one.date, one.what, one.batch, one.amount, one.by];
      const row = body.insertRow();
      row.append(...texts.map((text) => element("td", text || "—")));
      if (one.reason) {
        row.cells[1].append(element("small", one.reason));
      }
      row.title = `${say("Event", "事件")} ${one.event}`;
    }
    const box = element("div", "", {
      class: "box", role: "region", tabindex: "0", "aria-label": HISTORY,
    });
    box.append(table);
    return box;
  }
}

const people = new People(document.getElementById("search"));
people.load().catch((error) => {
  people.said.textContent = error.message;
});
