"""Names that others chose: how they are decoded, shown, and when one may become a folder."""

import re
import unicodedata

MAX_PART = 255  # bytes of a name in a file system
MAX_STUDENT, MAX_STUDENT_BYTES = 128, 200  # characters in nbgrader's gradebook; bytes, as a file is called after it
PUNCTUATION = " .@+-_'’·・,()"  # what may stand inside a student's name beside letters, marks and digits
JOINERS = "\u200c\u200d"  # invisible, and part of how some scripts are written
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Code page 437's accented Latin letters; what else lies above 127 in it are lines, signs and Greek.
_LATIN_437 = re.compile(rb"[\x00-\x9a\x9f-\xa5\xe1]*")
MOVES = str.maketrans({"\\": "/"})


def decode_name(raw: bytes, *, utf8: bytes | None = None) -> str:
    """A name in an archive that may not say how it is written.

    A name that the archive gives in UTF-8 beside the other is taken. Otherwise it is UTF-8 if it can be read as that,
    code page 437 if all of it is Latin letters there, GB 18030 (Chinese Windows) if it can be read as that, else 437.
    """
    for data in (utf8, raw):
        if data is not None:
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                continue
    if not _LATIN_437.fullmatch(raw):
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return raw.decode("cp437")


def shown(text: str, limit: int = 70) -> str:
    """Text as it may be printed: characters that steer a terminal or turn its direction are spelled out."""
    plain = "".join(c.encode("unicode_escape").decode() if _steers(c) else c for c in text[: 2 * limit])
    return plain if len(plain) <= limit else f"{plain[: limit // 2 - 1]}…{plain[-limit // 2 :]}"


def place_of(path: str) -> tuple[str, ...]:
    """Folders and name of an archive's member, with accents composed.

    Raises:
        ValueError: the path leads out of the archive, or is no name on every system.
    """
    parts = unicodedata.normalize("NFC", path.translate(MOVES)).split("/")
    if parts[0] == "" or ".." in parts:
        raise ValueError("its path leads out of the archive")
    parts = [part for part in parts if part not in ("", ".")]
    if not parts:
        raise ValueError("it has no name")
    for part in parts:
        if ":" in part:
            raise ValueError("there is a colon in its path")
        if any(map(_steers, part)):
            raise ValueError("there are control or direction characters in its path")
        if len(part.encode()) > MAX_PART:
            raise ValueError(f"a name of {len(part.encode())} bytes in its path, at most {MAX_PART} are allowed")
    return tuple(parts)


def student_name(text: str) -> str:
    """A student's name with accents composed, spaces plain, and without marks that choose a glyph."""
    text = _SELECTORS.sub("", unicodedata.normalize("NFC", text))
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def name_problem(name: str) -> str | None:
    """Why a student cannot be called this, as the name becomes a folder and stands in commands."""
    if len(name) > MAX_STUDENT or len(name.encode("utf-8", "replace")) > MAX_STUDENT_BYTES:
        return f"a student's name of {len(name)} characters; at most {MAX_STUDENT}, or {MAX_STUDENT_BYTES} bytes"
    if not name or not (name[0] == "_" or unicodedata.category(name[0])[0] in "LN"):
        return "a student's name begins with a letter or a digit"
    if name[-1] in " .":
        return "a student's name does not end in a space or a dot"
    if _DEVICE.fullmatch(name):
        return "a student's name that Windows keeps for a device"
    for place, character in enumerate(name):
        plain = unicodedata.category(character)[0] in "LMN" or character in PUNCTUATION
        if not plain and not _joins(name, place):
            allowed = f"letters of any script, digits and {PUNCTUATION.strip()} are allowed"
            return f"U+{ord(character):04X} in a student's name; {allowed}"
    return None


def _joins(name: str, place: int) -> bool:
    """Whether an invisible joiner stands where writing needs one: after a virama, or between Arabic letters."""
    if name[place] not in JOINERS or place + 1 == len(name):
        return False
    before, after = name[place - 1], name[place + 1]
    arabic = all(unicodedata.name(c, "").startswith("ARABIC LETTER") for c in (before, after))
    return unicodedata.combining(before) == 9 or arabic


def _steers(character: str) -> bool:
    return not character.isprintable() and character not in JOINERS
