"""Flow charts of joining and claiming: who does each step, and where the way parts.

No figures stand here: days and limits differ by product and place, and the page beside the picture says them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sitebuild.built import Files
from sitebuild.printed import files, ink
from sitebuild.printed.canvas import Canvas

WIDTH = 600
_EDGE, _BOX, _BRANCH, _ARROW, _INDENT = 24, 108, 64, 34, 104
_YOU, _UNION = ink.RED, ink.GOOD


@dataclass(frozen=True)
class Step:
    """`otherwise`: where the way parts, when the step does not go as above."""

    title: str
    text: str
    by_you: bool = False
    otherwise: str = ""


FLOWS = {
    "flow-join": (
        Step("查一查能不能参加", "不留姓名，马上知道", True, "单位职工：找单位工会一起办"),
        Step("收短信验证码", "谁也别告诉", by_you=True),
        Step("看清不保什么", "看懂一条，勾一条", by_you=True),
        Step("填信息，同意告知书", "不同意可以退出，什么都不存", by_you=True),
        Step("有名额，给您凭证", "凭证上写着哪天零点生效", False, "没名额：先排队，还没有保障"),
        Step("到「我的保障」看一眼", "写着「保障中」才算", by_you=True),
    ),
    "flow-claim": (
        Step("报告", "人安全了就打12351", by_you=True),
        Step("备材料", "按出了什么事找清单，打勾", by_you=True),
        Step("交材料", "窗口交，走不动请上门收", by_you=True),
        Step("看齐不齐", "当天说收到了", False, "缺什么：一次说全，补上再走"),
        Step("审核", "先算账，再一级一级看"),
        Step("决定", "书面写清给多少、按哪一条", False, "不同意：要求复核"),
        Step("到账", "只打到领的人自己的卡上"),
        Step("回访", "只问满不满意，不问密码"),
    ),
}


def size_of(steps: tuple[Step, ...]) -> tuple[int, int]:
    """(width, height), known without drawing."""
    tall = sum(_BOX + (_BRANCH if each.otherwise else 0) for each in steps) + _ARROW * (len(steps) - 1)
    return WIDTH, tall + 92


def flow(steps: tuple[Step, ...]) -> Canvas:
    canvas = Canvas(*size_of(steps), margin=16)
    for n, (colour, name) in enumerate(((_YOU, "您来做"), (_UNION, "工会来做"))):
        canvas.rounded(_EDGE + n * 190, 24, 30, 30, 6, colour)
        canvas.text(_EDGE + 42 + n * 190, 50, name, 30, ink.SOFT)
    y = 76
    for number, step in enumerate(steps, 1):
        if number > 1:
            _arrow(canvas, _EDGE + 46, y, y + _ARROW)
            y += _ARROW
        y = _step(canvas, y, number, step)
    return canvas


def _step(canvas: Canvas, y: int, number: int, step: Step) -> int:
    colour = _YOU if step.by_you else _UNION
    wide = WIDTH - 2 * _EDGE
    canvas.rounded(_EDGE, y, wide, _BOX, 16, colour)
    canvas.rounded(_EDGE + 3, y + 3, wide - 6, _BOX - 6, 14, ink.CARD)
    canvas.disc(_EDGE + 46, y + _BOX // 2, 26, colour)
    canvas.text(_EDGE + 46, y + _BOX // 2 + 11, str(number), 32, ink.CARD, bold=True, anchor="ms")
    canvas.text(_INDENT + 4, y + 47, step.title, 36, bold=True)
    canvas.text(_INDENT + 4, y + 90, step.text, 30, ink.SOFT)
    y += _BOX
    if step.otherwise:
        canvas.line((_EDGE + 46, y, _EDGE + 46, y + 38, _INDENT - 6, y + 38), ink.WARN, 4)
        canvas.rounded(_INDENT, y + 10, WIDTH - _EDGE - _INDENT, _BRANCH - 8, 12, ink.WARN_WASH)
        canvas.text(_INDENT + 16, y + 48, step.otherwise, 30, ink.WARN)
        y += _BRANCH
    return y


def _arrow(canvas: Canvas, x: int, top: int, bottom: int) -> None:
    canvas.line((x, top + 3, x, bottom - 12), ink.SOFT, 4)
    canvas.polygon(((x - 11, bottom - 16), (x + 11, bottom - 16), (x, bottom - 3)), ink.SOFT)


def flow_png(name: str) -> bytes:
    steps = FLOWS[name]
    return files.drawn_once(f"{name}.png", steps, lambda: files.png(flow(steps).image))


def flow_pictures() -> Files:
    return {f"pictures/{name}.png": partial(flow_png, name) for name in FLOWS}
