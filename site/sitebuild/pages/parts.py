"""The page that shows every part of a form to whoever builds the next one. Only the preview has it."""

from __future__ import annotations

from typing import Any

from publishing.page_types import FieldKind, FormField, FormStep, Option, ServicePage
from sitebuild.pages.services import ConsentView

PATH = "services/parts.md"
META = {
    "type": "service",
    "service": "parts",
    "title": "表单零件",
    "description": "做下一个表单的人看这一页：每一种零件都在这里，能按、能填、能出错。只在预览里有，不发布。",
}
FRONT = ServicePage(
    service="parts",
    prepare=("想试什么就填什么，什么也不会发出去",),
    disabled_reason="这一步要用到页面脚本，您的浏览器没有打开它。请换个浏览器，或拨打12351。",
    steps=(
        FormStep(
            id="fields",
            title="每一种要填的",
            button="下一步",
            fields=(
                FormField(
                    name="name",
                    label="姓名",
                    kind=FieldKind.TEXT,
                    hint="和身份证上一样",
                    error="请填姓名。",
                    max_length=30,
                ),
                FormField(
                    name="id_number", label="身份证号", kind=FieldKind.ID_NUMBER, error="身份证号不对。"
                ),
                FormField(
                    name="hospital",
                    label="在哪一级医院",
                    kind=FieldKind.SELECT,
                    error="请选医院的级别。",
                    options=(Option(value="second", label="二级"), Option(value="third", label="三级")),
                ),
                FormField(
                    name="cause",
                    label="怎么受的伤",
                    kind=FieldKind.CHOICE,
                    error="请选一项。",
                    options=(
                        Option(value="traffic", label="交通事故"),
                        Option(value="fall", label="摔倒"),
                        Option(value="other", label="别的"),
                    ),
                ),
                FormField(
                    name="total",
                    label="一共花了多少钱",
                    kind=FieldKind.MONEY,
                    hint="元，可以有角和分",
                    error="钱数没看懂。请填数字，如1234.5。",
                    input_mode="decimal",
                ),
                FormField(
                    name="happened_on",
                    label="哪天出的事",
                    kind=FieldKind.DATE,
                    error="日期没填完整。请填年、月、日。",
                ),
                FormField(
                    name="what_happened",
                    label="经过",
                    kind=FieldKind.LONG_TEXT,
                    required=False,
                    error="请填经过。",
                    max_length=200,
                ),
            ),
        ),
        FormStep(id="answers", title="看看填得对不对", button="都对，下一步"),
        FormStep(
            id="consents",
            title="征求您的同意",
            button="提交",
            fields=(
                FormField(
                    name="personal_information",
                    label="我同意按告知书处理我的信息",
                    kind=FieldKind.CHECKBOX,
                    error="不同意就办不了。请看告知书，再决定。",
                ),
            ),
        ),
    ),
)
# A text that nobody published: its hash proves nothing, and nothing is sent.
TEXT = ConsentView(
    scope="personal_information", title="告知书", version="示例", sha256="0" * 64, url="/privacy/"
)


def context(meta: dict[str, Any]) -> dict[str, Any]:
    """What the template is given; nothing for any other page."""
    return {"front": FRONT, "text": TEXT} if meta["service"] == "parts" else {}
