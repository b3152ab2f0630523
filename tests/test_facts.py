"""Facts by codebook and by discovery: what counts as told, denied, open or contradicted, and what does not."""

from string import ascii_letters

import pytest
from rassegna.errors import CodebookError
from rassegna.extraction import extract
from rassegna.facts import candidates
from rassegna.facts.codebook import read_codebook
from rassegna.facts.features import features
from rassegna.settings import Settings

TREATY = """
[[fact]]
id = "treaty"
fact = "Italy signed the agreement"
all = ["firmare | firma", "accordo | trattato"]
"""
CONTAINERS = """
[[fact]]
id = "containers"
fact = "How many containers came"
all = ["container", "arrivare | sbarcare"]
number = "container"
"""
SUPPORT = """
[[fact]]
id = "support"
fact = "Salvi accuses Nardi"
all = ["accusare", "@Tito Salvi", "@Carla Nardi"]
who = "@Tito Salvi"
whom = "@Carla Nardi"
"""
OPENING = """
[[fact]]
id = "opening"
fact = "When the bridge was opened"
all = ["ponte", "inaugurare | inaugurazione"]
date = "inaugurare | inaugurazione"
"""


def corpus(folder, *texts, codebook="", manifest=""):
    """An extraction of articles a, b, c ... with a title each, so that the text below it is body."""
    for letter, text in zip(ascii_letters, texts, strict=False):
        (folder / f"{letter}.txt").write_text(f"Notizie del giorno\n\n{text}\n", encoding="utf-8")
    if codebook:
        (folder / "codebook.toml").write_text(codebook, encoding="utf-8")
    if manifest:
        (folder / "manifest.csv").write_text(manifest, encoding="utf-8")
    return extract(Settings.from_parameters(folder, reference_date="2025-03-14"))


def cells(extraction, road="codebook"):
    own = extraction.facts[extraction.facts["road"] == road]
    return dict(zip(own["doc_id"], own["status"], strict=True))


