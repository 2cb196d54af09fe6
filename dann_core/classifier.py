"""DANN as a classifier of scikit-learn's: for pipelines, searches and cross-validation.

    classifier = DANNClassifier().fit(X, y, sample_domain=sample_domain)
    classifier.predict(X_new)

The source's and the target's examples come in one ``X``, as in the library skada, whose rules for
``sample_domain`` and for labels that nobody knows are kept here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils import assert_all_finite, check_random_state, column_or_1d
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor

from dann_core.datasets.tables import images_of
from dann_core.domains import UNKNOWN, Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.evaluation import predict
from dann_core.networks import Network
from dann_core.plain_numbers import SEEDS, Number, Whole, is_whole, plain, short
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class FitError(DataError, ValueError):
    """What cannot be learnt from; a ValueError too, as scikit-learn's own are."""


class DANNClassifier(ClassifierMixin, BaseEstimator):
    """Learns from labelled source examples and unlabelled target examples.

    ``preset``: the recipe that everything else is taken from, see :func:`dann_core.preset`.
    ``method``, ``steps``, ``lambda_``, ``learning_rate`` and ``network``: as in :class:`Recipe`;
    None takes the preset's. ``network`` can also be a function of the recipe and the inputs, see
    :func:`dann_core.model.build_model`. ``batch_size``: even, half of each domain; fewer where a
    domain has too few examples. ``random_state``: a whole number gives the same predictions, bit
    for bit, on the same machine with the same number of threads; None or a NumPy RandomState gives
    others each time. ``device``: that trains, see :class:`Trainer`; the CPU predicts, so that a
    pickle can be read on any machine.

    After :meth:`fit`: ``classes_``, ``n_features_in_`` (the numbers in one example),
    ``feature_names_in_`` (of a DataFrame), ``recipe_``, ``inputs_``, ``history_`` and ``model_``, a
    :class:`DANN` on the CPU.
    """

    def __init__(
        self,
        preset: str = "own",
        *,
        steps: Whole | None = 300,
        batch_size: Whole = 64,
        lambda_: Number | None = None,
        learning_rate: Number | None = None,
        network: str | Network | None = None,
        method: str | None = None,
        random_state: Any = 0,
        device: str = "cpu",
    ):
        self.preset = preset
        self.steps = steps
        self.batch_size = batch_size
        self.lambda_ = lambda_
        self.learning_rate = learning_rate
        self.network = network
        self.method = method
        self.random_state = random_state
        self.device = device

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        # scikit-learn looks for names that end in "_", as lambda_ does from the start.
        return hasattr(self, "model_")

    def fit(self, X: Any, y: Any, sample_domain: Any = None) -> DANNClassifier:
        """Train on all rows.

        ``X``: a table [N, d] or a DataFrame, which is standardised by the source, or images
        [N, H, W], [N, H, W, C] or [N, C, H, W] with 1, 3 or 4 channels, 0-255 or floats 0-1.
        ``y``: [N], whole numbers, words or truth values; of target rows it is not looked at.
        ``sample_domain``: whole numbers [N], or one for all rows: 0 and above is source, below 0 is
        target. Several sources are one domain here, and so are several targets.

        Without ``sample_domain``, rows without a label are the target: -1, None, NaN, "". So where
        -1 is a class, ``sample_domain`` has to be given. Where there is no target, the network
        learns from the source alone (``recipe_.mode`` is then "source").

        Raises :class:`FitError` for domains and labels that do not fit, :class:`DataError` for
        images that cannot be used, :class:`RecipeError` for parameters out of range, and ValueError
        for what scikit-learn refuses.
        """
        examples = self._examples(X, reset=True)
        labels = _checked_labels(y, len(examples))
        source = _sources(labels, sample_domain)
        known = _natural(labels[source])
        check_classification_targets(known)
        self.classes_, numbers = np.unique(known, return_inverse=True)
        _require_two(self.classes_, source)
        pair = _pair(examples, numbers, source, len(self.classes_))
        own = self.network if callable(self.network) else None
        trainer = Trainer(pair, self._recipe(source), device=self.device, network=own)
        for _ in trainer:
            pass
        self.recipe_, self.history_ = trainer.recipe, trainer.history
        self.inputs_, self.model_ = pair.inputs, trainer.model.cpu().eval()
        return self

    def predict(self, X: Any) -> Array:
        """[N], the most probable of ``classes_`` for each row."""
        places = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[places])

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """[N, classes], 0 to 1, in the order of ``classes_``; each row has the sum 1."""
        check_is_fitted(self)
        examples = torch.from_numpy(self._examples(X, reset=False))
        found = predict(self.model_, self.inputs_, examples).probabilities.numpy()
        exact = found.astype(np.float64)  # whose sums are 1 as nearly as scikit-learn wants it
        return exact / exact.sum(axis=1, keepdims=True)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The accuracy on the rows whose label is known; NaN where none is.

        -1, None, NaN and "" stand for no label, unless they are among ``classes_``.
        """
        guesses = self.predict(X)
        labels = _checked_labels(y, len(guesses))
        known = ~_is_unknown(labels) | np.isin(labels, self.classes_)
        if not known.any():
            return float("nan")
        weights = None if sample_weight is None else np.asarray(sample_weight)[known]
        right = accuracy_score(_natural(labels[known]), guesses[known], sample_weight=weights)
        return float(right)

    def _examples(self, X: Any, reset: bool) -> Array:
        """float32 [N, d] or uint8 [N, H, W, 3], checked; with ``reset`` their form is kept."""
        if isinstance(X, Tensor):
            X = X.detach().cpu().numpy()
        dimensions = X.ndim if hasattr(X, "ndim") else np.asarray(X).ndim
        if dimensions < 3:
            # A copy, so that what the network keeps can be written to and is nobody else's.
            table = validate_data(self, X, reset=reset, dtype=np.float32, order="C", copy=True)
            return np.asarray(table)
        array = np.asarray(X)
        if not array.size:
            raise FitError(f"X has the shape {list(array.shape)}: there is no image in it.")
        if reset:
            self.__dict__.pop("feature_names_in_", None)
            self.n_features_in_ = array[0].size
        # Memory that may not be written to, such as a map of a file, torch warns of.
        images = images_of(array, "X", None)
        return images if images.flags.writeable else images.copy()

    def _recipe(self, source: Mask) -> Recipe:
        sources, targets = int(source.sum()), int((~source).sum())
        changes = {
            name: value
            for name in ("method", "steps", "learning_rate", "lambda_", "network")
            if (value := getattr(self, name)) is not None and not callable(value)
        }
        wanted = preset(
            self.preset,
            mode="dann" if targets else "source",
            batch_size=self.batch_size,
            seed=_seed(self.random_state),
            **changes,
        )
        most = 2 * min(sources, targets) if targets else sources - sources % 2
        return replace(wanted, batch_size=min(wanted.batch_size, most))


def _seed(random_state: Any) -> int:
    if is_whole(whole := plain(random_state)):
        return int(whole)  # as every other seed of this project
    return int(check_random_state(random_state).randint(SEEDS, dtype=np.int64))


def _checked_labels(y: Any, n: int) -> Array:
    """[n], as they came."""
    if y is None:
        raise FitError(
            "DANNClassifier requires y to be passed, but the target y is None: give a label for "
            "each row, and -1 where nobody knows it."
        )
    if isinstance(y, Tensor):
        y = y.detach().cpu().numpy()
    labels = np.asarray(column_or_1d(y, warn=True))
    if labels.dtype.kind == "f":
        assert_all_finite(labels, allow_nan=True, input_name="y")
    if len(labels) != n:
        raise FitError(f"X has {n:,} rows and y has {len(labels):,}. Give one label for each row.")
    return labels


def _is_unknown(labels: Array) -> Mask:
    """Where there is no label, if -1 is none."""
    if labels.dtype.kind in "iu":
        return np.asarray(labels == UNKNOWN)
    if labels.dtype.kind == "f":
        return np.asarray(np.isnan(labels) | (labels == UNKNOWN))
    return np.array([_is_missing(x) or x == UNKNOWN for x in labels.tolist()], dtype=bool)


def _is_missing(label: Any) -> bool:
    # pandas' NA is neither equal to itself nor different.
    return label is None or type(label).__name__ == "NAType" or label == "" or label != label


def _natural(labels: Array) -> Array:
    """Known labels of the type that they have without the unknown ones among them."""
    words = labels.dtype.kind == "O" and any(isinstance(label, str) for label in labels)
    if labels.dtype.kind != "O" or not len(labels):
        return labels
    if words and not all(isinstance(label, str) for label in labels):
        raise FitError("y has both words and numbers as labels. Write all of them as words.")
    return labels if words else np.array(labels.tolist())


def _sources(labels: Array, sample_domain: Any) -> Mask:
    """Which rows are the source's; see :meth:`DANNClassifier.fit`."""
    if sample_domain is None:
        return _labelled(labels)
    source = _checked_domains(sample_domain, len(labels)) >= 0
    without = [row for row in np.flatnonzero(source) if _is_missing(labels[row])]
    if without:
        raise FitError(
            f"Row {without[0]} has no label, and sample_domain says that it is of the source. "
            "Leave it out, or give it a sample_domain below 0, which is the target."
        )
    if not source.any():
        raise FitError("sample_domain has no source: 0 and above is source, below 0 is target.")
    return source


