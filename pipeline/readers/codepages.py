"""What an encoding is called: by people, in a .cpg, in the byte of a DBF that names its language driver."""

from __future__ import annotations

import codecs
import re

#: Encodings by the name of a larger one that contains them, under which Python knows them.
CONTAINED = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "cp950"), "cp950"),
    **dict.fromkeys(("euc_kr", "cp949"), "cp949"),
    **dict.fromkeys(("shift_jis", "cp932"), "cp932"),
    **dict.fromkeys(("ascii", "iso8859-1", "cp1252"), "cp1252"),
    **dict.fromkeys(("iso8859-9", "cp1254"), "cp1254"),
    **dict.fromkeys(("iso8859-11", "tis-620", "cp874"), "cp874"),
    "utf-8-sig": "utf-8",
}
#: As they are printed, and may be written in the configuration.
PRINTED = {
    "cp950": "big5",
    "cp949": "euc-kr",
    "cp932": "shift_jis",
    "euc_jp": "euc-jp",
    "iso8859-2": "iso-8859-2",
    "iso8859-5": "iso-8859-5",
}
#: Numbers of Windows code pages that Python calls otherwise.
NUMBERS = {
    "65001": "utf-8",
    "1200": "utf-16",
    "936": "gb18030",
    "54936": "gb18030",
    "20936": "gb18030",
    "51936": "gb18030",
    "932": "cp932",
    "51932": "euc_jp",
    "20932": "euc_jp",
    "51949": "cp949",
    "20949": "cp949",
    "1361": "johab",
    "20866": "koi8_r",
    "21866": "koi8_u",
    "20127": "ascii",
    "10000": "mac-roman",
    "10007": "mac-cyrillic",
    "10029": "mac-latin2",
    "10006": "mac-greek",
    "10081": "mac-turkish",
    **{str(28590 + n): f"iso8859-{n}" for n in range(1, 16)},
    **{f"8859{n}": f"iso8859-{n}" for n in range(1, 17)},
}
ALIASES = {
    **dict.fromkeys(("xsjis", "sjis", "mskanji", "ms932", "windows31j", "japanese"), "cp932"),
    **dict.fromkeys(("ksc56011987", "ksc5601", "uhc", "ms949", "korean", "euckr"), "cp949"),
    **dict.fromkeys(("chinese", "gb231280", "euccn", "xgbk", "ms936"), "gb18030"),
    **dict.fromkeys(("big5eten", "xbig5", "ms950"), "cp950"),
    "big5hkscs": "big5hkscs",
    "latin1": "iso8859-1",
    "latin2": "iso8859-2",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "koi8": "koi8_r",
    "unicodeutf8": "utf-8",
    "cputf8": "utf-8",
}
#: Codecs of Python that are no encoding of a table.
NO_TEXT = frozenset(
    ("unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined", "mbcs", "oem")
)
#: Byte 29 of a DBF, its language driver, as dBASE, FoxPro and ESRI number them.
LANGUAGE_DRIVERS = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x03, 0x57, 0x58, 0x59), "cp1252"),
    0x04: "mac-roman",
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"),
    **dict.fromkeys((0x13, 0x7B), "cp932"),
    **dict.fromkeys((0x1C, 0x6C), "cp863"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"),
    0x24: "cp860",
    **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x4D, 0x7A), "gb18030"),
    **dict.fromkeys((0x4E, 0x79), "cp949"),
    **dict.fromkeys((0x4F, 0x78), "cp950"),
    **dict.fromkeys((0x50, 0x7C), "cp874"),
    0x67: "cp861",
    **dict.fromkeys((0x6A, 0x86), "cp737"),
    **dict.fromkeys((0x6B, 0x88), "cp857"),
    0x7D: "cp1255",
    0x7E: "cp1256",
    0x96: "mac-cyrillic",
    0x97: "mac-latin2",
    0x98: "mac-greek",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
#: Language drivers that any program leaves there, whatever the text is in.
VAGUE_DRIVERS = frozenset((0x01, 0x03, 0x57))


def known(label: str) -> str:
    """The codec that a label means, such as the text of a .cpg ("88591", "ANSI 1252", "GBK").

    Parameters
    ----------
    label : str

    Returns
    -------
    str
        Name of the codec as Python has it; "" for a label that nobody knows. Of encodings that contain each
        other it is the larger one: GB18030 for GBK, code page 1252 for ISO-8859-1.
    """
    folded = label.strip().strip("\x00\ufeff").strip().lower()
    if found := re.fullmatch(r"ldid\s*/\s*(\d+)", folded):
        return LANGUAGE_DRIVERS.get(int(found[1]), "")
    plain = re.sub(r"[\s_./():-]", "", folded)
    bare = re.sub(r"^(?:ansi|oem|dos|codepage|cp|windows|win|ibm|ms|iso|x)+(?=\d)", "", plain)
    number = NUMBERS.get(bare) or (f"cp{bare}" if bare.isdigit() else "")
    for name in (number, ALIASES.get(plain, ""), folded):
        codec = _python_name(name) if name else ""
        if codec and codec not in NO_TEXT:
            return CONTAINED.get(codec, codec)
    return ""


def keeps_ascii(codec: str) -> bool:
    """Whether bytes of ASCII mean in it what they mean in ASCII, as in every text of a DBF.

    Parameters
    ----------
    codec : str

    Returns
    -------
    bool
    """
    plain = bytes(range(0x20, 0x7F))
    return plain.decode(codec, errors="replace") == plain.decode("ascii")


def printed(codec: str) -> str:
    """A codec's name as people know it.

    Parameters
    ----------
    codec : str

    Returns
    -------
    str
    """
    return PRINTED.get(codec, codec.replace("_", "-"))


def _python_name(name: str) -> str:
    """The codec of that name as Python calls it; "" for none that makes text of bytes."""
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return ""