TOLD = [
    ("Il governo ha firmato l'accordo con la Francia.", "states"),
    ("La firma dell'accordo è avvenuta a Roma.", "states"),
    ("Il ministro ha annunciato che l'accordo è stato firmato.", "states"),
    ("Secondo il ministro, il governo avrebbe firmato l'accordo.", "states"),  # hearsay is told of somebody
    ("Il governo ha firmato non solo l'accordo ma anche il protocollo.", "states"),
    ("Il governo, che non ha il favore dei sindacati, ha firmato l'accordo.", "states"),
    ("Il governo ha firmato l'accordo e non ha convocato il parlamento.", "states"),
    ("Il governo non ha firmato l'accordo.", "contradicts"),
    ("L'accordo non è mai stato firmato dal governo.", "contradicts"),
    ("Nessun accordo è stato firmato.", "contradicts"),
    ("Non è mai stato firmato, dice il ministro, alcun accordo.", "contradicts"),
    ("Il governo ha firmato alcuni accordi.", "states"),
    ("Senza che nessun ministro lo sapesse, il governo ha firmato l'accordo.", "states"),
    ("Il governo ha firmato l'accordo senza alcuna riserva.", "states"),
    ("Il ministro nega di avere firmato l'accordo.", "contradicts"),
    ("Il governo ha smentito la firma dell'accordo.", "contradicts"),
    ("Se il governo firmasse l'accordo, i sindacati protesterebbero.", "not_found"),
    ("Il governo potrebbe firmare l'accordo in autunno.", "not_found"),
    ("Il governo dovrebbe firmare l'accordo in autunno.", "not_found"),
    ("Il governo ha firmato l'accordo?", "not_found"),
    ("I sindacati chiedono di firmare l'accordo.", "not_found"),
    ("Il governo non esclude di firmare l'accordo.", "not_found"),
    ("Il governo discute la firma dell'accordo.", "not_found"),
    ("Il governo ha discusso l'accordo con la Francia.", "not_found"),
    ("Il governo ha firmato il decreto. L'accordo resta in discussione.", "not_found"),  # not in one sentence
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """One corpus of all cases, each an article."""
    return cells(corpus(tmp_path_factory.mktemp("told"), *(text for text, _ in TOLD), codebook=TREATY))


@pytest.mark.parametrize(("text", "status"), TOLD)
def test_told_denied_or_open(told, text, status):
    assert told[ascii_letters[TOLD.index((text, status))]] == status


def test_a_possibility_is_told_in_the_caveat_and_a_denial_by_another_in_the_conflict(tmp_path):
    texts = (
        "Il governo ha firmato l'accordo.",
        "Il governo potrebbe firmare l'accordo.",
        "Il governo non ha firmato l'accordo.",
    )
    rows = corpus(tmp_path, *texts, codebook=TREATY).facts.set_index("doc_id")
    assert rows.loc["a", "conflict"] == "negation: c"
    assert rows.loc["b", "caveat"] == "named as possible or asked only"
    assert rows.loc["c", "conflict"] == "negation: here"
    assert rows.loc["b", ["sentence_id", "start", "end", "text"]].isna().all()


def test_a_fact_that_is_a_denial_is_not_denied_by_its_own_word(tmp_path):
    codebook = TREATY.replace('"firmare | firma"', '"negare | smentire"')
    assert cells(corpus(tmp_path, "Il ministro nega l'accordo con la Francia.", codebook=codebook)) == {"a": "states"}


@pytest.mark.parametrize(
    ("first", "second", "statuses", "conflict"),
    [
        ("Sono arrivati più di mille container.", "Sono arrivati oltre 11.000 container.", "contradicts", "number: "),
        ("Sono arrivati 11.000 container.", "Sono arrivati circa 12 mila container.", "states", None),
        ("Sono arrivati 11.000 container.", "Sono sbarcati 11.234 container.", "states", None),
        # The same number, or another one, of other things is neither agreement nor contradiction.
        ("Sono arrivati mille container.", "Sono arrivati i container e 11.000 soldati.", "states", None),
        ("Sono arrivati mille container.", "Sono arrivati molti container.", "states", None),
        # Different sources differ, not the outlets.
        ("Secondo la polizia, sono arrivati 200 container.", "Secondo gli armatori, sono arrivati 900 container.",
         "states", "number between sources: "),
        ("Secondo la polizia, sono arrivati 200 container.", "Secondo la polizia, sono arrivati 900 container.",
         "contradicts", "number: "),
        ("Sono arrivati 200 container.", "Sono arrivati non 200 ma 900 container.", "contradicts", "number: "),
    ],
)  # fmt: skip
def test_numbers_of_one_thing(tmp_path, first, second, statuses, conflict):
    extraction = corpus(tmp_path, first, second, codebook=CONTAINERS)
    rows = extraction.facts[extraction.facts["road"] == "codebook"]
    assert set(rows["status"]) == {statuses}
    if conflict is None:
        assert rows["conflict"].isna().all()
    else:
        assert rows["conflict"].str.startswith(conflict).all()


ROLES = [
    ("Tito Salvi ha accusato Carla Nardi.", "states"),
    ("Carla Nardi è stata accusata da Tito Salvi.", "states"),
    ("Carla Nardi ha accusato Tito Salvi.", "contradicts"),
    ("Tito Salvi è stato accusato da Carla Nardi.", "contradicts"),
    ("Tito Salvi ha accusato la Regione davanti a Carla Nardi.", "states"),  # nothing shows an exchange
]


def test_exchanged_roles(tmp_path):
    found = cells(corpus(tmp_path, *(text for text, _ in ROLES), codebook=SUPPORT))
    assert [(text, found[letter]) for letter, (text, _) in zip(ascii_letters, ROLES, strict=False)] == ROLES


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("Il ponte, inaugurato il 3 maggio 2024, è chiuso.", "Il ponte fu inaugurato il 5 maggio 2024.", "contradicts"),
        ("Il ponte, inaugurato il 3 maggio 2024, è chiuso.", "Il ponte fu inaugurato nel maggio 2024.", "states"),
        ("Il ponte, inaugurato il 3 maggio 2024, è chiuso.",
         "Il ponte fu inaugurato il 3 maggio 2024, non il 5 maggio 2024.", "states"),
    ],
)  # fmt: skip
def test_dates_of_one_event(tmp_path, first, second, status):
    assert set(cells(corpus(tmp_path, first, second, codebook=OPENING)).values()) == {status}


