"""What texts are made of in the languages whose encodings are told apart: how often each character comes, as
logarithms.

The figures are assumed, the order of the characters was counted in names of places and in translated
programs. Of Chinese 4 of 5 characters are among the 800 listed, most others in the first level of GB 2312 or
Big5.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.geometry.arrays import Floats, Integers

#: Chinese: what place names, addresses and registers are made of, then the rest of the most frequent
#: characters, then both as traditional script writes them where it differs.
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
#: Korean syllables, kanji of Japanese names and texts, the most frequent first.
HANGUL = (
    "국공화아시도리스이주니구가라사르제지로마바광인대유자다트비나남하서역드회동한에네별특오기산세코카수우고북전루부경천왕길포민거모키란연프크레미"
    "치어정타상영식중강원방보군의성베을령소티탄김은일요양청호선파테온슬개브초울람습랑과충를토안그금메발디종말웨투앙월진조용단버페해읍입면삼노체피"
    "벨번는두현문합와반예박터잠신알올츠재헤봉케클글밀간백뉴랜위필몰엘즈릉논행력데없택통템려생랍야되팔씨누독쿠평분관른태갈락만언완탈덴폴학볼섬골질"
    "얀덜핀튀더장홍린몬룬콩값윤플않차너벌있적압실석푸음래삭할변최션당름된준링촌러항여뷰텐권작건히확엔집본철출셔맨턴으들송룹앤계살멘불형랩윈틱등난"
    "감싱매헨잔콜롬헝흐룩셈슈멕몽었릿첨숙론칼욕셜츄냉탱롱셸옌앵귈콰곤렘롤짐칠캄캔냐퀘벡켈립팡명설목날짜저빛센겨류랫추넥록판황악워순활획희흥폼능효"
    "증웍술훈존함젝또든새델열숫속덕후솔옥액했내째춘것표각처게임승병무였십콘닙허룡횡았못객업배빈결운같찾복곱렉괴달까련됩며범손혜채창됨겠받애돌근및"
)
KANJI = (
    "会社藤田合同国有限式株中山木共和本林村佐橋鈴島川小高保井水設険信印建報上情伊行語通刷松岡加渡辺鉱業農気電銀品月運輸食吉産口区下石州部崎日市前"
    "北東連西南選池択数王後入力諸斎除長阿近変削値効清森字更青谷原遠時用太正邦福認文斉坂三以浦町郡大定間及要必存別示無使理追表名横浜領新関確可目付"
    "英個作在分主韓曜一多列特民台操証番形管能内不整全度生環野神今送見利公義取込複切明持衆仏礁都県極赤道京港香未指摩化方米現空実場対最含金土千富奈"
    "城宮件成権登録修再替八旛津武知央絞性集項刻検記由先既者年火半角重範囲点子丈独立政兵庫葉陸湾嘉梨根彰愛媛潟栃滋賀熊秋紅海聖庁花蓮首鳥編解戻元外"
    "続動許例須所始週計地少代栄白里御宿九蔵瀬沢詳細履歴護型忘何索問適順他進失頭号致低拡張各機桁倍第画像結果閉法非届自二題読探午矢境昨敗人似的違終"
    "並超配開秒絶引組説出覧箇述換線基底決肢真偽制差浮接足投候補体世寺墨網夷隅笠十芝久留板戸塚鶴江稲練馬荒奥檜豊睦柄梅古当素押象過去回次条規優位概"
    "発告待昇降申訳夫求種遅参照末尾容済競試程平属与般短姓様辞書欠落完移右期起広応釈曖昧隠断助貢献約反際構禁止来厳密改竄得稿両簡静親功繁票汎意識壊"
    "丁條澤濱丘栗柏柳椿桜桃杉竹萩菊葛茅鷹鷲亀猪鹿駒牧鴨鯉鮎舞笹篠狭窪坪堀堤樋畑畠磯浅深渋駅座袋墓園館階室棟団営祭祇嵯峨堂院浄泉湯滝峠岬岳峰麓沼潮"
    "汐泊船街辻筋"
)
#: Languages of letters: those beyond ASCII, in small, the most frequent first.
ALPHABETS = {
    "Russian": "аоеринсклтвдупмбяйгьзышчхжфцэющёъ",
    "Ukrainian": "аонерікслтвиудбмьпйгязчхшцжфщюєїґ",
    "Belarusian": "анілеысркяпсдцьвмзоутбўэчгшйхжюёф",
    "Bulgarian": "аиоенрклвтсдбпумягзчъйжцшфхющь",
    "Serbian": "аиеонтрсдкмвулпјзбгшцчњжљфћхђџ",
    "Kazakh": "аеітнрылсдзбқомкуңигжөшйұғпүяәвъфчхцэюьщ",
    "Greek": "αοτιρνκεμςίυληπάδσγβόωέήύχφζθώξϊψΐϋΰ",
    "Hebrew": "יותהלארשמבנסחדםעקפכןטגזצךףץ",
    "Arabic": "اليمتنرودةحأعقبسكفهجخصإذىطثغضشئءزآظؤ",
    "Thai": "นารเัอกมิลีส์ตวดยบงถ่ทหุซ้จะคโชูปแธพำณไษขฐศืฟใญภฉผฎฏฌฒฑฮฤฆฬๆฯ",
    "Western European": "éáíóöüäèñçãàêßåúôøîâõëïæìòùðý",
    "German": "ßäöüé",
    "French": "éèêçîàôïûëâœùæÿ",
    "Spanish": "óáíñéúüºª¿¡",
    "Catalan": "óàèéíçòúïü",
    "Portuguese": "ãçáóéíúõêâôàº",
    "Italian": "àèéòùì",
    "Nordic": "åäöøæéáüðíóþýú",
    "Dutch": "ëïéèöü",
    "Polish": "łóńżśęąćź",
    "Czech": "áíéěřýčžšůúňťďó",
    "Slovak": "áíéýčžšúťľňôóďäĺŕ",
    "Slovene": "čšžćđ",
    "Hungarian": "áéöóőüúíű",
    "Romanian": "ăâîșțşţ",
    "Turkish": "ıüşİçğöâîû",
    "Estonian": "äõüöšž",
    "Latvian": "āīēšūļņģžķčŗ",
    "Lithuanian": "ųšžėįąūčę",
}
FULL = (
    "Russian",
    "Ukrainian",
    "Belarusian",
    "Bulgarian",
    "Serbian",
    "Kazakh",
    "Greek",
    "Hebrew",
    "Arabic",
    "Thai",
)
#: Languages in which a file can be written; "any" is several in one, which only an encoding of all characters
#: can hold.
LANGUAGES = ("Chinese", "Japanese", "Korean", *ALPHABETS, "any")
#: The languages that an encoding is made for; one that is not listed is for those of letters (ALPHABETS).
HELD = {
    "utf-8": LANGUAGES,
    **dict.fromkeys(("gb18030", "cp950", "big5hkscs"), ("Chinese", "Russian", "Greek")),
    "cp949": ("Korean", "Russian", "Greek"),
    **dict.fromkeys(("cp932", "euc_jp"), ("Japanese", "Russian", "Greek")),
}
CUT = "\x00"

#: How often one character comes, by what it is.
ASCII, COMMON, CJK_MARK, LEVEL_1, LEVEL_2, OTHER = 2e-2, 1e-3, 1e-3, 6e-5, 8e-6, 1e-6
CUT_OFF, NEVER = 1e-5, 1e-9
KANA, SYLLABLE, RARE_SYLLABLE, HALF_WIDTH, FOREIGN_HANZI = 4e-3, 2.5e-3, 1e-4, 1e-5, 1e-8
SIGN, USUAL_SIGN, FOREIGN_LETTER, ANY_LETTER = 1e-5, 1e-3, 1.5e-4, 3e-4
#: Of an alphabet the first letter, and how fast the others get rarer: full ones, letters with marks.
FULL_FIRST, FULL_FALL, MARKED_FIRST, MARKED_FALL, LETTER_LEAST = 0.1, 9.0, 0.012, 4.0, 3e-4
#: A character that comes oftener than so is usual.
USUAL = 2e-4
#: A capital letter instead of the small one: at the beginning of a word, after another capital, after a small
#: letter.
CAPITAL, CAPITALS, CAPITAL_INSIDE = 0.3, 0.4, 0.01
#: A letter of ASCII beside one of another alphabet, and a small one beside a character of Chinese, Japanese
#: or Korean.
SCRIPTS_IN_A_WORD, HAN_IN_A_WORD = 1e-3, 0.02
#: A sign such as ” or ³ after a small letter, and before one.
MARK_AFTER, MARK_BEFORE = 0.3, 0.05
#: Letters beyond so many of a word.
WORD_MOST, LONG_WORD = 16, 0.2
#: The same letter twice.
AGAIN = 0.1
#: Characters by what stands beside them: small and capital letters of Latin script, of Cyrillic and Greek,
#: letters without case, characters of Chinese, Japanese and Korean, signs.
KINDS = range(8)
LATIN, OTHER_CASED, UNCASED, HAN, MARK = (1, 2), (3, 4), 5, 6, 7


class Fit(NamedTuple):
    """How likely a text is in the language in which it is likeliest."""

    language: str
    """The one in which it is likeliest: one of LANGUAGES."""
    log_probability: float
    """Natural logarithm, up to a constant."""
    common: float
    """Share of the characters beyond ASCII that are usual in that language; nan: there are none."""


def fit(text: str, encoding: str) -> Fit:
    """How likely a text is in the language in which it is likeliest, of those of its encoding.

    Parameters
    ----------
    text : str
    encoding : str
        Name of the codec that it was decoded with: HELD says for which languages that is made.

    Returns
    -------
    Fit

    Notes
    -----
    The logarithms of the assumed frequencies of its characters are added up, and what it costs that they
    stand beside each other as they do.
    """
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4"), 0xFFFF)
    there, counts = np.unique(codes, return_counts=True)
    languages = [i for i, name in enumerate(LANGUAGES) if name in HELD.get(encoding, ALPHABETS)]
    table = _log_frequencies()[languages][:, there]
    totals = table @ counts + _of_neighbours(codes)
    best = int(np.argmax(totals))
    beyond = there > 127
    usual = table[best] > np.log(USUAL)
    share = float(counts[beyond & usual].sum() / counts[beyond].sum()) if beyond.any() else float("nan")
    return Fit(LANGUAGES[languages[best]], float(totals[best]), share)


def _of_neighbours(codes: Integers) -> float:
    """What it costs that letters stand beside each other as they do; those of ASCII nothing, because all
    encodings read them alike.
    """
    kinds = _kinds()[codes]
    pairs = (codes[1:] > 127) | (codes[:-1] > 127)
    counts = np.bincount(
        kinds[:-1][pairs].astype(int) * len(KINDS) + kinds[1:][pairs], minlength=len(KINDS) ** 2
    )
    letter = (kinds > 0) & (kinds < HAN)
    place = np.arange(len(kinds))
    in_word = place - np.maximum.accumulate(np.where(letter, -1, place))
    long = ((in_word > WORD_MOST) & (codes > 127)).sum()
    again = ((codes[1:] == codes[:-1]) & (codes[1:] > 127) & letter[1:]).sum()
    return float(counts @ _log_of_neighbours() + long * np.log(LONG_WORD) + again * np.log(AGAIN))


@cache
def _log_of_neighbours() -> Floats:
    """By kind of the first character and kind of the second, in one row."""
    table = np.ones((len(KINDS), len(KINDS)))
    for script in (LATIN, OTHER_CASED):
        small, capital = script
        table[:, capital] = CAPITAL
        table[capital, capital] = CAPITALS
        table[small, capital] = CAPITAL_INSIDE
    for other in (*OTHER_CASED, UNCASED):
        table[other, LATIN] = table[LATIN, other] = SCRIPTS_IN_A_WORD
    for small in (LATIN[0], OTHER_CASED[0]):
        table[small, MARK], table[MARK, small] = MARK_AFTER, MARK_BEFORE
    table[LATIN[0], HAN] = table[HAN, LATIN[0]] = HAN_IN_A_WORD
    return np.asarray(np.log(table).ravel())


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind (KINDS) of each character of the basic plane."""
    out = np.zeros(0x10000, dtype=np.uint8)
    for code in (*range(0x80), *range(0xC0, 0x530), *range(0x1E00, 0x2000)):
        letter = chr(code)
        if letter.isalpha():
            kinds = OTHER_CASED if 0x370 <= code < 0x530 else LATIN
            out[code] = kinds[letter.isupper()]
    out[0x5D0:0x700] = out[0xE00:0xE80] = UNCASED
    out[0x2E80:0xA000] = out[0xAC00:0xD7A4] = out[0xFF00:0xFFEF] = HAN
    out[_codes("“”„«»°№–—§·²³ºª")] = MARK
    return out


