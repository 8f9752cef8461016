"""How well prose is marked and tied: precision and recall on labelled paragraphs, the held-out third apart; and its speed."""

import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from openembargo.jobs.read_article import Article, article_of
from openembargo.papers.sheet import Sheet, line_starts
from openembargo.storage.book_shelf import open_book

TEXTS = Path(__file__).parent / "texts.toml"


@dataclass(slots=True)
class Score:
    """Counts over paragraphs."""

    texts: int = 0
    right: int = 0
    found: int = 0
    wanted: int = 0
    tied_right: int = 0
    tied: int = 0
    told: int = 0
    to_tell: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def line(self, name: str) -> str:
        ties = f"{self.tied_right / self.tied:6.3f} ({self.tied_right}/{self.tied})" if self.tied else "-"
        told = f"{self.told / self.to_tell:6.3f} ({self.told}/{self.to_tell})" if self.to_tell else "-"
        return (
            f"{name:10} texts {self.texts:3}  marks {self.wanted:4}  precision {self.precision:.3f}  recall {self.recall:.3f}  "
            f"tied right {ties}  differences told {told}"
        )


def read(row: dict, book) -> Article:
    text = row["text"]
    return article_of(Sheet(row["id"], text, lines=line_starts(text)), row["on"], book)


def score(row: dict, article: Article, into: Score) -> None:
    """Compare the marks of one paragraph with its labels: phrase and kind alike, each as often as it stands there."""
    wanted = Counter((phrase.casefold(), kind) for phrase, kind, _, _ in row["marks"])
    found = Counter((one.mark.text.casefold(), one.mark.kind) for one in article.tied)
    into.texts += 1
    into.right += sum((wanted & found).values())
    into.wanted += sum(wanted.values())
    into.found += sum(found.values())
    into.failures += [f"{row['id']}: missed {key} x{n}" for key, n in (wanted - found).items()]
    into.failures += [f"{row['id']}: marked {key} x{n} for nothing" for key, n in (found - wanted).items()]
    left = list(article.tied)
    for phrase, kind, provision, difference in row["marks"]:
        match = next((t for t in left if (t.mark.text.casefold(), t.mark.kind) == (phrase.casefold(), kind)), None)
        if match is None:
            continue
        left.remove(match)
        ids = [one.law.measure.id for one in match.ties]
        fits = provision in ids if provision else not ids
        into.tied += 1
        into.tied_right += fits
        if not fits:
            into.failures.append(f"{row['id']}: “{phrase}” tied to {ids}, not to {provision or 'nothing'}")
        kinds = [one.kind for one in match.differences]
        if difference:
            into.to_tell += 1
            into.told += difference in kinds
            if difference not in kinds:
                into.failures.append(f"{row['id']}: “{phrase}”: {difference} not told, but {kinds}")


def measure(book=None) -> dict[str, Score]:
    book = book or open_book()
    rows = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["text"]
    scores = {"fitted": Score(), "held out": Score()}
    for row in rows:
        score(row, read(row, book), scores["held out" if row.get("held_out") else "fitted"])
    return scores


def main() -> None:
    scores = measure()
    for name, one in scores.items():
        print(one.line(name))
    if "--failures" in sys.argv:
        for name, one in scores.items():
            if name == "fitted" or "--held-out" in sys.argv:
                print(*one.failures, sep="\n")
    book = open_book()
    text = "\n\n".join(row["text"] for row in tomllib.loads(TEXTS.read_text(encoding="utf-8"))["text"]) + "\n\n"
    text *= 100_000 // len(text) + 1
    rows = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["text"]
    begin = time.perf_counter()
    article = read({"id": "long", "text": text, "on": rows[4]["on"]}, book)
    seconds = time.perf_counter() - begin
    print(
        f"speed: {len(text):,} letters, {len(article.tied):,} marks in {seconds:.2f} s: {len(text) / seconds:,.0f} letters a second"
    )


if __name__ == "__main__":
    main()
