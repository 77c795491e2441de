"""The rosters of the 21 towns: who writes what, where, and under which heading."""

from __future__ import annotations

from samples.layouts import Layout

LAYOUTS = {
    "荆河街道": Layout(
        stem="荆河街道两员补助花名册",
        preamble=(
            "滕州市荆河街道第七次全国人口普查“两员”补助发放花名册",
            "填报单位：荆河街道办事处　　　　　　　　　　　填报日期：2020年11月5日",
        ),
        columns="序号 姓名 性别 身份证号 岗位 普查区 普查区编码 普查小区编码 联系电话 "
        "开户行 银行卡号 备注",
        sheets=("普查员", "普查指导员"),
        empty_sheets=("Sheet3",),
        total=True,
        footer=("制表人：刘敏", "", "", "审核人：王建国", "", "", "", "单位负责人："),
        habits=frozenset({"wide_space"}),
    ),
    "龙泉街道": Layout(
        stem="龙泉街道七人普两员信息表",
        columns="街道 村居 普查区代码 小区代码 人员类别 姓名 公民身份号码 手机号 账号 开户银行",
        town_word="龙泉街道",
        supervisor_word="指导员",
        habits=frozenset({"spaced_account"}),
    ),
    "北辛街道": Layout(
        stem="北辛街道两员花名册（含账户）",
        preamble=("北辛街道第七次人口普查两员补助人员名单",),
        columns="序号 基本情况:姓名 基本情况:身份证号码 基本情况:手机号 普查区划:两员类别 "
        "普查区划:普查区名称 普查区划:普查区编码 普查区划:普查小区编码 "
        "收款账户:开户行名称 收款账户:银行账号 收款账户:银行户名 备注",
        supervisors_last=True,
        total=True,
        footer=("制表人：", "张娟", "", "", "审核人：", "孔祥忠"),
    ),
    "善南街道": Layout(
        stem="善南街道普查两员补助",
        suffix=".xls",
        preamble=("善南街道人口普查两员补助花名册（2020年）",),
        columns="序号 姓名 身份证号 职务 普查区名称 普查区代码 小区编码 联系方式 卡号 开户行",
        supervisor_word="指导员",
        empty_sheets=("Sheet2", "Sheet3"),
        habits=frozenset({"small_x"}),
    ),
    "东沙河街道": Layout(
        stem="东沙河镇两员补助花名册",
        preamble=("东沙河镇第七次全国人口普查两员补助花名册",),
        columns="序号 镇街 姓名 身份证号码 岗位 普查区 普查区编码 普查小区编码 联系电话 "
        "开户行 银行卡号",
        town_word="东沙河镇",
        code="370481100",
        total=True,
    ),
    "洪绪镇": Layout(
        stem="洪绪镇两员花名册",
        suffix=".csv",
        encoding="gb18030",
        preamble=("洪绪镇人口普查两员花名册",),
        columns="序号 姓名 两员类别 身份证号 普查区名称 普查区代码 小区代码 手机号 账号 开户行",
        total=True,
        habits=frozenset({"tab"}),
    ),
    "南沙河镇": Layout(
        stem="南沙河镇普查员、指导员补助发放表",
        preamble=("普查员、普查指导员补助发放表", "单位：南沙河镇人民政府", ""),
        columns="序号 乡镇 村居 普查区编码 普查小区 姓名 性别 年龄 身份证号码 职务 联系电话 "
        "银行卡号 开户行 补助金额",
        town_word="南沙河镇",
        supervisor_word="指导员",
        total=True,
        footer=("制表人：杜静　　　　审核人：满国强　　　　日期：2020.11.6",),
    ),
    "大坞镇": Layout(
        stem="两员补助花名册(最终版)",
        preamble=("滕州市大坞镇第七次全国人口普查两员补助花名册",),
        columns="序号 姓　名 身份证号 人员类别 普查区 普查区编码 普查小区编码 联系电话 "
        "开户银行 账号 备注",
        empty_sheets=("Sheet2", "Sheet3"),
        habits=frozenset({"apostrophe"}),
    ),
    "滨湖镇": Layout(
        stem="滨湖镇两员补助花名册",
        preamble=(
            "滨湖镇第七次全国人口普查普查员、普查指导员补助花名册",
            "说明：1.本表由各村居填报；2.银行卡须为本人账户。",
            "2020年11月",
        ),
        columns="序号 普查区名称 普查区编码 普查小区编码 姓名 身份证号 两员类别 手机号 "
        "开户行 银行卡号",
        sheets=("两员名单",),
        hidden_sheet="试点旧名单",
        total=True,
    ),
    "级索镇": Layout(
        stem="级索镇两员补助花名册",
        preamble=("级索镇人口普查两员补助花名册",),
        columns="序号 姓名 岗位 身份证号 普查区 普查区代码 普查小区 联系电话 银行卡号 开户行",
        short_blocks=True,
        footer=("审核人：", "秦勇"),
    ),
    "西岗镇": Layout(
        stem="西岗镇两员补助发放花名册",
        preamble=(
            "西岗镇第七次全国人口普查两员补助发放花名册",
            "填表说明：",
            "一、身份证号码、银行卡号请核对无误后填写；",
            "二、银行户名与姓名一致的不用填；",
            "三、电话填写本人手机号。",
        ),
        columns="序号 姓名 银行户名 身份证号码 职务 村居 普查区编码 小区编码 联系方式 "
        "开户银行 银行账号",
        supervisors_last=True,
    ),
    "姜屯镇": Layout(
        stem="姜屯镇普查两员花名册",
        suffix=".xls",
        preamble=("姜屯镇第七次全国人口普查两员花名册", "单位：元"),
        columns="序号 姓名 性别 身份证号码 人员类别 普查区 普查区编码 普查小区编码 联系电话 "
        "开户行 账号 金额(元)",
        sheets=("普查员", "指导员"),
        total=True,
        footer=("制表人：", "闵芳", "", "审核人：", "朱涛"),
    ),
    "鲍沟镇": Layout(
        stem="鲍沟镇两员补助人员信息",
        suffix=".csv",
        encoding="utf-8-sig",
        columns="姓名 身份证号码 联系电话 岗位 普查区名称 普查区编码 普查小区编码 开户行名称 "
        "银行卡号",
    ),
    "张汪镇": Layout(
        stem="张汪镇两员补助花名册",
        preamble=("", "张汪镇两员补助花名册"),
        columns="镇街 序号 普查区 普查区代码 普查小区编码 姓名 公民身份号码 职务 手机号 "
        "开户行 卡号",
        town_word="张汪",
        habits=frozenset({"wide_digits"}),
    ),
    "官桥镇": Layout(
        stem="官桥镇人口普查两员补助",
        preamble=("官桥镇人口普查两员补助花名册",),
        columns="序号 姓名 身份证号 两员类别 普查区 普查区编码 小区编码 联系电话 开户行 "
        "银行卡号 备注",
        habits=frozenset({"tab", "apostrophe", "small_x"}),
        footer=("制表人：吕燕",),
    ),
    "柴胡店镇": Layout(
        stem="柴胡店镇两员补助花名册",
        preamble=("", "柴胡店镇第七次全国人口普查两员补助花名册", "填报日期：2020年11月4日"),
        columns="序号 个人信息:普查员姓名 个人信息:性别 个人信息:身份证号码 个人信息:联系电话 "
        "岗位 所在普查区:普查区名称 所在普查区:普查区代码 所在普查区:普查小区编码 "
        "银行信息:开户银行 银行信息:账号",
        total=True,
    ),
    "羊庄镇": Layout(
        stem="羊庄镇两员花名册",
        preamble=("羊庄镇两员补助花名册",),
        columns="序号 村居 普查区编码 普查小区编码 姓名 人员类别 身份证号 联系方式 开户行 账号",
        blank_every=45,
        total=True,
        footer=("制表人：", "姜红梅", "", "", "审核人：", "田军"),
        empty_sheets=("Sheet2",),
    ),
    "木石镇": Layout(
        stem="木石镇两员补助花名册",
        preamble=("木石镇人口普查“两员”补助花名册", ""),
        columns="编号 姓名 年龄 身份证号码 岗位 普查区 普查区编码 普查小区编码 手机号 卡号 开户行",
        supervisor_word="指导员",
        habits=frozenset({"wide_space", "outer_space"}),
    ),
    "界河镇": Layout(
        stem="界河镇两员名单",
        columns="姓名 身份证号 岗位 普查区 普查区编码 普查小区编码 联系电话 开户行 银行卡号",
        supervisors_last=True,
    ),
    "龙阳镇": Layout(
        stem="龙阳镇两员补助花名册",
        preamble=("龙阳镇第七次全国人口普查两员补助花名册", "单位（盖章）：龙阳镇统计站"),
        columns="序号 姓名 性别 身份证\n号码 职务 普查区名称 普查区编码 小区编码 联系电话 "
        "开户行 银行账号 补助金额 备注",
        sheets=("普查员名单", "普查指导员名单"),
        supervisor_word="指导员",
        total=True,
    ),
    "东郭镇": Layout(
        stem="东郭镇七普两员补助花名册",
        preamble=("东郭镇七普两员补助花名册",),
        columns="序号 乡镇 普查区 普查区编码 普查小区 姓名 身份证号 两员类别 手机号 "
        "开户银行 银行账号 银行户名",
        town_word="东郭镇",
        blank_every=60,
        empty_sheets=("Sheet2", "Sheet3"),
    ),
}
