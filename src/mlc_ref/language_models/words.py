"""The words of the stories, in English and Chinese: people, things, colours, places, and patterns of sentences.

A phrase is a pair of texts whose words, and marks such as ``.``, stand between spaces: what the model reads and writes
is a list of these words. Patterns have fields such as ``{who}``, in the order that each language wants.
"""

from typing import NamedTuple


class Phrase(NamedTuple):
    """The same words in both languages."""

    en: str
    zh: str

    def filled(self, **fields: "Phrase") -> "Phrase":
        """The phrase with its fields replaced, each in its language."""
        return Phrase(
            self.en.format(**{name: value.en for name, value in fields.items()}),
            self.zh.format(**{name: value.zh for name, value in fields.items()}),
        )


class Person(NamedTuple):
    """Who a story is about."""

    name: Phrase
    pronoun: Phrase


class Thing(NamedTuple):
    """What people of a story hold; ``one`` is its article and, in Chinese, its measure word."""

    name: Phrase
    one: Phrase


class Place(NamedTuple):
    """Where a story takes place: as the end of a way (``the hill``), and as where somebody is (``on the hill``)."""

    name: Phrase
    inside: Phrase


SHE, HE = Phrase("she", "她"), Phrase("he", "他")

PEOPLE = tuple(
    Person(Phrase(en, zh), pronoun)
    for en, zh, pronoun in (
        ("Lily", "莉莉", SHE), ("Tom", "汤姆", HE), ("Anna", "安娜", SHE), ("Ben", "小本", HE),
        ("Mia", "米娅", SHE), ("Sam", "山姆", HE), ("Rosa", "罗莎", SHE), ("Leo", "里奥", HE),
        ("Emma", "艾玛", SHE), ("Jack", "杰克", HE), ("Nina", "妮娜", SHE), ("Max", "马克", HE),
    )
)  # fmt: skip

THINGS = tuple(
    Thing(Phrase(f"the {en}", zh), Phrase("a", f"一 {measure}"))
    for en, zh, measure in (
        ("ball", "球", "个"), ("book", "书", "本"), ("apple", "苹果", "个"), ("kite", "风筝", "只"),
        ("cup", "杯子", "只"), ("hat", "帽子", "顶"), ("key", "钥匙", "把"), ("flower", "花", "朵"),
        ("lamp", "灯", "盏"), ("drum", "鼓", "面"), ("coat", "外套", "件"), ("letter", "信", "封"),
    )
)  # fmt: skip

COLORS = tuple(
    Phrase(en, zh)
    for en, zh in (
        ("red", "红色"), ("blue", "蓝色"), ("green", "绿色"), ("yellow", "黄色"),
        ("white", "白色"), ("black", "黑色"), ("brown", "棕色"), ("pink", "粉色"),
    )
)  # fmt: skip

# In Chinese one goes to the park (公园) and is inside it (在公园里), but goes to the top of the hill (山上) and is there.
PLACES = tuple(
    Place(Phrase(f"the {en}", zh), Phrase(f"{preposition} the {en}", f"在 {zh} 里" if inside else f"在 {zh}"))
    for preposition, en, zh, inside in (
        ("in", "park", "公园", True), ("in", "garden", "花园", True), ("in", "kitchen", "厨房", True),
        ("in", "forest", "森林", True), ("in", "library", "图书馆", True), ("at", "school", "学校", True),
        ("at", "market", "市场", True), ("at", "station", "车站", True), ("on", "hill", "山上", False),
        ("on", "bridge", "桥上", False), ("by", "river", "河边", False), ("under", "tree", "树下", False),
    )
)  # fmt: skip


def _pattern(en: str, zh: str) -> Phrase:
    """A phrase whose Chinese words are written with bars between them: spaces are not Chinese."""
    return Phrase(en, zh.replace("|", " "))


IS_THERE = _pattern("{who} was {inside} .", "{who}|{inside}|。")
COMES = _pattern("{who} came to {place} .", "{who}|来到|了|{place}|。")
GETS = (
    _pattern("{who} had {one} {color} {thing} .", "{who}|有|{one}|{color}|的|{thing}|。"),
    _pattern("{who} found {one} {color} {thing} .", "{who}|找到|了|{one}|{color}|的|{thing}|。"),
    _pattern("{who} bought {one} {color} {thing} .", "{who}|买|了|{one}|{color}|的|{thing}|。"),
)
GOES = (
    _pattern("{who} went to {place} .", "{who}|去|了|{place}|。"),
    _pattern("{who} ran to {place} .", "{who}|跑到|了|{place}|。"),
    _pattern("{who} walked to {place} .", "{who}|走到|了|{place}|。"),
)
GIVES = (
    _pattern("{who} gave {thing} to {other} .", "{who}|把|{thing}|给|了|{other}|。"),
    _pattern("{who} handed {thing} to {other} .", "{who}|把|{thing}|递给|了|{other}|。"),
)
SHOWS = (_pattern("{who} showed {thing} to {other} .", "{who}|给|{other}|看|了|{thing}|。"),)
PUTS_DOWN = (
    _pattern("{who} put down {thing} .", "{who}|放下|了|{thing}|。"),
    _pattern("{who} dropped {thing} .", "{who}|丢下|了|{thing}|。"),
)
PICKS_UP = (
    _pattern("{who} picked up {thing} .", "{who}|捡起|了|{thing}|。"),
    _pattern("{who} took {thing} .", "{who}|拿起|了|{thing}|。"),
)
RESTS = (
    _pattern("{who} smiled .", "{who}|笑|了|。"),
    _pattern("{who} sang .", "{who}|唱起|了|歌|。"),
    _pattern("{who} sat down .", "{who}|坐下|了|。"),
)

WHERE = _pattern("where is {what} ?", "{what}|在|哪里|？")
WHO_HAS = _pattern("who has {what} ?", "谁|拿着|{what}|？")
WHICH_COLOR = _pattern("what color is {what} ?", "{what}|是|什么|颜色|？")
NOBODY = Phrase("nobody", "没有人")
ANSWER = _pattern("{what} .", "{what}|。")
