"""Inflect verbs from a table of endings, and find verbs of reporting by form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rassegna.errors import LanguageError
from rassegna.languages import entry, rows

TENSES = (
    *("present", "imperfect", "past", "future", "conditional", "subjunctive", "subjunctive_past"),
    *("imperative", "participle", "gerund"),
)
VERBS = 1 << 10  # whose forms, a few hundred each, are remembered
MAX_BETWEEN = 3  # words that may part an auxiliary from its verb, or the parts of a phrase


@dataclass(frozen=True)
class Cue:
    """A verb or phrase of reporting, as it stands in the dictionary."""

    lemma: str
    stance: str
    frame: str
    is_reflexive: bool
    rest: tuple[frozenset[str], ...]  # what follows the verb, variants a word


@dataclass(frozen=True)
class CueMatch:
    """A cue in a row of words: `start` counts the auxiliary, `verb` is the inflected word, `end` is past the last."""

    start: int
    verb: int
    end: int
    cue: Cue
    moods: frozenset[str]


@lru_cache(maxsize=VERBS)
def conjugate(infinitive: str, *, language: str = "it") -> dict[str, frozenset[str]]:
    """Every form of a verb, with the moods and tenses it may be.

    Raises:
        LanguageError: The infinitive's ending belongs to no class of the table.
    """
    irregular = _irregular(infinitive, language)
    stem, classes = _stem(infinitive, irregular, language)
    found: dict[str, set[str]] = {}
    for verb_class in classes:
        for tense in TENSES:
            for form in _tense(stem, verb_class, tense, irregular, language):
                found.setdefault(form, set()).add(tense)
    endings = entry(language, "conjugation", f"endings.{classes[0]}")
    is_clipped = len(endings.get("infinitive", ())) > 1  # parlare, parlar
    for form in irregular.get("infinitive", [infinitive, infinitive[:-1]] if is_clipped else [infinitive]):
        found.setdefault(form, set()).add("infinitive")
    hosts = set(entry(language, "conjugation", "enclitics.moods"))
    for form, tenses in list(found.items()):
        if tenses & hosts and form != infinitive:
            for pronoun in entry(language, "conjugation", "enclitics.forms"):
                found.setdefault(form + pronoun, set()).update(tenses & hosts)
    return {form: frozenset(tenses) for form, tenses in found.items()}


def _irregular(infinitive: str, language: str) -> dict[str, Any]:
    """The irregular forms of a verb: those of its model, with the part before the common ending exchanged."""
    found: dict[str, Any] = {}
    for group in entry(language, "conjugation", "irregular"):
        if infinitive not in group["verbs"]:
            continue
        model = group["model"]
        common = next(i for i in range(len(model) + 1) if infinitive.endswith(model[i:]))
        head, ours = model[:common], infinitive[: len(infinitive) - len(model) + common]
        for key, value in group.items():
            if key in ("model", "verbs"):
                continue
            found[key] = (
                [_exchange(v, head, ours) for v in value] if isinstance(value, list) else _exchange(value, head, ours)
            )
    return found


def _exchange(forms: str, head: str, ours: str) -> str:
    return "/".join(ours + f.removeprefix(head) if f else "" for f in forms.split("/"))


def _stem(infinitive: str, irregular: dict[str, Any], language: str) -> tuple[str, list[str]]:
    plain, both = (entry(language, "conjugation", key) for key in ("plain", "both"))
    if "long" in irregular:
        return irregular["long"], ["ere"]
    for ending, verb_class in entry(language, "conjugation", "classes").items():
        if infinitive.endswith(ending):
            stem = infinitive.removesuffix(ending)
            if infinitive in both["verbs"]:
                return stem, [plain["class"], verb_class]
            return stem, [plain["class"] if infinitive in plain["verbs"] else verb_class]
    raise LanguageError(f"{language}/conjugation.toml has no class for '{infinitive}'")


def _tense(stem: str, verb_class: str, tense: str, irregular: dict[str, Any], language: str) -> list[str]:
    """The forms of one tense: given, or built on an irregular stem, or regular."""
    patterns = entry(language, "conjugation", "patterns")
    if tense == "imperative" and "present" in irregular and tense not in irregular:
        return []
    given = irregular.get("past_all", irregular.get("past")) if tense == "past" else irregular.get(tense)
    if isinstance(given, list):
        return [form for variants in given for form in variants.split("/") if form]
    if tense in ("future", "conditional") and "future" in irregular:
        return [s + ending for s in irregular["future"].split("/") for ending in patterns[tense]]
    if tense == "participle" and given:
        return [s + ending for s in given.split("/") for ending in patterns["participle"]]
    endings = entry(language, "conjugation", f"endings.{verb_class}").get(tense, ())
    forms = [_spell(stem, e, verb_class, language) for variants in endings for e in variants.split("/") if e]
    if tense == "past" and given:
        strong = [s + ending for s in given.split("/") for ending in patterns["past_strong"] if ending]
        return strong + [_spell(stem, endings[i], verb_class, language) for i in (1, 3, 4)]
    return forms


def _spell(stem: str, ending: str, verb_class: str, language: str) -> str:
    written = f"{stem}|{ending}"
    for rule in entry(language, "conjugation", "spelling"):
        if rule["class"] == verb_class and re.search(rule["pattern"], written):
            written = re.sub(rule["pattern"], rule["replacement"], written)
            break
    return written.replace("|", "")


@cache
def reporting_cues(language: str = "it") -> dict[str, tuple[tuple[Cue, frozenset[str]], ...]]:
    """Form of a verb (lower case) → the reporting cues it may begin, phrases first, each with the form's moods."""
    found: dict[str, list[tuple[Cue, frozenset[str]]]] = {}
    for row in rows(language, "reporting_verbs", "cue", "stance", "frame"):
        verbs, *rest = row["cue"].split()
        variants = tuple(frozenset(word.split("/")) for word in rest)
        infinitive = verbs.split("/")[0]
        base = _plain_infinitive(infinitive, language)
        lemma = " ".join(word.split("/")[0] for word in row["cue"].split())
        cue = Cue(lemma, row["stance"], row["frame"], base != infinitive, variants)
        for form, moods in conjugate(base, language=language).items():
            found.setdefault(form, []).append((cue, moods))
    return {f: tuple(sorted(c, key=lambda p: (-len(p[0].rest), not p[0].is_reflexive))) for f, c in found.items()}