def test_what_an_article_could_not_know_and_a_short_one_have_a_caveat(tmp_path):
    long = "Il governo ha firmato l'accordo. " + "La seduta è durata a lungo e il pubblico ha atteso fuori. " * 4
    manifest = "file,published_at\na.txt,2025-03-12\nb.txt,2025-03-01\nc.txt,2025-03-13\n"
    extraction = corpus(tmp_path, long, long.replace("firmato", "letto"), "Piove.", codebook=TREATY, manifest=manifest)
    caveats = extraction.facts[extraction.facts["road"] == "codebook"].set_index("doc_id")["caveat"]
    assert caveats["b"] == "first told on 2025-03-12, after the article"
    assert caveats["c"].startswith("short article")
    dated = TREATY + 'from = "2025-03-20"\n'
    (tmp_path / "codebook.toml").write_text(dated, encoding="utf-8")
    again = extract(Settings.from_parameters(tmp_path)).facts.set_index(["road", "doc_id"])["caveat"]
    assert again["codebook", "b"] == "happened on 2025-03-20, after the article"


def test_the_voice_is_own_if_any_evidence_is(tmp_path):
    said = "Il ministro Ugo Riva ha detto che il governo ha firmato l'accordo."
    rows = corpus(tmp_path, said, f"{said} Il governo ha firmato l'accordo.", codebook=TREATY).facts.set_index("doc_id")
    assert (rows.loc["a", "voice"], rows.loc["a", "holder"]) == ("attributed", "Ugo Riva")
    assert (rows.loc["b", "voice"], rows.loc["b", "n_sentences"]) == ("own", 2)


LINES = [
    ("visita | viaggio", "Il viaggio è finito.", True),
    ("mutua difesa", "È un patto di mutua difesa.", True),
    ("mutua difesa", "La mutua e la difesa.", False),
    ("ratific*", "La ratifica è attesa.", True),
    ('"patto di"', "È un patto di difesa.", True),
    ('"Patto di"', "Era un patto di difesa.", False),
    ("#24 anni", "Torna dopo ventiquattro anni.", True),
    ("#24 anni", "Torna dopo 24 giorni.", False),
    ("#>1000 container", "Al porto sono arrivati 1.500 container.", True),
    ("#>1000 container", "Al porto sono arrivati 800 container.", False),
    ("#<1.000 container", "Al porto mancano 800 container.", True),
    ("#soldato", "Sono in viaggio undicimila soldati.", True),
    ("#soldato", "Sono in viaggio i soldati.", False),
    ("2024-06", "È successo il 19 giugno 2024.", True),
    ("2024-06-18", "È accaduto il 19 giugno 2024.", False),
    ("@Francia", "Nella notte la Russia ha risposto.", False),
    ("@Francia", "Nella notte la Francia ha risposto.", True),
]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """One corpus of all cases, each an article and a fact of one line."""
    entries = (f"[[fact]]\nid = '{n}'\nfact = 'X'\nall = ['''{line}''']\n" for n, (line, _, _) in enumerate(LINES))
    return corpus(tmp_path_factory.mktemp("lines"), *(text for _, text, _ in LINES), codebook="".join(entries))


@pytest.mark.parametrize("number", range(len(LINES)), ids=[f"{line} / {text}" for line, text, _ in LINES])
def test_lines(lines, number):
    letter, is_met = ascii_letters[number], LINES[number][2]
    cell = lines.facts[(lines.facts["fact_id"] == str(number)) & (lines.facts["doc_id"] == letter)]
    assert (cell["status"] == "states").tolist() == [is_met]
    met = lines.codebook_lines[lines.codebook_lines["fact_id"] == str(number)]
    assert (letter in set(met["doc_id"])) == is_met


def test_none_about_within_and_ways(tmp_path):
    codebook = """
[[fact]]
id = "x"
fact = "X"
all = [["firmare", "decreto"], ["varare", "decreto"]]
none = ["ieri"]
about = ["ministro"]
within = "paragraph"
"""
    texts = (
        "Il ministro ha firmato. Il decreto è pronto.",
        "Il decreto è stato varato.",  # no minister in the paragraph
        "Il ministro ha varato il decreto.",
        "Ieri il ministro ha varato il decreto.",
    )
    assert list(cells(corpus(tmp_path, *texts, codebook=codebook)).values()) == [
        "states",
        "not_found",
        "states",
        "not_found",
    ]


