"""Which encoding a file's text is in: weighed over all of its text, never told from the first row.

Bytes of GBK, Big5 and UTF-8 often decode as each other, so what decodes proves little. What weighs is how likely the
characters are that come out: Chinese names and addresses are mostly made of the same few hundred characters, and a wrong
reading is made of rare ones (UTF-8 read as GBK: 锘 鐨 浠). For each candidate the probability of the text is computed,
character by character; a label (.cpg, byte 29 of a DBF) makes its candidate likelier, and can be overruled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from pipeline.sources.errors import SourceError, rows_text

#: GB18030 contains GBK and GB2312; code page 950 is Big5 with the seven characters that Windows adds, 恒 among them.
CANDIDATES = ("utf-8", "gb18030", "cp950")
CANONICAL = {
    "936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "ansi 936": "gb18030",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "65001": "utf-8",
    "950": "cp950",
    "big5": "cp950",
    "big-5": "cp950",
    "ansi 950": "cp950",
}
PRINTED = {"cp950": "big5"}
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

#: Texts that are weighed at most, evenly spread over the sorted distinct ones.
WEIGHED_TEXTS = 5_000
#: How much likelier its label makes an encoding.
LABEL_ODDS = 20.0
#: Before looking: how often text in nobody's candidate encoding comes along.
FOREIGN_ODDS = 1e-2
#: Below this a note asks for a look.
SURE = 0.9
#: Fewer common characters than this in text that decodes: it was probably spoilt before it was saved.
COMMON_SHARE_MIN = 0.2
LOST, CUT = "\ufffd", "\x00"

#: What place names, addresses and registers are made of, then the rest of the most frequent characters, then both as
#: traditional script writes them where it differs.
PLACES = (
    "路街巷弄号栋幢楼座单元室层区市县镇乡村屯庄省州州府小大新老南北东西中上下前后里外内左右花园苑庭院寓公馆城堡湾山水河江湖海桥港口岛岸"
    "林森树木松柏竹梅兰菊桃李杏柳杨桂荷莲枫榆槐石沙土田地坡岭峰谷溪泉池塘井沟坝堤道线段环站场厂矿所局处科校学医门广星月日光明阳春夏秋冬"
    "金银铜铁玉珠宝龙凤马牛羊虎鹤燕鸿福禄寿喜康安宁平和顺兴旺盛昌隆发达富贵荣华丰泰祥瑞吉庆永久长远恒德仁义礼信忠孝文武英雄胜利解放建设"
    "民人国家政府党团工农商学兵红旗黄绿蓝青白黑紫天地玄宇宙万千百十一二三四五六七八九零〇双甲乙丙丁物业管理有限责任公司服务房产置开发居委"
    "会社道办事处街坊滨浦苏沪京津渝粤闽浙皖赣湘鄂豫冀鲁晋陕甘青宁新藏川黔滇桂琼辽吉黑蒙港澳台连岗沈博爱丰登北关贺香炉礁锦秀云八日站"
    "胥桐泾姑吴沧浪干将狮葑阊虎丘相娄盘齐凤凰观前平江临顿养育巷侧旁交汇角边近附"
)
FREQUENT = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学"
    "如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及"
    "比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统"
    "区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运笔造史风布改支县未图查引证示料注局费服收包百费存单房租户修缮积面栋数量约联系话编号备案类型使用年建竣共"
    "址称坐标经纬度低层砖混结构框架土木剪力墙高多无电梯消防卫生清洁绿化秩序维护考核分值季满扣主签订合同起止期限标准自治准物专业企单位原产权"
)
TRADITIONAL = (
    "號棟樓單層區縣鎮鄉莊園灣橋島樹蘭楊蓮楓榆嶺峰溪溝壩線環場廠礦處學醫門廣陽銅鐵寶龍鳳馬鶴鴻祿壽寧順興發達貴榮華豐瑞慶長遠義禮國家黨團農"
    "紅黃綠藍萬雙業責務產置開會辦蘇滬閩贛陝遼連崗瀋愛關賀爐錦雲葑閶婁盤齊觀臨頓養側匯邊這個們來為時說對過後裡種經麼現當沒動進樣還從實軍無與"
    "機將兩間問點應戰頭體見產給兒東聲員解論義認條幾氣題爾別變總電數報結則聽卻達強難權決興設記觀術領確傳師讓識帶導爭運筆圖證費單戶繕積聯係話編"
    "類備稱標經緯層磚結構牆護滿簽訂準專企臺灣縣巿橋區灣衛鐵綫劉陳張趙錢孫鄭馮許"
)

#: Classes of characters, and how often one character of the class comes in Chinese text, and in text of letters. The
#: figures are assumed: 4 of 5 characters are among the 800 listed, most others in the first level of GB 2312 or Big5.
ASCII, COMMON, PUNCTUATION, LEVEL_1, LEVEL_2, CYRILLIC, LATIN, RARE, CUT_OFF, NEVER = range(10)
FREQUENCIES = np.array(
    [
        [2e-2, 2e-2],
        [1e-3, 1e-8],
        [1e-3, 1e-4],
        [6e-5, 1e-8],
        [8e-6, 1e-8],
        [1e-6, 1e-2],
        [1e-6, 3e-3],
        [1e-6, 1e-7],
        [1e-4, 1e-4],
        [1e-9, 1e-9],
    ]
)


@dataclass(frozen=True)
class Decision:
    """Which encoding a text is in."""

    encoding: str
    """Name of the codec."""
    reason: str
    """Encoding, confidence from 0 to 1, and the evidence, as the log of the file prints it."""
    notes: tuple[str, ...] = ()
    """What the file's owner should look at."""