def _labelled(labels: Array) -> Mask:
    unknown = _is_unknown(labels)
    if unknown.all():
        raise FitError(
            "No row has a label: -1, None and NaN stand for none. The source needs some."
        )
    if labels.dtype.kind in "if" and unknown.any() and (lowest := labels[~unknown].min()) < 0:
        raise FitError(
            f"y has the label {plain(lowest)} beside -1, which stands for rows without a label. If "
            "-1 is a class, say with sample_domain which rows are source (1) and target (-1)."
        )
    return ~unknown


def _checked_domains(sample_domain: Any, n: int) -> Array:
    domains = np.asarray(sample_domain)
    if domains.ndim == 0:
        domains = np.full(n, domains)
    if domains.shape != (n,):
        raise FitError(
            f"sample_domain has the shape {list(domains.shape)}: one whole number for each of the "
            f"{n:,} rows is needed."
        )
    for row, domain in enumerate(domains.tolist()):
        if isinstance(domain, bool) or not isinstance(domain, int | float) or domain % 1 != 0:
            raise FitError(
                f"sample_domain has {short(domain)} in row {row}: it must be a whole number, such "
                "as 1 for source and -1 for target."
            )
    return domains


def _require_two(classes: Array, source: Mask) -> None:
    if len(classes) < 2:
        why = "" if source.all() else ", since rows labelled -1 or without a label are the target"
        raise FitError(
            f"The source has one class only, {short(plain(classes[0]))}{why}. At least two are "
            "needed; where -1 is a class, give sample_domain."
        )


def _pair(examples: Array, numbers: Array, source: Mask, classes: int) -> DomainPair:
    """All rows are for training."""
    labels = np.full(len(examples), UNKNOWN, np.int64)
    labels[source] = numbers
    # A name for each column, without which a table would be taken as it is.
    table = examples.ndim == 2
    columns = tuple(f"column {k}" for k in range(examples.shape[1])) if table else ()
    domains = [
        _domain(name, torch.from_numpy(examples[rows]), torch.from_numpy(labels[rows]))
        for name, rows in (("source", source), ("target", ~source))
    ]
    return DomainPair("own", domains[0], domains[1], classes=classes, columns=columns)


def _domain(name: str, examples: Tensor, labels: Tensor) -> Domain:
    train = Split(examples, labels)
    return Domain(name, train, train.first(0), train.first(0))
