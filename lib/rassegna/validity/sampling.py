"""Where nothing is annotated yet: how many items to code, which sentences, and files to begin with."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from rassegna.tables import write_csv
from rassegna.validity.annotations import LISTS
from rassegna.validity.scoring import CONFIDENCE

FOLDER = "annotations-to-code"
_CODED = tuple(name for name in LISTS if name != "blocks")  # what stands in a sentence
_MOST = 100_000


def sizes(*, half_widths: Sequence[float] = (0.15, 0.1, 0.05), share: float = 0.9) -> pd.DataFrame:
    """Say how many items a score must rest on for its interval to be so narrow.

    Args:
        half_widths: Half the width of the interval that is wanted (0-1).
        share: The score that is expected (0-1).

    Returns:
        One row per half width: half_width, n (items to code if the score is as expected), n_at_worst (if it is 0.5).

    Source:
        The width of Wilson's 95 % interval. It takes items for independent; those of one article are not.
    """
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    n = np.arange(1, _MOST)

    def needed(p: float, half_width: float) -> int:
        width = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
        return int(n[width <= half_width][0])

    rows = [(width, needed(share, width), needed(0.5, width)) for width in half_widths]
    return pd.DataFrame(rows, columns=["half_width", "n", "n_at_worst"])


def draw(sentences: pd.DataFrame, articles: pd.DataFrame, *, n: int, seed: int) -> pd.DataFrame:
    """Draw sentences at random, as many of each outlet as it has, up to an equal part.

    Args:
        sentences: Table `sentences`.
        articles: Table `articles`; one of unknown outlet counts as an outlet of its own.
        n: Sentences in all.
        seed: Seed of the draw.

    Returns:
        The rows drawn, by article and start.
    """
    outlet = dict(zip(articles["doc_id"], articles["outlet"].fillna(articles["doc_id"]), strict=True))
    mixed = sentences.assign(outlet=sentences["doc_id"].map(outlet)).sample(frac=1, random_state=seed)
    turn = mixed.groupby("outlet").cumcount()
    drawn = mixed.assign(turn=turn).sort_values(["turn", "outlet"], kind="stable").head(n)
    return drawn[sentences.columns].sort_values(["doc_id", "start"], ignore_index=True)


def write(drawn: pd.DataFrame, out: Path) -> list[Path]:
    """Write the files that a coder fills in: `sentences.csv` to read, `coder.toml`, and one JSON file an article.

    Args:
        drawn: Rows of table `sentences`.
        out: Folder; files of these names in it are written anew, and no other is touched.

    Returns:
        The files.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_csv(drawn[["doc_id", "sentence_id", "start", "end", "text"]], out / "sentences.csv")
    lists = ", ".join(f'"{name}"' for name in _CODED if not name.startswith("not_"))
    coder = f"# Take out a list in which you did not mark all that there is.\ncomplete = [{lists}]\n"
    (out / "coder.toml").write_text(coder, encoding="utf-8")
    written = [out / "sentences.csv", out / "coder.toml"]
    for doc_id, own in drawn.groupby("doc_id"):
        form = {
            "doc_id": doc_id,
            "coded": own[["start", "end", "text"]].to_dict("records"),
            **{key: [] for key in _CODED},
        }
        path = out / f"{str(doc_id).replace('/', '__')}.json"
        path.write_text(json.dumps(form, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written