def _plain_infinitive(infinitive: str, language: str) -> str:
    """A reflexive infinitive without its pronoun; any other as it is."""
    endings = entry(language, "conjugation", "reflexive.infinitives")
    ending = next((e for e in endings if infinitive.endswith(e)), "")
    return infinitive.removesuffix(ending) + endings[ending] if ending else infinitive


@cache
def forms_of(language: str, resource: str, key: str) -> frozenset[str]:
    """Every form of the verbs in a list of a resource."""
    verbs = [_plain_infinitive(verb, language) for verb in entry(language, resource, key)]
    return frozenset(form for verb in verbs for form in conjugate(verb, language=language))


def _auxiliaries(language: str) -> frozenset[str]:
    return forms_of(language, "conjugation", "auxiliary.verbs")


def find_cues(words: Sequence[str], *, pos: Sequence[str] | None = None, language: str = "it") -> list[CueMatch]:
    """Find the reporting cues in a sentence by the form of their words.

    Args:
        words: The words of a sentence, in order.
        pos: Their universal parts of speech; with it, a form that is not VERB, AUX or (a participle) ADJ is left out.
        language: Language whose cues and conjugation are used.

    Returns:
        Matches in order of place, one a verb: the longest phrase wins, then the reflexive.
    """
    lower = [w.casefold().replace("’", "'") for w in words]
    lexicon, found, taken = reporting_cues(language), [], 0
    for i, word in enumerate(lower):
        for cue, moods in lexicon.get(word, ()) if i >= taken else ():
            if pos is not None and pos[i] not in ("VERB", "AUX") and not (pos[i] == "ADJ" and "participle" in moods):
                continue
            end = _phrase_end(lower, i, cue, language)
            reflexive = _reflexive_start(lower, i, language) if cue.is_reflexive else i
            if end is None or reflexive is None:
                continue
            start = _auxiliary_start(lower, i, language)
            found.append(CueMatch(max(min(start, reflexive), taken), i, end, cue, moods))
            taken = end
            break
    return found


def _phrase_end(lower: Sequence[str], i: int, cue: Cue, language: str) -> int | None:
    """Where the phrase ends when its other words follow, adverbs between them allowed."""
    between = set(entry(language, "conjugation", "auxiliary.between"))
    at = i + 1
    for variants in cue.rest:
        skipped = 0
        while at < len(lower) and lower[at] not in variants and lower[at] in between and skipped < MAX_BETWEEN:
            at, skipped = at + 1, skipped + 1
        if at >= len(lower) or lower[at] not in variants:
            return None
        at += 1
    return at


def _reflexive_start(lower: Sequence[str], i: int, language: str) -> int | None:
    """Where a reflexive cue begins: at its pronoun, or at the verb that carries it; None without a pronoun."""
    table = entry(language, "conjugation", "reflexive")
    if lower[i + 1 : i + 2] and lower[i + 1] in table["impersonal_before"]:
        return None  # hearsay, nobody's own words
    if any(lower[i].endswith(p) for p in table["enclitics"]) and len(lower[i]) > 4:
        return i
    allowed = _auxiliaries(language) | set(entry(language, "conjugation", "auxiliary.between"))
    for j in range(i - 1, max(-1, i - 1 - table["gap"]), -1):
        if lower[j] in table["before"]:
            return j
        if lower[j] not in allowed:
            return None
    return None


def _auxiliary_start(lower: Sequence[str], i: int, language: str) -> int:
    """Where the verb group begins: at the first auxiliary, adverbs between them allowed."""
    auxiliaries, between = _auxiliaries(language), set(entry(language, "conjugation", "auxiliary.between"))
    start, skipped = i, 0
    for j in range(i - 1, -1, -1):
        if lower[j] in auxiliaries:
            start, skipped = j, 0
        elif lower[j] in between and skipped < MAX_BETWEEN:
            skipped += 1
        else:
            break
    return start
