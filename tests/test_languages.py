"""The language resources: loading, the conjugation table, the cues of reporting."""

from pathlib import Path

import pytest
from rassegna import languages
from rassegna.errors import LanguageError
from rassegna.languages import entry, load, rows
from rassegna.languages.verbs import conjugate, find_cues, reporting_cues
from rassegna.mentions.gazetteer import demonyms, known_names, territories

TOML = sorted((p.parent.name, p.stem) for p in languages.FOLDER.glob("*/*.toml"))
CSV = sorted((p.parent.name, p.stem) for p in languages.FOLDER.glob("*/*.csv"))
STANCES = {
    "neutral",
    "assertive",
    "revealing",
    "distancing",
    "believing",
    "hoping",
    "conceding",
    "denying",
    "accusing",
    "criticising",
    "warning",
    "directing",
    "asking",
    "promising",
    "praising",
}


@pytest.mark.parametrize(("code", "resource"), TOML)
def test_every_toml_loads_and_says_its_source(code: str, resource: str) -> None:
    assert load(code, resource)
    head = (languages.FOLDER / code / f"{resource}.toml").read_text(encoding="utf-8").split("\n[")[0]
    assert head.startswith("#")
    assert "source" in head.lower()


@pytest.mark.parametrize(("code", "resource"), CSV)
def test_every_csv_loads_and_says_its_source(code: str, resource: str) -> None:
    table = rows(code, resource)
    assert table
    assert "Source:" in (languages.FOLDER / code / f"{resource}.csv").read_text(encoding="utf-8")
    first = next(iter(table[0]))
    assert all(row[first] for row in table)


def test_loading_errors_name_file_and_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LanguageError, match=r"'xx'; there are: .*it"):
        load("xx", "roles")
    with pytest.raises(LanguageError, match=r"no resource nothing\.toml"):
        load("it", "nothing")
    with pytest.raises(LanguageError, match=r"it/roles\.toml has no key 'head\.nobody'"):
        entry("it", "roles", "head.nobody")
    with pytest.raises(LanguageError, match=r"it/demonyms\.csv has no column 'country'"):
        rows("it", "demonyms", "forms", "country")
    (tmp_path / "qq").mkdir()
    (tmp_path / "qq" / "roles.toml").write_text("a = = 1")
    (tmp_path / "qq" / "short.csv").write_text("# Source: none\na,b\n1,2\n3\n")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    with pytest.raises(LanguageError, match=r"qq/roles\.toml is not valid TOML"):
        load("qq", "roles")
    with pytest.raises(LanguageError, match=r"qq/short\.csv line 4"):
        rows("qq", "short")


@pytest.mark.parametrize(
    ("infinitive", "forms"),
    [
        ("chiedere", "chiede chiese chiesero chiedesti chiesto chieste chiedendo chiederebbe chieda"),
        ("dire", "dice disse dissero dicesti detto dicendo dirà direbbe dicesse dicono dirlo dicendogli"),
        ("riferire", "riferisce riferì riferirono riferito riferendo riferirebbe riferiscano"),
        ("annunciare", "annuncia annunciò annuncerà annuncino annunciando annunciato"),
        ("comunicare", "comunichi comunicherà comunicano comunicò"),
        ("negare", "nega neghi negherà negarono"),
        ("lasciare", "lascia lasci lascerà lasciò"),
        ("opporre", "oppone oppose opposero opponendo opposto opporrà"),
        ("proteggere", "protegge protesse protetto proteggendo"),
        ("contraddire", "contraddice contraddisse contraddetto contraddirà"),
        ("avvertire", "avverte avvertì avvertono avvertito"),
        ("smentire", "smentisce smentì smentito smentono"),
        ("concludere", "conclude concluse concluso concludendo"),
        ("riconoscere", "riconosce riconobbe riconosciuto"),
        ("volere", "vuole vuol voleva vorrebbe volle"),
    ],
)
def test_conjugate_yields(infinitive: str, forms: str) -> None:
    assert set(forms.split()) <= set(conjugate(infinitive))


