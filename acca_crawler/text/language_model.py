"""py3langid's model with only the languages that `language` asks about: unpacking the whole one takes half a second.

After an update of py3langid the file is written again with
`python -c "from acca_crawler.text import language, language_model; language_model.write(language.MODELS)"`.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

FILE = Path(__file__).with_name("language_model.npz")


def read() -> LanguageIdentifier:
    """Read the model; imports numpy."""
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    with np.load(FILE, allow_pickle=False) as data:
        return LanguageIdentifier(
            data["scores"].astype(np.float32), data["priors"], data["languages"].tolist(),
            _as_array("I", data["moves"]), data["outputs"].tolist(), tk_row=_as_array("H", data["rows"]),
        )  # fmt: skip


def write(languages: Collection[str]) -> None:
    """Write the file from the model that py3langid ships. `languages` are its codes."""
    import numpy as np

    np.savez_compressed(FILE, **shipped(languages))


def shipped(languages: Collection[str]) -> dict[str, Any]:
    """Return the arrays of py3langid's own model, of some languages only. A language may have several columns."""
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    scores, priors, codes, moves, rows, outputs = load_model(MODEL_DIR / MODEL_FILE)
    columns = [column for column, code in enumerate(codes) if code in languages]
    return {
        "scores": scores[:, columns],
        "priors": priors[columns],
        "languages": np.array([codes[column] for column in columns]),
        "moves": np.array(moves, dtype=np.uint32),
        "rows": np.array(rows, dtype=np.uint16),
        "outputs": np.array(outputs, dtype=np.int32),
    }


def _as_array(typecode: str, values: Any) -> array[int]:
    """Return the values as an array of Python's, whose items are read one by one several times as fast."""
    found = array(typecode)
    found.frombytes(values.tobytes())
    return found
