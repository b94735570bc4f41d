"""What each paper of a claim looks like, as data: its title, its lines, its seal. Nobody's name is here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A label and a grey bar, `long` of the room left. `key`: the eye must find it on the photo."""

    label: str
    long: float = 0.6
    key: bool = False


@dataclass(frozen=True)
class Form:
    title: str
    lines: tuple[Line, ...]
    seal: str = ""
    table: tuple[str, ...] = ()  # heads of columns of grey bars
    rows: int = 3  # of the table
    written: int = 0  # lines of handwriting


FORMS = {
    "invoice": Form(
        "医疗收费票据",
        (
            Line("票据号码", 0.5, key=True),
            Line("姓名", 0.25),
            Line("日期", 0.35),
            Line("合计金额", 0.4, key=True),
        ),
        "医院收费章",
        ("项目", "数量", "金额"),
    ),
    "diagnosis": Form(
        "诊断证明书",
        (
            Line("姓名", 0.25),
            Line("就诊日期", 0.4, key=True),
            Line("诊断", 0.95, key=True),
            Line("", 0.7),
            Line("建议", 0.8),
            Line("医师", 0.25),
        ),
        "医院诊断章",
    ),
    "discharge-record": Form(
        "出院记录",
        (
            Line("姓名", 0.25),
            Line("入院日期", 0.4, key=True),
            Line("出院日期", 0.4, key=True),
            Line("诊断", 0.9),
            Line("经过", 0.95),
            Line("", 0.9),
            Line("医嘱", 0.7),
        ),
        "病案室章",
    ),
    "settlement": Form(
        "医保结算单",
        (
            Line("姓名", 0.25),
            Line("住院日期", 0.6),
            Line("医保已报", 0.35, key=True),
            Line("自己付的", 0.35, key=True),
        ),
        "医保结算章",
        ("费用类别", "总额", "自付"),
    ),
    "fee-list": Form(
        "住院费用清单",
        (Line("姓名", 0.25), Line("住院日期", 0.6), Line("合计金额", 0.4, key=True)),
        "医院收费章",
        ("项目", "数量", "金额", "目录"),
        rows=6,
    ),
    "findings": Form(
        "检查报告单",
        (
            Line("姓名", 0.25),
            Line("检查项目", 0.6),
            Line("报告日期", 0.4, key=True),
            Line("所见", 0.95),
            Line("", 0.9),
            Line("", 0.6),
            Line("结论", 0.9, key=True),
        ),
        "报告专用章",
    ),
    "pathology": Form(
        "病理检查报告",
        (
            Line("姓名", 0.25),
            Line("取材部位", 0.5),
            Line("报告日期", 0.4, key=True),
            Line("所见", 0.95),
            Line("", 0.85),
            Line("病理诊断", 0.9, key=True),
            Line("医师签名", 0.3, key=True),
        ),
        "病理科章",
    ),
    "surgery-record": Form(
        "手术记录",
        (
            Line("姓名", 0.25),
            Line("手术日期", 0.4, key=True),
            Line("手术名称", 0.8, key=True),
            Line("经过", 0.95),
            Line("", 0.9),
            Line("", 0.7),
            Line("医师", 0.25),
        ),
        "病案室章",
    ),
    "police-record": Form(
        "道路交通事故认定书",
        (
            Line("时间地点", 0.8, key=True),
            Line("当事人", 0.5),
            Line("经过", 0.95),
            Line("", 0.9),
            Line("责任", 0.6, key=True),
        ),
        "交警队章",
    ),
    "appraisal": Form(
        "伤残鉴定意见书",
        (
            Line("被鉴定人", 0.3),
            Line("受理日期", 0.4),
            Line("检查所见", 0.95),
            Line("", 0.85),
            Line("鉴定等级", 0.4, key=True),
        ),
        "鉴定机构章",
    ),
    "account": Form("事故经过说明", (Line("时间", 0.5, key=True), Line("地点", 0.7, key=True)), written=6),
    "unit-statement": Form(
        "单位情况说明",
        (
            Line("姓名", 0.25, key=True),
            Line("入职日期", 0.4, key=True),
            Line("何时何地", 0.8),
            Line("经过", 0.95),
            Line("", 0.9),
        ),
        "单位公章",
    ),
    "school-statement": Form(
        "学校情况说明",
        (
            Line("孩子姓名", 0.3),
            Line("何时何地", 0.8, key=True),
            Line("经过", 0.95),
            Line("", 0.9),
            Line("老师签名", 0.3, key=True),
            Line("学校电话", 0.4),
        ),
        "学校公章",
    ),
    "claim-form": Form(
        "互助金申领表",
        (
            Line("申领人", 0.3),
            Line("哪项保障", 0.8),
            Line("出了何事", 0.95),
            Line("", 0.7),
            Line("银行卡号", 0.6, key=True),
            Line("联系电话", 0.4),
        ),
    ),
    "household-page": Form(
        "常住人口登记卡",
        (
            Line("姓名", 0.25, key=True),
            Line("户主关系", 0.3, key=True),
            Line("出生日期", 0.5, key=True),
            Line("身份证号", 0.7),
        ),
        "户口专用章",
    ),
    "death-certificate": Form(
        "死亡医学证明",
        (
            Line("姓名", 0.25),
            Line("死亡日期", 0.4, key=True),
            Line("死亡原因", 0.8, key=True),
            Line("医师", 0.25),
        ),
        "医院公章",
    ),
    "household": Form(
        "户口注销证明",
        (Line("姓名", 0.25), Line("注销日期", 0.4, key=True), Line("注销原因", 0.5), Line("派出所", 0.6)),
        "户口专用章",
    ),
    "relation": Form(
        "亲属关系证明",
        (Line("甲方", 0.3), Line("乙方", 0.3), Line("是何关系", 0.4, key=True), Line("出具单位", 0.7)),
        "出具单位章",
    ),
}