@pytest.mark.parametrize(
    ("codebook", "message"),
    [
        ("[[fact]\n", r"^codebook\.toml: "),
        ("[facts]\n", r"codebook\.toml: holds facts; allowed are only \[\[fact\]\]"),
        ("fact = [3]", r"entry 1 is no table"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\n", r"fact 'x', field 'all': is missing; give a list of lines"),
        ("[[fact]]\nfact = 'X'\nall = ['a']\n", r"fact 'entry 1', field 'id': is missing"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a']\nevery = 1\n", r"field 'every': is not known; allowed are id"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = 'a'\n", r"field 'all': 'a'; allowed is a list"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a || b']\n", r"field 'all': 'a \|\| b' has an empty alternative"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['#']\n", r"field 'all': '#'; allowed are words"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a']\nfrom = 'June'\n", r"field 'from': 'June'; allowed is a day"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a']\nwho = '@A'\n", r"field 'who': stands alone"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a']\nwithin = 'page'\n", r"field 'within': 'page'; allowed is"),
        ("[[fact]]\nid = 'x'\nfact = 'X'\nall = ['a']\n" * 2, r"fact 'x', field 'id': is there twice"),
    ],
)  # fmt: skip
def test_a_corrupt_codebook_says_where(tmp_path, codebook, message):
    (tmp_path / "codebook.toml").write_text(codebook, encoding="utf-8")
    with pytest.raises(CodebookError, match=message):
        read_codebook(tmp_path)


WIRE = "La procura di Novara ha aperto un'inchiesta per disastro colposo sul crollo del capannone di via Verdi."


def groups(extraction):
    """The discovered facts: the articles that tell each, sorted."""
    told = extraction.facts[(extraction.facts["road"] == "discovery") & (extraction.facts["status"] != "not_found")]
    return sorted("".join(own["doc_id"]) for _, own in told.groupby("fact_id"))


def test_discovery_merges_what_tells_the_same(tmp_path):
    texts = (
        f"{WIRE} Il tempo è bello.",
        f"In città se ne parla. {WIRE}",
        "Per il crollo del capannone di via Verdi i magistrati di Novara hanno aperto un fascicolo: disastro colposo.",
        "La squadra di Novara ha vinto la partita di ieri sera.",
    )
    assert groups(corpus(tmp_path, *texts)) == ["abc"]


def test_discovery_knows_words_of_one_family_that_no_ending_shows(tmp_path):
    first = "La chiusura della galleria di Novara è stata decisa dalla prefettura."
    second = "La prefettura ha chiuso la galleria di Novara, e gli abitanti protestano."
    assert groups(corpus(tmp_path, first, second)) == ["ab"]