class DecodedFile(NamedTuple):
    """The text of a file."""

    text: str
    encoding: str
    """The encoding, and why."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """The texts as one candidate reads them."""

    encoding: str
    failed: int
    common: float
    """Share of the Chinese characters that are common; nan: there are none."""
    log_probability: float


def canonical(label: str, where: str) -> str:
    """A codec name for a label in the configuration. Raises SourceError for one that nobody knows."""
    name = known(label)
    if not name:
        raise SourceError(f"{where}: unknown encoding {label!r}; set encoding to utf-8, gb18030, big5 …")
    return name


def known(label: str) -> str:
    """A codec name for a label, such as the text of a .cpg; "" for one that nobody knows."""
    folded = label.strip().lower()
    name = CANONICAL.get(folded, folded)
    try:
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return ""
    return name


def decode_file(content: bytes, name: str, stated: str = "") -> DecodedFile:
    """The text of a file; what of it does not decode is U+FFFD, and a note says in which lines.

    `stated` (by the configuration) is taken as it is. Raises SourceError where the text of more than half of the lines
    that are not plain ASCII does not decode.
    """
    mark = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "")
    notes: tuple[str, ...] = ()
    if stated:
        encoding = canonical(stated, name)
        encoding, reason = (mark if mark.startswith(encoding) else encoding), f"{PRINTED.get(encoding, encoding)} (stated)"
    elif mark:
        encoding, reason = mark, f"{mark.removesuffix('-sig')} (its byte-order mark says so)"
    else:
        decision = decide(content.split(b"\n"), noun="lines")
        encoding, reason, notes = decision.encoding, decision.reason, decision.notes
    try:
        return DecodedFile(content.decode(encoding), reason, notes)
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="replace")
    lines = text.split("\n")
    spoilt = [i for i, line in enumerate(lines, start=1) if LOST in line]
    if 2 * len(spoilt) > sum(not line.isascii() for line in lines):
        tried = [PRINTED.get(c, c) for c in ((encoding,) if stated else CANDIDATES)]
        raise SourceError(f'{name}: its text is not {" and not ".join(tried)}; say which with encoding = "…" (cp1251, shift_jis …)')
    lost = f"lines with characters that are cut or no {PRINTED.get(encoding, encoding)}: {rows_text(spoilt).replace('row', 'line')}"
    return DecodedFile(text, reason, (*notes, f"{lost}; a cut one is dropped, others are shown as {LOST}"))


def decide(values: Iterable[bytes], hint: str = "", *, noun: str = "texts") -> Decision:
    """The encoding in which the distinct values are likeliest; `hint` is what a label states, "" or a codec name.

    A value cut inside its last character counts as decoded. The order of the values makes no difference.
    """
    distinct = sorted(value for value in set(values) if not value.isascii())
    hint = known(hint)
    if not distinct:
        return Decision(hint or "utf-8", f"{PRINTED.get(hint, hint)} (stated; plain ASCII)" if hint else "utf-8 (plain ASCII)")
    distinct = distinct[:: -(-len(distinct) // WEIGHED_TEXTS)]
    joined = b"\n".join(distinct) + b"\n"
    readings = [_read(joined, candidate) for candidate in dict.fromkeys((*CANDIDATES, *([hint] if hint else [])))]
    weights = np.array([reading.log_probability + (np.log(LABEL_ODDS) if reading.encoding == hint else 0.0) for reading in readings])
    order = np.argsort(-weights, kind="stable")
    best, second = readings[order[0]], readings[order[1]]
    unknown = _log_probability_of_bytes(joined) + np.log(FOREIGN_ODDS)
    # A text must be long enough to tell, and what it says must decode.
    with np.errstate(over="ignore"):  # of noise: the odds against all candidates are beyond any number
        confidence = (1 - best.failed / len(distinct)) / np.exp(np.append(weights, unknown) - weights.max()).sum()
    printed = PRINTED.get(best.encoding, best.encoding)
    label = "" if not hint else ", as stated" if hint == best.encoding else f", though {PRINTED.get(hint, hint)} is stated"
    evidence = (
        f"{_evidence(best, len(distinct), noun)}; {PRINTED.get(second.encoding, second.encoding)}: {_evidence(second, len(distinct), noun)}"
    )
    reason = f"{printed} ({min(confidence, 0.99):.2f}{label}: {evidence})"
    if confidence < SURE:
        note = f'its encoding is uncertain: {reason}; look at its names, and set encoding = "…" if they are wrong'
    elif best.common < COMMON_SHARE_MIN:
        note = f"{best.common:.0%} of its Chinese characters are common ones: was its text spoilt before it was saved?"
    else:
        note = ""
    return Decision(best.encoding, reason, (note,) if note else ())


def decode_value(value: bytes, encoding: str) -> tuple[str, bool]:
    """One text, and whether it lost something: its last character if that is cut, U+FFFD for what else does not decode."""
    try:
        return value.decode(encoding), False
    except UnicodeDecodeError as error:
        if error.end >= len(value):
            return value[: error.start].decode(encoding, errors="replace"), True
        return value.decode(encoding, errors="replace"), True


def _evidence(reading: _Reading, total: int, noun: str) -> str:
    if reading.failed:
        decode = f"{reading.failed:,} of {total:,} {noun} fail"
    else:
        decode = f"{'all ' if total > 1 else ''}{total:,} {noun if total > 1 else noun.removesuffix('s')} decode{'' if total > 1 else 's'}"
    return decode if np.isnan(reading.common) else f"{decode}, {reading.common:.0%} common characters"


def _read(joined: bytes, encoding: str) -> _Reading:
    text = joined.decode(encoding, errors="replace").replace(LOST + "\n", CUT + "\n")
    failed = min(sum(LOST in line for line in text.split("\n")), joined.count(b"\n")) if LOST in text else 0
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    counts = np.bincount(_classes()[np.minimum(codes, 0xFFFF)], minlength=len(FREQUENCIES))
    hanzi = counts[[COMMON, LEVEL_1, LEVEL_2, RARE]].sum()
    common = counts[COMMON] / hanzi if hanzi else float("nan")
    return _Reading(encoding, failed, common, float((counts @ np.log(FREQUENCIES)).max()))


def _log_probability_of_bytes(joined: bytes) -> float:
    """Of bytes above ASCII as if each was as likely as any other."""
    high = int((np.frombuffer(joined, dtype=np.uint8) > 127).sum())
    return float(high * np.log(1 / 128) + (len(joined) - high) * np.log(FREQUENCIES[ASCII].max()))


@cache
def _classes() -> Any:
    """The class of each character of the basic plane; of U+FFFF: that of all characters beyond it."""
    classes = np.full(0x10000, RARE, dtype=np.uint8)
    classes[:0x20] = classes[0x7F:0xA0] = classes[0xD800:0xF900] = classes[0xFFFD] = NEVER
    classes[0xC0:0x250] = LATIN
    classes[0x400:0x460] = CYRILLIC
    classes[0x20:0x7F] = classes[[9, 10, 13]] = ASCII
    classes[ord(CUT)] = CUT_OFF
    classes[0x3000:0x3020] = classes[0xFF00:0xFFEF] = PUNCTUATION
    _mark(classes, "“”‘’—…㎡㎥", PUNCTUATION)
    _mark(classes, _table("gb2312", range(0xD8, 0xF8), range(0xA1, 0xFF)), LEVEL_2)
    _mark(classes, _table("cp950", range(0xC9, 0xFA), (*range(0x40, 0x7F), *range(0xA1, 0xFF))), LEVEL_2)
    _mark(classes, _table("cp950", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))), LEVEL_1)
    _mark(classes, _table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)), LEVEL_1)
    _mark(classes, PLACES + FREQUENT + TRADITIONAL, COMMON)
    return classes


def _mark(classes: Any, characters: str, kind: int) -> None:
    classes[[ord(c) for c in characters if ord(c) > 127]] = kind


def _table(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> str:
    trails = list(trails)
    return bytes(byte for lead in leads for trail in trails for byte in (lead, trail)).decode(encoding, errors="ignore")
