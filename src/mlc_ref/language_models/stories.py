"""Stories of a grammar: who is where and who holds what, with questions, exact answers and the exact translation.

A story follows two people and a thing, and a program keeps the state: the answer to each question is known, and both
languages tell the same. Some people never meet some things in training (``never_met``): every story for test has such a
pair, so it is new by construction and nothing that was learned by heart helps.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mlc_ref.language_models import words
from mlc_ref.language_models.words import Person, Phrase, Place, Thing

MOST_EVENTS = 4
_APART = 6  # one in so many pairs of a person and a thing is kept for test

_Any = TypeVar("_Any")


def pick(rng: random.Random, choices: Sequence[_Any]) -> _Any:
    """One of the choices. ``random()`` is the only method whose numbers Python promises to keep for a seed."""
    return choices[int(rng.random() * len(choices))]


def never_met(person: Person, thing: Thing) -> bool:
    """Whether no story of training has both."""
    return (words.PEOPLE.index(person) + words.THINGS.index(thing)) % _APART == 0


@dataclass(frozen=True)
class Question:
    """A question about a story and its answer, in both languages."""

    asked: Phrase
    answer: Phrase


@dataclass
class Story:
    """What was told so far, and what holds at its end.

    Attributes:
        people: the two it is about; the first had the thing at first.
        thing, color: what they hold.
        sentences: told so far.
        places: where each of the two is, by name.
        holder: who has the thing; None when it lies where ``lies`` says.
    """

    people: tuple[Person, Person]
    thing: Thing
    color: Phrase
    holder: Person | None
    lies: Place
    places: dict[Phrase, Place] = field(default_factory=dict)
    sentences: list[Phrase] = field(default_factory=list)

    @property
    def text(self) -> Phrase:
        """The whole story, words between spaces."""
        return Phrase(" ".join(each.en for each in self.sentences), " ".join(each.zh for each in self.sentences))

    @property
    def thing_is_at(self) -> Place:
        """Where the thing is, in somebody's hands or not."""
        return self.places[self.holder.name] if self.holder else self.lies

    @property
    def is_new(self) -> bool:
        """Whether it has a person and a thing that no story of training has together."""
        return any(never_met(person, self.thing) for person in self.people)

    def questions(self) -> list[Question]:
        """Every question that can be asked about the story: five, of four kinds."""
        named = self.thing.name
        holder = self.holder.name if self.holder else words.NOBODY
        pairs = [
            (words.WHERE.filled(what=named), self.thing_is_at.inside),
            (words.WHO_HAS.filled(what=named), holder),
            (words.WHICH_COLOR.filled(what=named), self.color),
            *((words.WHERE.filled(what=p.name), self.places[p.name].inside) for p in self.people),
        ]
        return [Question(asked, words.ANSWER.filled(what=answer)) for asked, answer in pairs]

    def say(self, pattern: Phrase, **fields: Phrase) -> None:
        """Tell one sentence."""
        self.sentences.append(pattern.filled(**fields))


def tell(rng: random.Random, *, new: bool = False) -> Story:
    """A story: where one person is and what they have, who comes, and one to four events.

    Args:
        rng: where all choices come from.
        new: a story for test, whose first person and thing never meet in training; else a story for training.
    """
    thing = pick(rng, words.THINGS)
    apart = [person for person in words.PEOPLE if never_met(person, thing)]
    together = [person for person in words.PEOPLE if person not in apart]
    first = pick(rng, apart if new else together)
    second = pick(rng, [person for person in (words.PEOPLE if new else together) if person is not first])
    place, color = pick(rng, words.PLACES), pick(rng, words.COLORS)
    story = Story((first, second), thing, color, first, place, dict.fromkeys((first.name, second.name), place))
    bare = Phrase(thing.name.en.removeprefix("the "), thing.name.zh)
    story.say(words.IS_THERE, who=first.name, inside=place.inside)
    story.say(pick(rng, words.GETS), who=first.pronoun, one=thing.one, color=color, thing=bare)
    story.say(words.COMES, who=second.name, place=place.name)
    for _ in range(1 + int(rng.random() * MOST_EVENTS)):
        _go_on(story, rng)
    return story


def _go_on(story: Story, rng: random.Random) -> None:
    """One more event: somebody hands the thing over, shows it, puts it down, picks it up, goes away, or rests."""
    kind = rng.random()
    if kind < 0.35:
        _move(story, rng)
    elif kind < 0.45:
        story.say(pick(rng, words.RESTS), who=pick(rng, story.people).name)
    elif story.holder is None:
        _pick_up(story, rng)
    elif kind < 0.8 and len(set(story.places.values())) == 1:
        _hand_over(story, rng)
    else:
        story.say(pick(rng, words.PUTS_DOWN), who=story.holder.name, thing=story.thing.name)
        story.lies, story.holder = story.places[story.holder.name], None


def _move(story: Story, rng: random.Random) -> None:
    who = pick(rng, story.people).name
    other = [place for place in words.PLACES if place is not story.places[who]]
    # Half of the ways lead to where the story has been, so that a place alone does not give an answer away.
    been = [place for place in (*story.places.values(), story.lies) if place is not story.places[who]]
    place = pick(rng, been if been and rng.random() < 0.5 else other)
    story.say(pick(rng, words.GOES), who=who, place=place.name)
    story.places[who] = place


def _pick_up(story: Story, rng: random.Random) -> None:
    near = [person for person in story.people if story.places[person.name] is story.lies]
    if not near:
        _move(story, rng)
        return
    story.holder = pick(rng, near)
    story.say(pick(rng, words.PICKS_UP), who=story.holder.name, thing=story.thing.name)


def _hand_over(story: Story, rng: random.Random) -> None:
    assert story.holder is not None
    other = next(person for person in story.people if person is not story.holder)
    shown = rng.random() < 0.3
    pattern = pick(rng, words.SHOWS if shown else words.GIVES)
    story.say(pattern, who=story.holder.name, thing=story.thing.name, other=other.name)
    if not shown:
        story.holder = other
