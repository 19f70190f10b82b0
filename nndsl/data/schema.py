"""What a network asks of a table: which columns, and what stands in them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nndsl.data.columns import Column, Label, Labels, Numbers, Words
from nndsl.data.errors import DataError, counted
from nndsl.data.numbers import is_number
from nndsl.diagnostics.suggest import suggest_of_data
from nndsl.program.data import Data

_MISSING = "`missing median` in the spec's train block, for example, fills such cells"
_SAY_MISSING = "`missing=median` on its line of the spec, for example, fills such cells"
_SAY_LABEL = "`missing=LABEL`, or `other` as the last label, takes such cells"
_DROPPED = (
    "`missing drop` leaves such rows out of training, and they have no prediction; "
    "`missing=median` on its line of the spec fills them"
)
_DROPPED_LABEL = (
    "`missing drop` leaves such rows out of training, and they have no prediction; "
    "`other` as the last label takes such cells"
)
_NAMELESS = re.compile(r"(Unnamed: \d+)?")
"""As pandas writes and reads the column of its index."""
_ABSENT = 10
"""The most columns that are missed by name."""
_NO_TARGET = "leave the row out, or write `missing drop` in the spec's train block"


@dataclass(frozen=True, slots=True)
class Schema:
    """`features` and `targets` are the names of columns, where they are known.

    Without names the targets are the last `n_targets` columns and the features all
    others, of which there must be `n_features` if that is not None.  `reads_target`:
    whether the targets have to be there.  `drops`: rows without a target are left out.
    `weight` is the column of row weights, which is no feature.
    `kinds`: the features that are of other kinds than `feature`.
    """

    features: tuple[str, ...]
    n_features: int | None
    feature: Column
    targets: tuple[str, ...]
    n_targets: int
    target: Column
    reads_target: bool = True
    drops: bool = False
    weight: str | None = None
    reads_weight: bool = False
    kinds: Mapping[str, Column] = field(default_factory=dict)

    @property
    def weights(self) -> tuple[str, ...]:
        """The column of row weights, if it is read."""
        return (self.weight,) if self.weight and self.reads_weight else ()

    def feature_called(self, name: str) -> Column:
        """The kind of a column of features."""
        return self.kinds.get(name, self.feature)


def schema_of(
    data: Data,
    *,
    features: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
    classes: tuple[Label, ...] = (),
    labels: Mapping[int, tuple[str, ...]] | None = None,
    reads_target: bool = True,
    needs_targets: bool = True,
) -> Schema:
    """What the network with this `data` asks of a table.

    `features`, `targets`, `classes` and `labels` (of each column of labels) are what an
    earlier training has found, where the spec does not say.  Without `needs_targets`
    rows that have none are left out, whatever the spec says.
    """
    inputs, filling, target = data.inputs, data.filling, data.targets
    advice = _NO_TARGET if reads_target else ""
    column: Column
    if data.labels is not None:
        column = Labels(data.labels.values or classes, advice)
    else:
        whole = data.decision.kind == "multilabel"
        column = Numbers(target.low, target.high, whole, advice=advice)
    targets = target.names or targets
    width = target.width if isinstance(target.width, int) else 1
    if data.encoding == "input":
        targets, width = (), 0
    missing = filling.fills or (filling.drops and reads_target)
    feature_advice = _DROPPED if filling.drops else _MISSING
    return Schema(
        features=inputs.names or features,
        n_features=inputs.width if isinstance(inputs.width, int) else None,
        feature=Numbers(
            inputs.low, inputs.high, missing=missing, advice=feature_advice
        ),
        targets=targets,
        n_targets=len(targets) or width,
        target=column,
        reads_target=reads_target and width > 0,
        drops=data.drops_targets or not needs_targets,
        kinds=dict(_kinds(data, labels or {}, reads_target)),
        weight=data.weight,
        reads_weight=reads_target,
    )


def _kinds(
    data: Data, labels: Mapping[int, tuple[str, ...]], reads_target: bool
) -> Iterator[tuple[str, Column]]:
    """The columns that are not all treated alike; `labels` are learned ones."""
    for each in data.number_columns:
        drops = each.filling.drops
        numbers = Numbers(
            each.low,
            each.high,
            missing=each.filling.fills or (drops and reads_target),
            advice=_DROPPED if drops else _SAY_MISSING,
        )
        yield from ((name, numbers) for name in each.names)
    for number, column in enumerate(data.label_columns):
        known = labels.get(number, column.labels)
        yield (
            column.name,
            Words(
                known,
                open=column.has_other or (column.learned and number not in labels),
                missing=column.fill is not None or (column.drops and reads_target),
                advice=_DROPPED_LABEL if column.drops else _SAY_LABEL,
            ),
        )


def check_header(where: str, names: Sequence[str]) -> None:
    """Raise DataError for names of columns that cannot be told apart."""
    if not names:
        raise DataError(f"{where}: is empty; expected the names of the columns")
    if not any(names) or all(map(is_number, names)):
        found = repr(_list(names))
        raise DataError(f"{where}: expected the names of the columns, found {found}")
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            raise DataError(f"{where}: {count} columns are called {name!r}"[:300])


def choose_columns(
    where: str, names: Sequence[str], schema: Schema
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns that are features, and those that are targets."""
    targets = schema.targets
    others = [name for name in names if name != schema.weight]
    if not targets and schema.n_targets and schema.reads_target:
        targets = tuple(others[-schema.n_targets :])
    nameless = [i for i, name in enumerate(names) if _NAMELESS.fullmatch(name)]
    if nameless and not (schema.features and schema.targets):
        name = names[nameless[0]]
        found = f"is called {name!r}" if name else "has no name"
        raise DataError(
            f"{where}: column {nameless[0] + 1} {found}; name it, or leave it out if "
            "it only counts the rows (pandas: to_csv(..., index=False))"
        )
    present = set(names)
    wanted = [*schema.features, *(targets if schema.reads_target else ())]
    wanted += schema.weights
    if absent := [name for name in wanted if name not in present]:
        no_header = "; is the first line the names of the columns?"
        message = _no_columns(absent, names, wanted)
        raise DataError(f"{where}: {message}" + no_header * _is_row(names, schema))
    features = schema.features or tuple(n for n in others if n not in set(targets))
    if both := set(schema.features) & set(targets):
        raise DataError(
            f"{where}: the last column, {both.pop()!r}, is an input; expected the "
            "target there, or its name in the spec"
        )
    n_expected = schema.n_features
    if not features or n_expected not in (None, len(features)):
        beside = f" beside {_list(targets)}" if targets else ""
        wanted_columns = counted(n_expected, "column") if n_expected else "some columns"
        message = f"expected {wanted_columns}{beside}"
        raise DataError(f"{where}: {message}, found {len(features)}")
    return features, targets


