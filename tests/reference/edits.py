"""Valid specs with a few words, letters or lines changed at random."""

from __future__ import annotations

from pathlib import Path
from random import Random

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent.parent.parent / "specs").glob("*.nn"))
]
WORDS = sorted({word for text in TEXTS for word in text.split()})


def edited(random: Random) -> str:
    """A spec with one to three words, letters or lines of it changed."""
    text = random.choice(TEXTS)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(text))
        end = min(len(text), place + random.randint(1, 12))
        match random.randrange(6):
            case 0:
                text = text[:place] + text[end:]
            case 1:
                text = f"{text[:place]} {random.choice(WORDS)} {text[place:]}"
            case 2:
                text = text[:place] + random.choice(WORDS) + text[end:]
            case 3:
                text = (
                    text[:place]
                    + random.choice('(){}|/,:;=.+-*^%"#\n09ax')
                    + text[place:]
                )
            case 4:
                lines = text.splitlines(keepends=True)
                first, second = (
                    random.randrange(len(lines)),
                    random.randrange(len(lines)),
                )
                lines[first], lines[second] = lines[second], lines[first]
                text = "".join(lines)
            case _:
                words = text.split(" ")
                words[random.randrange(len(words))] = random.choice(WORDS)
                text = " ".join(words)
        text = text or "\n"
    return text
