// @ts-check
// The language of the page, in which scripts speak too.

export const isChinese = document.documentElement.lang === "zh-CN";

/** The text in the page's language. */
export const say = (english, chinese) => (isChinese ? chinese : english);

/** So many people. */
export const headcount = (count) => say(`${count} ${count === 1 ? "person" : "people"}`, `${count} 人`);
