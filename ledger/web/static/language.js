// @ts-check
// The language of the page, in which scripts speak too.

export const isChinese = document.documentElement.lang === "zh-CN";

/** The text in the page's language. */
export const say = (english, chinese) => (isChinese ? chinese : english);

/** A number as the server writes it: 8,350. */
const inGroups = (count) => count.toLocaleString("en-US");

/** So many people. */
export const headcount = (count) => say(`${inGroups(count)} ${count === 1 ? "person" : "people"}`, `${inGroups(count)} 人`);