def _no_columns(
    absent: Sequence[str], names: Sequence[str], wanted: Sequence[str]
) -> str:
    unknown = set(names[:1000]).difference(wanted)
    close = {name: suggest_of_data(name, unknown) for name in absent[:_ABSENT]}
    if len(absent) == 1:
        (found,) = close.values()
        meant = f"; is it {found[0]!r}?" if found else f", found {_list(names)!r}"
        return f"expected a column {absent[0]!r}{meant}"[:400]
    listed = ", ".join(
        f"{name[:50]!r}" + (f" (is it {found[0][:50]!r}?)" if found else "")
        for name, found in close.items()
    )
    more = f" and {len(absent) - _ABSENT} more" * (len(absent) > _ABSENT)
    return f"expected columns {listed}{more}, found {_list(names)!r}"[:800]


def _is_row(names: Sequence[str], schema: Schema) -> bool:
    """Whether these names look like the cells of a row."""
    kinds = [*schema.kinds.values(), schema.target]
    labels = {str(label) for kind in kinds for label in getattr(kind, "labels", ())}
    return any(is_number(name) or name in labels for name in names)


def _list(names: Sequence[str]) -> str:
    text = ", ".join(names[:20]) + ", …" * (len(names) > 20)
    return text if len(text) <= 300 else text[:299] + "…"