@pytest.mark.parametrize(
    ("infinitive", "wrong"),
    [
        ("chiedere", "chiedò chiend chieduto chiesiamo"),
        ("dire", "disco dirono dito diciò"),
        ("avvertire", "avvertisce"),
        ("riferire", "rifere riferono"),
        ("comunicare", "comunici comunicerà"),
        ("lasciare", "lascii lascierà"),
        ("proteggere", "lesse lesso proteggiuto"),
    ],
)
def test_conjugate_does_not_yield(infinitive: str, wrong: str) -> None:
    assert not set(wrong.split()) & set(conjugate(infinitive))


def test_conjugate_tells_moods_and_refuses_what_is_no_infinitive() -> None:
    assert conjugate("dire")["dicendo"] == {"gerund"}
    assert "past" in conjugate("dire")["disse"]
    assert conjugate("dire")["direbbe"] == {"conditional"}
    with pytest.raises(LanguageError, match="no class for 'tavolo'"):
        conjugate("tavolo")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("chiese il ministro", [("chiese", "chiedere", "asking")]),
        ("lo riferì ieri l' agenzia", [("riferì", "riferire", "neutral")]),
        ("Ha fatto sapere ieri", [("Ha fatto sapere", "fare sapere", "neutral")]),
        ("si è detto felice", [("si è detto", "dirsi", "neutral")]),
        ("si è più volte detto contrario", [("si è più volte detto", "dirsi", "neutral")]),
        ("dicendosi pronto", [("dicendosi", "dirsi", "neutral")]),
        ("ha anche detto", [("ha anche detto", "dire", "neutral")]),
        ("ha poi reso noto", [("ha poi reso noto", "rendere noto", "neutral")]),
        ("hanno puntato il dito contro", [("hanno puntato il dito", "puntare il dito", "accusing")]),
        ("un passo definito innovativo", [("definito", "definire", "neutral")]),
        ("avrebbe invitato tutti", [("avrebbe invitato", "invitare", "directing")]),
        ("nega e accusa", [("nega", "negare", "denying"), ("accusa", "accusare", "accusing")]),
        ("si dice che piova", [("dice", "dire", "neutral")]),
        ("lasciando intendere altro", [("lasciando intendere", "lasciare intendere", "revealing")]),
        ("il cane corre nel prato", []),
        ("ha fatto una torta", []),
        ("ha puntato la sveglia", []),
        ("", []),
    ],
)
def test_find_cues(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    words = sentence.split()
    found = [(" ".join(words[m.start : m.end]), m.cue.lemma, m.cue.stance) for m in find_cues(words)]
    assert found == expected


def test_find_cues_heeds_the_part_of_speech() -> None:
    words = ["L'", "accusa", "nega", "tutto"]
    assert [m.verb for m in find_cues(words, pos=["DET", "NOUN", "VERB", "PRON"])] == [2]


def test_reporting_verbs_are_many_and_classed() -> None:
    table = rows("it", "reporting_verbs", "cue", "stance", "frame")
    assert len(table) >= 150
    assert {row["stance"] for row in table} <= STANCES
    assert {row["frame"] for row in table} <= {"content", "naming", "addressee", "topic"}
    assert len({row["cue"] for row in table}) == len(table)
    assert {"neutral", "assertive", "distancing", "accusing", "denying"} <= {row["stance"] for row in table}
    assert len(reporting_cues("it")) > 10_000


def test_places_and_demonyms_agree() -> None:
    names = territories("it")
    assert names["KP"] == "Corea del Nord"
    assert demonyms("it")["russo"] == demonyms("it")["russe"] == "Russia"
    assert demonyms("it")["sovietica"] == "Unione Sovietica"
    known = known_names("it")
    assert known["RPDC"][0].entity == "Corea del Nord"
    assert known["Bruxelles"][0].stands_for == "Unione Europea"
    assert known["Mosca"][0].stands_for == "Russia"
    assert {k.entity for k in known["bianconeri"]} == {"Juventus", "Udinese", "Cesena"}
    codes = {
        row["stands_for"]
        for row in rows("it", "metonymies")
        if row["stands_for"].isupper() and len(row["stands_for"]) == 2
    }
    assert codes <= set(names)
