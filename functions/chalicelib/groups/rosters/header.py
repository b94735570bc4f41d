"""Which column is which, by the words clerks write: synonyms, blanks, remarks in brackets, two rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.groups.rosters.model import NEEDED, Cell, Column, SheetRow

WORDS: dict[Column, list[str]] = {
    Column.NAME: """
        姓名 名字 职工姓名 员工姓名 人员姓名 会员姓名 骑手姓名 司机姓名 本人姓名
        真实姓名 被保险人 被保险人姓名 被保障人 被保障人姓名 参保人 参保人姓名 参保人员
        参保人员姓名 参保职工姓名 参保职工 劳动者姓名 姓名全称 中文姓名 骑士姓名
        快递员姓名 成员姓名 name fullname username
    """.split(),
    Column.ID_NUMBER: """
        身份证号 身份证号码 身份证 身份证件号 身份证件号码 证件号 证件号码 公民身份号码
        公民身份证号码 身份号码 居民身份证号 居民身份证号码 居民身份证 二代身份证号
        身份证编号 证号 证件编号 idno idnumber idcard idcardno idcardnumber identitycard
        certno id_number id_no id_card
    """.split(),
    Column.MOBILE: """
        手机 手机号 手机号码 联系电话 联系方式 电话 电话号码 联系手机 本人手机
        本人手机号 本人手机号码 移动电话 本人电话 联系号码 手机电话 手机联系方式 mobile
        mobileno mobilephone phone phoneno phonenumber tel telephone cellphone
        mobile_number phone_number
    """.split(),
    Column.OCCUPATION: """
        职业 工种 岗位 职业类别 职业类型 职业名称 从事职业 从业类型 岗位名称 工作岗位
        工种名称 群体 就业群体 职业群体 群体类别 人员类别 从事工种 职务岗位 occupation
        job jobtype position
    """.split(),
    Column.PLATFORM: """
        平台 所属平台 平台名称 平台企业 工作平台 从业平台 接单平台 所在平台 服务平台
        平台公司 platform
    """.split(),
    Column.DISTRICT: """
        地区 区县 县区 所在地区 所在区县 工作地区 工作区县 所属地区 所属区县 区域
        工作区域 所在区域 县市区 所在县区 工作地点 district region area
    """.split(),
    Column.NOTE: """
        备注 说明 附注 备考 remark remarks note notes memo comment
    """.split(),
}
# Words that may mean another thing: another column of the same meaning is preferred to them.
_WEAK = frozenset(
    """
    证号 证件编号 电话 联系电话 联系方式 电话号码 联系号码 tel telephone phone
    岗位 岗位名称 工作岗位 人员类别 position 区域 工作区域 工作地点 area 说明 username
    """.split()
)
_BY_WORD = {word: column for column, words in WORDS.items() for word in words}
# Part of a longer header: what it must hold, and what makes it somebody else's or something else.
_PARTS: tuple[tuple[Column, str, str], ...] = (
    (
        Column.ID_NUMBER,
        r"身份证|证件号|公民身份",
        r"有效|期限|到期|类型|类别|地址|住址|照|正面|反面|复印|扫描|机关|配偶|监护|子女|家属|受益|经办|起始|截止|签发|是否",
    ),
    (
        Column.MOBILE,
        r"手机|移动电话|联系电话|电话号码",
        r"紧急|家属|家庭|单位|办公|经办|配偶|监护|受益|固定|座机|型号|是否|负责|公司|企业",
    ),
    (
        Column.NAME,
        r"姓名",
        r"紧急|家属|联系人|配偶|监护|受益|经办|负责|父|母|子女|拼音|英文|曾用|单位|户主|领导|推荐|站长|组长|填表",
    ),
    (Column.OCCUPATION, r"职业|工种", r"资格|证|等级|代码|年限|时间|编号|病|伤害"),
    (Column.NOTE, r"备注", r"$^"),
)
_BRACKETS = re.compile(r"[(\[{【〔<《「].*?[)\]}】〕>》」]|[(\[{【〔].*$")
_NO_WORD = re.compile(r"[^\w\u3400-\u9fff]+")


@dataclass(slots=True)
class Header:
    """`groups`: one {column: sheet column} a block of people standing side by side; nearly always one.

    `rows` it takes. `unknown`: headers nobody knows, as written.
    """

    last_row: int
    groups: list[dict[Column, int]]
    unknown: list[str] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[Column]:
        return [each for each in NEEDED if each not in self.groups[0]]


def folded(text: str) -> str:
    """Full-width as half-width, without anything that is not a letter or a digit, small letters."""
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text)).lower()


def column_for(text: str) -> tuple[Column, bool] | None:
    """The column a header means, and whether it is a word of ours as a whole."""
    if len(text) > 60:
        return None
    plain = unicodedata.normalize("NFKC", text)
    for each in (folded(_BRACKETS.sub("", plain)), folded(plain)):
        if each in _BY_WORD:
            return _BY_WORD[each], each not in _WEAK
    whole = folded(plain)
    if whole == "id":
        return Column.ID_NUMBER, False
    if len(whole) <= 20:
        for column, holds, but in _PARTS:
            if re.search(holds, whole) and not re.search(but, whole):
                return column, False
    return None


def known_in(texts: Sequence[str]) -> int:
    """How many different columns we know among these."""
    return len({found[0] for text in texts if (found := column_for(text)) is not None})


def find(rows: Sequence[SheetRow]) -> Header | None:
    """The header among the first rows of a sheet: the row, or two rows, that name most; at least the name or
    the ID number, and two columns in all."""
    best: tuple[int, Header] | None = None
    for n, row in enumerate(rows):
        for below in (None, rows[n + 1] if n + 1 < len(rows) else None):
            if below is not None and below.number != row.number + 1:
                continue
            header = _read(row, below)
            if header is None:
                continue
            worth = len({column for group in header.groups for column in group})
            if best is None or worth > best[0]:
                best = (worth, header)
    return best[1] if best else None


def _read(row: SheetRow, below: SheetRow | None) -> Header | None:
    cells = {cell.column: cell.text for cell in row.cells}
    found = {column: each for column, text in cells.items() if (each := column_for(text))}
    if below is not None:
        alone = max(len(found), known_in([cell.text for cell in below.cells]))
        if any(_is_data(cell) for cell in below.cells):
            return None
        for cell in below.cells:
            each = column_for(cell.text)
            if each is None and cell.column in cells:
                each = column_for(cells[cell.column] + cell.text)
            if each is not None:
                found[cell.column] = each
            cells[cell.column] = cells.get(cell.column, "") + cell.text
        if len(found) <= alone:
            return None
    columns = {column for column, _ in found.values()}
    if len(columns) < 2 or not columns & {Column.NAME, Column.ID_NUMBER}:
        return None
    groups = _groups(found)
    taken = {column for group in groups for column in group.values()}
    unknown = [text.strip() for column, text in sorted(cells.items()) if column not in taken]
    return Header(below.number if below else row.number, groups, unknown, cells)


def _is_data(cell: Cell) -> bool:
    """A long number in what would be a second header row: it is a person already."""
    return bool(re.search(r"\d{6,}", unicodedata.normalize("NFKC", cell.text)))


def _groups(found: dict[int, tuple[Column, bool]]) -> list[dict[Column, int]]:
    """People side by side repeat the same words; else a word of ours wins over part of a longer one, and the
    left over the right."""
    exact = [at for at, (column, whole) in sorted(found.items()) if column is Column.NAME and whole]
    ids = [at for at, (column, whole) in sorted(found.items()) if column is Column.ID_NUMBER and whole]
    if len(exact) > 1 and len(ids) == len(exact):
        ends = [*exact[1:], max(found) + 1]
        start = min(found)
        blocks = []
        for begin, end in zip([start, *exact[1:]], ends, strict=True):
            blocks.append(_one({at: each for at, each in found.items() if begin <= at < end}))
        return blocks
    return [_one(found)]


def _one(found: dict[int, tuple[Column, bool]]) -> dict[Column, int]:
    group: dict[Column, int] = {}
    for whole in (True, False):
        for at, (column, is_whole) in sorted(found.items()):
            if is_whole is whole:
                group.setdefault(column, at)
    return group
