"""The findings that a reader should know first, each a sentence computed from the tables."""

from rassegna.extraction import Extraction


def findings(corpus: Extraction) -> list[str]:
    """Say what came in and what tempers a comparison, one sentence a finding, the number of its notebook behind it."""
    articles, overview = corpus.articles, corpus.overview()
    n = len(articles)
    longest, shortest = overview["n_words"].max(), overview["n_words"].min()
    n_outlets = articles["outlet"].nunique()
    unnamed = articles["outlet"].isna().sum()
    set_aside = 1 - (overview["share_content"] * overview["n_chars"]).sum() / overview["n_chars"].sum()
    stated = (articles["published_from"] == "text").sum()
    inferred = (articles["published_from"] == "inferred").sum()
    agencies = sorted(articles["agency"].dropna().unique())
    sentences = [
        f"{n} articles by {n_outlets} named outlets" + (f", {unnamed} of unknown outlet" if unnamed else "") + " (01).",
        f"They have {overview['n_words'].sum():,} words of content, from {shortest:,} to {longest:,} an article (01).",
        f"{set_aside:.0%} of the characters are no content and were set aside, each line with its reason (01).",
        f"{stated} of {n} pages state when they were published; for {inferred} a time was inferred (01).",
        f"Agencies credited for an article's text: {', '.join(agencies) if agencies else 'none'} (01).",
    ]
    damaged = overview.loc[overview["n_damage"] > 0, "name"]
    if len(damaged):
        sentences.append(f"{overview['n_damage'].sum()} places look damaged, in {', '.join(damaged)} (01).")
    return sentences
