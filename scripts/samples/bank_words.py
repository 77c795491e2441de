"""How banks say what became of a payment: their texts for each class of reason."""

from __future__ import annotations

# The classes are those by which the office sorts returns; the texts are what banks print.
RETURN_TEXTS = {
    "NAME_MISMATCH": ("户名不符", "账号户名不符", "账号与户名不符", "户名错", "收款人账号户名不符"),
    "ACCOUNT_NOT_FOUND": ("账号不存在", "账号或卡号不存在", "无此账户", "账号错误", "无效卡号"),
    "CLOSED": ("账户已销户", "已清户", "账户已关户", "此户已结清"),
    "FROZEN": ("账户已冻结", "账户被冻结，无法入账", "账户被临时锁定"),
    "LOST": ("已挂失卡", "已挂失折"),
    "DORMANT_OR_TYPE": ("睡眠户", "久悬户", "非结算类账户", "二三类户限额"),
    "ID_MISMATCH": ("证件号码不符", "证件类型和证件号错误"),
    "BANK_NO_WRONG": ("卡号所属银行与发卡行不一致", "行名行号不符", "联行号错误"),
    "CARD_EXPIRED": ("过期卡", "磁卡未生效"),
    "AMOUNT": ("金额大于单笔业务限额", "当日累计超限"),
    "INSUFFICIENT": ("余额不足", "付款账户余额不足"),
    "RETURNED_LATER": ("退汇", "退票", "发起行要求退票"),
    "OTHER": ("其它原因导致入帐不成功", "其他原因", "通用失败", "交易失败"),
}
PENDING_TEXTS = ("系统正在对数据处理", "提交银行处理", "处理中", "系统忙，请稍后再提交", "超时")
# The bank has taken the order: nothing is paid yet.
ACCEPTED_TEXTS = ("受理成功", "已受理")

# What a county's clerks get to see, the commonest several times.
USUAL_REASONS = (
    *("NAME_MISMATCH", "NAME_MISMATCH", "NAME_MISMATCH"),
    *("ACCOUNT_NOT_FOUND", "ACCOUNT_NOT_FOUND", "CLOSED", "CLOSED"),
    *("DORMANT_OR_TYPE", "FROZEN", "LOST", "CARD_EXPIRED", "OTHER"),
)
LATER_REASON = "RETURNED_LATER"
