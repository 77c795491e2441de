"""Amounts in Chinese capital numerals (人民币大写), as they stand on what is signed."""

from __future__ import annotations

import cn2an

from ledger.base.money import plain

# Far beyond any county's money. Above it cn2an writes 亿 twice or drops a 零.
LIMIT_FEN = 10**14


def amount_in_words(amount_fen: int) -> str:
    """The amount as ``人民币壹佰贰拾贰万元整``, without a gap after 人民币.

    The rules are those of the People's Bank (《支付结算办法》附件一，正确填写票据和结算凭证的基本
    规定, articles 1 to 4): ends in 元 with 整, in 角 and in 分 without; 零 stands once for zeros
    within the number, and before 分 when there is no 角. Raises ValueError for an amount below
    zero, or of a trillion yuan and more.
    """
    if not 0 <= amount_fen < LIMIT_FEN:
        raise ValueError(f"{amount_fen} fen cannot be written in words")
    return "人民币" + str(cn2an.an2cn(plain(amount_fen), "rmb"))