@pytest.mark.parametrize(
    "second",
    [
        "In via Verdi vivono 312 famiglie e molte chiedono una piazza.",  # the same number of other things
        "Il sindaco Ugo Riva ha visitato ieri la scuola di Novara.",  # the same names
        "Se la procura aprisse un'inchiesta per disastro colposo, il sindaco Ugo Riva lascerebbe.",  # a possibility
        "Che cos'è il disastro colposo, e perché se ne parla tanto negli ultimi tempi?",  # one phrase is a topic
    ],
)
def test_discovery_does_not_merge(tmp_path, second):
    first = (
        "Il sindaco Ugo Riva, a Novara, ha accolto 312 passeggeri del treno fermo. "
        "La procura ha aperto un'inchiesta per disastro colposo."
    )
    assert groups(corpus(tmp_path, first, second)) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("La società ha chiuso il pozzo 9 per la neve.", []),
        ("La fiera riapre il padiglione 14 in primavera.", []),
        ("La società ha chiuso 9 pozzi per la neve.", ["9"]),
        ("I feriti della stazione sono 18.", ["18"]),
    ],
)
def test_a_number_that_names_a_thing_is_no_figure(tmp_path, text, numbers):
    """What well 9 is called tells no more than that it is a well."""
    extraction = corpus(tmp_path, text)
    [statement] = [s for s in extraction._statements if s.text == text]
    assert [f[-1] for f in features(statement, frozenset()).places if f[0] == "number"] == numbers


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("A Novara il crollo del capannone di via Verdi ha travolto 14 operai.",
         "Nel crollo del capannone di via Verdi, a Novara, sono stati travolti 23 operai.", "number"),
        ("Il sindaco Ugo Riva ha accusato Carla Nardi per i ritardi nell'ampliamento del porto.",
         "Carla Nardi ha accusato il sindaco Ugo Riva per i ritardi nell'ampliamento del porto.", "roles"),
        ("Il capannone di via Verdi, a Novara, è crollato per la neve.",
         "Il capannone di via Verdi, a Novara, non è crollato per la neve.", "negation"),
        ("Il capannone di via Verdi, a Novara, è crollato il 3 marzo 2025.",
         "Il capannone di via Verdi, a Novara, è crollato il 5 marzo 2025.", "date"),
    ],
)  # fmt: skip
def test_discovery_tells_what_contradicts_what(tmp_path, first, second, kind):
    facts = corpus(tmp_path, first, second).facts
    assert facts["conflict"].str.startswith(kind).all()
    assert set(facts["status"]) == ({"states", "contradicts"} if kind == "negation" else {"contradicts"})


def test_a_discovered_fact_that_the_codebook_covers_is_no_candidate_and_a_stub_is_a_codebook(tmp_path):
    found = candidates(corpus(tmp_path, WIRE, f"{WIRE} Piove.").facts)
    assert list(found["n_articles"]) == [2]
    (tmp_path / "codebook.toml").write_text(found["stub"][0], encoding="utf-8")
    again = extract(Settings.from_parameters(tmp_path))
    assert set(again.facts["road"]) == {"codebook"}
    assert set(again.facts["status"]) == {"states"}
    assert candidates(again.facts).empty


def test_names_of_discovered_facts_depend_on_what_they_say_alone(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = corpus(tmp_path / "one", WIRE, f"{WIRE} Piove.")
    two = corpus(tmp_path / "two", "Nevica su tutta la pianura.", WIRE, f"{WIRE} Piove.")
    assert set(one.facts["fact_id"]) == set(two.facts["fact_id"])
    assert len(set(one.facts["fact_id"])) == 1


def test_facts_told_by_the_same_words_are_told_apart(tmp_path, monkeypatch):
    told = "La fabbrica di Verolengo produrrà settemila batterie elettriche per i trattori agricoli."
    monkeypatch.setattr("rassegna.facts.discovery._groups", lambda *_: [[0, 3], [1, 3]])
    found = corpus(tmp_path, told, f"{told} Piove.", f"{told} Nevica.")
    first, second = sorted(set(found.facts["fact_id"]))
    assert second == f"{first}-2"
    states = found.facts[found.facts["status"] == "states"]
    assert sorted(zip(states["fact_id"], states["doc_id"], strict=True)) == [
        *((first, doc_id) for doc_id in "ac"),
        *((second, doc_id) for doc_id in "bc"),
    ]


@pytest.mark.parametrize("texts", [("Piove.",), ("Piove.", "Piove."), ("The minister signed.", "Le ministre a signé.")])
def test_little_text_gives_whole_tables(tmp_path, texts):
    extraction = corpus(tmp_path, *texts)
    assert list(extraction.facts.columns)[:4] == ["fact_id", "fact", "doc_id", "status"]
    assert list(extraction.evidence.columns)[:4] == ["doc_id", "start", "end", "text"]
    assert candidates(extraction.facts).columns.tolist() == ["fact_id", "fact", "n_articles", "stub"]


def test_evidence_stands_where_it_says(seeds):
    extraction = extract(Settings.from_parameters(seeds))
    for row in extraction.evidence.itertuples():
        assert extraction.raw[row.doc_id][row.start : row.end] == row.text
    told = extraction.facts[extraction.facts["status"] != "not_found"]
    assert (told["n_sentences"] > 0).all()
    assert told["n_sentences"].sum() == len(extraction.evidence)
