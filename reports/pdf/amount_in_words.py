"""Amounts in Chinese capital numerals (人民币大写), as they stand on what is signed."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
SECTIONS = ("", "万", "亿")
SECTION = 10**4
# Far beyond any county's money: what 亿 counts has four digits too.
LIMIT_FEN = SECTION ** len(SECTIONS) * 100


def amount_in_words(amount_fen: int) -> str:
    """The amount as ``人民币壹佰贰拾贰万元整``, without a gap after 人民币.

    The rules are those of the People's Bank (《支付结算办法》附件一，正确填写票据和结算凭证的基本
    规定, articles 1 to 4): ends in 元 with 整, in 角 and in 分 without; 零 stands once for zeros
    within the number, and before 分 when there is no 角. Raises ValueError for an amount below
    zero, or of a trillion yuan and more.
    """
    if not 0 <= amount_fen < LIMIT_FEN:
        raise ValueError(f"{amount_fen} fen cannot be written in words")
    yuan, cents = divmod(amount_fen, 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_numerals(yuan)}元" if yuan or not cents else ""
    if not cents:
        return f"人民币{words}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif yuan:
        words += DIGITS[0]
    return f"人民币{words}{DIGITS[fen]}分" if fen else f"人民币{words}"


def _numerals(yuan: int) -> str:
    """A number of yuan: a section of four digits has its own units, and counts 亿, 万 or yuan."""
    words = ""
    skipped = False
    for place in reversed(range(len(str(yuan)))):
        digit = yuan // 10**place % 10
        if digit:
            words += f"{DIGITS[0] if skipped else ''}{DIGITS[digit]}{UNITS[place % 4]}"
        skipped = not digit
        if place % 4 == 0 and yuan // 10**place % SECTION:
            # Zeros before a section's unit are not written, and need not be behind it.
            words += SECTIONS[place // 4]
            skipped = False
    return words or DIGITS[0]
