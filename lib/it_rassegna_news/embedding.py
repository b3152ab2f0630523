"""The embedding layer: hashed word features and a sub-word vector, mixed into one vector a token."""

from typing import cast

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import (
    HashEmbed,
    Linear,
    Maxout,
    Model,
    chain,
    concatenate,
    ragged2list,
    with_array,
)
from thinc.types import Floats2d, Ragged

from it_rassegna_news.words import COLUMNS, word_table


@registry.architectures("rassegna.WordEmbed.v1")
def word_embed(width: int, feature_width: int, rows: list[int]) -> Model[list[Doc], list[Floats2d]]:
    """Embed each token from its own form.

    Args:
        width: Size of the vector a token comes out with.
        feature_width: Size of each feature's embedding, and of the projected sub-word vector.
        rows: Size of the hash table of each feature, in the order of `words.COLUMNS`.

    Raises:
        ValueError: `rows` does not give one size for each feature.
    """
    if len(rows) != len(COLUMNS):
        raise ValueError(f"rows: {len(rows)} sizes given, one is needed for each of {COLUMNS}")
    tables: list[Model] = [HashEmbed(feature_width, size, column=i, dropout=0.0) for i, size in enumerate(rows)]
    n_vector = word_table().vector_rows.shape[1]
    mixed = Maxout(width, (len(rows) + 1) * feature_width, nP=3, dropout=0.0, normalize=True)
    return cast(
        "Model[list[Doc], list[Floats2d]]",
        chain(
            concatenate(
                chain(word_features(), with_array(concatenate(*tables))),
                chain(word_vectors(), with_array(Linear(feature_width, n_vector))),
            ),
            with_array(mixed),
            ragged2list(),
        ),
    )


def word_features() -> Model[list[Doc], Ragged]:
    """Make the layer that reads each token's hashed features."""
    return Model("word_features", _features)


def word_vectors() -> Model[list[Doc], Ragged]:
    """Make the layer that reads each token's sub-word vector."""
    return Model("word_vectors", _vectors)


def _features(model: Model, docs: list[Doc], is_train: bool) -> tuple[Ragged, object]:  # noqa: ARG001
    return _ragged(model, docs, "features")


def _vectors(model: Model, docs: list[Doc], is_train: bool) -> tuple[Ragged, object]:  # noqa: ARG001
    return _ragged(model, docs, "vector_rows")


def _ragged(model: Model, docs: list[Doc], which: str) -> tuple[Ragged, object]:
    """Gather the rows of all docs' tokens; nothing flows back, the data are fixed."""
    table = word_table()
    lengths = model.ops.asarray1i([len(doc) for doc in docs])
    rows = [table.rows_of(doc) for doc in docs]
    data = getattr(table, which)[model.ops.xp.concatenate(rows) if rows else []]
    return Ragged(data, lengths), lambda _gradient: []
