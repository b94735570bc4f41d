"""What people type and paste, for both sides: functions read it in tests/kernel, pages in tests/site."""

from __future__ import annotations

import random

from chalicelib.coverage.rules import numbers

UNSEEN = [
    *"\0\x08\x1f\x7f\x85\x9f\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069",
    *"\ufe0f\ufeff\U000e0020\U000e0100",
]
SPACES = [*" \t\n\r\xa0\u1680\u2002\u2007\u2009\u200a\u2028\u202f\u205f\u3000"]
MOBILE, ID_NUMBER, CODE, CHECK = "19900001234", "99000019900101005X", "123456", "K7M2P9QX"
NUMBER = numbers.number("10203040506")


def full_width(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def pasted(text: str, spaces: bool = True, kinds: int = 30) -> list[str]:
    """`text` in the ways it arrives: unseen characters and spaces in and around it, full-width, small."""
    dice = random.Random(text)
    ways = [text, full_width(text), full_width(text.lower()), f"\u3000{text}\xa0"]
    for each in UNSEEN + (SPACES if spaces else []):
        place = dice.randrange(1, len(text)) if len(text) > 1 else 0
        ways.append(each + text[:place] + each + text[place:] + each)
    for _ in range(kinds):
        spelt = "".join(
            each + "".join(dice.sample(UNSEEN + (SPACES if spaces else []), dice.randrange(3)))
            for each in (full_width(text) if dice.random() < 0.5 else text)
        )
        ways.append(spelt)
    return ways


# As typed: as it is kept.
NAMES = {
    "张三": "张三",
    "张": "张",
    "张 三": "张三",
    "张\u3000三": "张三",
    "〇一": "〇一",
    "石佳\U0002ebf0": "石佳\U0002ebf0",  # U+2EBF0: Unicode 15.1, unknown to Python 3.11
    "\U00031350\U000323af": "\U00031350\U000323af",  # U+31350: Unicode 15
    "刘\U00030000": "刘\U00030000",
    "王\ue5e5": "王\ue5e5",  # what an old register prints a rare character with
    "㐆㑇": "㐆㑇",
    "\U00020000": "\U00020000",
    "⽅⽯": "方石",  # radicals, out of a PDF
    "葛\U000e0100城": "葛城",  # the variant of a glyph
    "买买提·阿卜杜拉": "买买提·阿卜杜拉",
    **{f"买买提{dot}阿卜杜拉": "买买提·阿卜杜拉" for dot in "・‧．•·.･∙⋅。﹒●"},
    "买买提 · 阿卜杜拉": "买买提·阿卜杜拉",
    "买买提··阿卜杜拉": "买买提·阿卜杜拉",
    "JEAN-PAUL O'BRIEN": "JEAN-PAUL O'BRIEN",
    "Jean‐Paul  O’Brien": "Jean-Paul O'Brien",
    "ＪＯＨＮ　ＳＭＩＴＨ": "JOHN SMITH",
    "JOHN A. SMITH": "JOHN A·SMITH",
    "Jose\u0301": "José",
    "ئابدۇللا": "ئابدۇللا",
    "བསོད་ནམས": "བསོད་ནམས",
    "김": "김",
    "阿" * 40: "阿" * 40,
    "\U00031350" * 40: "\U00031350" * 40,
}
NO_NAMES = [
    "", " ", "\u200b\ufeff", "张3", "张３", "张①", "张²", "٣", "张😀", "😀", "👨‍👩‍👧", "张❤️", "张三<b>",
    "=1+1", "张+", "-张", "张-", "·张", "张·", "'", "张--三", "张_三", "张™", "张℃", "张Ⅷ", "张，三",
    "张、三", "张三（男）", "张/三", "阿" * 41, "\U00031350" * 41, "\U0001d7d9", "\U0001ccf1", "\x1b[31m",
    "a\u0338",
]  # fmt: skip

# Of a certificate's number, NUMBER, besides what is pasted along.
NUMBERS = [
    NUMBER,
    NUMBER[2:],
    NUMBER.lower(),
    f"{NUMBER[:2]}-{NUMBER[2:8]}-{NUMBER[8:]}",
    f"{NUMBER[:2]}—{NUMBER[2:8]}－{NUMBER[8:]}",
    NUMBER.replace("0", "O"),
    NUMBER.replace("0", "o").replace("1", "l"),
    NUMBER.replace("1", "I"),
    full_width(NUMBER[2:].replace("0", "o")),
]
NO_NUMBERS = [
    "", "-", "HZ", NUMBER[:-1], NUMBER + "0", NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10),
    "XX" + NUMBER[2:],    "HZ" + NUMBER, "X" * 3000, "凭证", NUMBER[:5] + "S" + NUMBER[6:],
]  # fmt: skip