@cache
def _log_frequencies() -> NDArray[np.float32]:
    """By language and character of the basic plane; that of U+FFFF goes for all characters beyond it."""
    base = np.full(0x10000, OTHER)
    base[0x2000:0x2E80] = base[0xA0:0xC0] = SIGN
    base[0x20:0x7F] = base[[9, 10, 13]] = ASCII
    base[0x3400:0xA000] = FOREIGN_HANZI
    letters = base.copy()
    letters[0xC0:0x250] = FOREIGN_LETTER
    letters[_codes("«»°№–—‘’“”„·§²³ºª")] = USUAL_SIGN
    chinese = base.copy()
    chinese[0x4E00:0xA000] = OTHER
    chinese[_codes(_table("gb2312", range(0xD8, 0xF8), range(0xA1, 0xFF)))] = LEVEL_2
    chinese[_codes(_table("cp950", range(0xC9, 0xFA), _BIG5_TRAILS))] = LEVEL_2
    japanese = chinese.copy()
    chinese[_codes(_table("cp950", range(0xA4, 0xC7), _BIG5_TRAILS))] = LEVEL_1
    chinese[_codes(_table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)))] = LEVEL_1
    japanese[0x4E00:0xA000] = OTHER
    japanese[_codes(_table("euc_jp", range(0xD0, 0xF5), range(0xA1, 0xFF)))] = LEVEL_2
    japanese[_codes(_table("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)))] = LEVEL_1
    korean = base.copy()
    korean[_codes(_table("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)))] = RARE_SYLLABLE
    for table, usual in ((chinese, PLACES + FREQUENT + TRADITIONAL), (japanese, KANJI), (korean, HANGUL)):
        table[0x3000:0x3020] = table[0xFF00:0xFF60] = CJK_MARK
        table[_codes("“”‘’—…㎡㎥·")] = CJK_MARK
        table[_codes(usual)] = COMMON if table is not korean else SYLLABLE
    japanese[0x3041:0x30FF] = KANA
    japanese[0xFF61:0xFFA0] = HALF_WIDTH
    anything = np.maximum(np.maximum(chinese, korean), japanese) / 3
    anything[0x20:0x7F] = anything[[9, 10, 13]] = ASCII
    for first, last in (
        (0xC0, 0x250),
        (0x370, 0x460),
        (0x5D0, 0x700),
        (0xE00, 0xE80),
        (0x1E00, 0x2000),
        (0xAC00, 0xD7A4),
    ):
        anything[first:last] = np.maximum(anything[first:last], ANY_LETTER)
    anything[0x2000:0x2E80] = anything[0xA0:0xC0] = 10 * SIGN
    tables = [chinese, japanese, korean, *(_of_alphabet(letters, name) for name in ALPHABETS), anything]
    for table in tables:
        table[:0x20][[i for i in range(0x20) if i not in (9, 10, 13)]] = table[0x7F:0xA0] = table[
            0xD800:0xF900
        ] = table[0xFFFD] = NEVER
        table[ord(CUT)] = CUT_OFF
    anything[0x80:0xA0] = SIGN  # what UTF-8 that was taken for Latin-1 is full of
    return np.asarray(np.log(np.array(tables, dtype=np.float32)))


def _of_alphabet(base: Floats, name: str) -> Floats:
    """How often each character comes in a language of letters."""
    table, letters, full = base.copy(), dict.fromkeys(ALPHABETS[name]), name in FULL
    first, fall = (FULL_FIRST, FULL_FALL) if full else (MARKED_FIRST, MARKED_FALL)
    for rank, letter in enumerate(letters):
        table[_codes(letter + letter.upper())] = max(first * float(np.exp(-rank / fall)), LETTER_LEAST)
    return table


_BIG5_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))


def _codes(characters: str) -> list[int]:
    return [ord(c) for c in characters if ord(c) > 127]


def _table(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> str:
    trails = list(trails)
    return bytes(byte for lead in leads for trail in trails for byte in (lead, trail)).decode(
        encoding, errors="ignore"
    )
