"""The dense layer: every unit sees every input."""

from __future__ import annotations

from dataclasses import dataclass

from nndsl.check.findings import Findings
from nndsl.check.read.values import format_number
from nndsl.diagnostics.codes_checks import CONTRADICTION, LINEAR_LAYERS, USELESS_BIAS
from nndsl.diagnostics.record import Related
from nndsl.formulas.build.library import library_formula
from nndsl.language.entry import Entry, Option
from nndsl.language.initializers import DEFAULT_WEIGHTS, WEIGHTS_BEFORE
from nndsl.layers.activation import LINEAR, applied
from nndsl.layers.layer import NAME, Draft, Layer
from nndsl.layers.uses import ActivationUse, Initializer, Width
from nndsl.lower.forward_pass import ForwardPass
from nndsl.program.program import Product, Statement
from nndsl.spec_text.texts import activation_text, initializer_text

UNITS = Option(
    "units",
    "count",
    "How many units: a number, or what the data or the target say.",
    low=1,
    high=10**8,
    words=("classes", "outputs", "features"),
    required=True,
    phrase="number of units",
)
ACTIVATION = Option("activation", "activation", "What the units go through.")

BIAS_OPTIONS = "biases", "bias_l1", "bias_l2"


def _penalty(name: str, formula: str, of: str) -> Option:
    text = f"Adds {name.split('_')[-1]} · {formula} of this layer's {of} to the loss."
    return Option(name, "number", text, 0.0, low=0)


@dataclass(frozen=True, slots=True)
class Dense(Layer):
    """`biases` is None where the layer has none.

    Penalties are final: the train block's `l1` and `l2` are put in where the layer
    has no setting of its own; 0.0 is none.
    """

    entry = Entry(
        "dense",
        "dense UNITS [ACTIVATION]",
        "Every unit sees every input: activation(x · weights + biases).",
        (
            Option("weights", "initializer", "The numbers the weights start from."),
            Option(
                "biases", "initializer", "The numbers the biases start from.", "zeros"
            ),
            Option("use_bias", "switch", "Whether the layer has biases.", True),
            _penalty("l1", "sum(abs(w))", "weights"),
            _penalty("l2", "sum(w²)", "weights"),
            _penalty("bias_l1", "sum(abs(b))", "biases"),
            _penalty("bias_l2", "sum(b²)", "biases"),
            Option(
                "max_norm",
                "number",
                "The longest a column of the weights may be after a step.",
                low=0,
                low_open=True,
            ),
            NAME,
        ),
        (UNITS, ACTIVATION),
        "dense 16 relu",
    )
    learns = True
    resizes = True

    n_inputs: Width
    activation: ActivationUse
    weights: Initializer
    biases: Initializer | None
    l1: float
    l2: float
    bias_l1: float
    bias_l2: float
    max_norm: float | None

    @classmethod
    def build(cls, draft: Draft) -> Dense:
        options, given = draft.options, draft.initializers
        biased = options.switch("use_bias") and not _is_centred(draft)
        assert draft.n_inputs is not None
        return cls(
            *draft.head,
            draft.n_inputs,
            draft.activation
            or ActivationUse(LINEAR, library_formula("activation", LINEAR)),
            given.get("weights") or _weights_before(draft),
            given.get("biases", Initializer("zeros")) if biased else None,
            options.number("l1"),
            options.number("l2"),
            options.number("bias_l1"),
            options.number("bias_l2"),
            options.optional("max_norm"),
        )

    @classmethod
    def judge(cls, findings: Findings, draft: Draft, last: Draft | None) -> None:
        _judge_biases(findings, draft)
        if draft.activation or NAME.name in draft.options.raw:
            return
        below = (each for each in draft.all_below() if not each.layer.affine)
        following = next(below, None)
        if following is None or not following.layer.resizes:
            return
        narrows = _is_narrower(draft.n_outputs, draft.n_inputs)
        if narrows and _is_narrower(draft.n_outputs, following.n_outputs):
            return
        findings.add(
            LINEAR_LAYERS,
            draft.span,
            "no activation: together with the next dense this is one linear layer",
            "add an activation such as `relu`; or name the layer if it is meant",
            related=(Related(following.span, "the next dense"),),
        )

    def lower(self, forward: ForwardPass, source: str) -> tuple[Statement, ...]:
        forward.dense += 1
        number = forward.dense
        weights = forward.parameter(
            f"w{number}",
            (self.n_inputs, self.n_outputs),
            self.name,
            self.weights,
            self.l1,
            self.l2,
            self.max_norm,
        )
        biases = None
        if self.biases is not None:
            biases = forward.parameter(
                f"b{number}",
                (self.n_outputs,),
                self.name,
                self.biases,
                self.bias_l1,
                self.bias_l2,
            )
        z = forward.arrays.add(f"z{number}", ("n", self.n_outputs))
        product = Product(z, source, weights, biases)
        return product, *applied(self.activation, forward, z)

    def words(self, below: Layer | None, *, defaults: bool) -> list[str]:
        linear = self.activation.name == LINEAR
        words = ["dense", str(self.n_outputs)]
        if defaults or not linear:
            words.append(activation_text(self.activation, defaults=defaults))
        switch = []
        if self.biases is None and not (linear and below and below.centres):
            switch = ["use_bias=no"]
        if not defaults:
            return words + switch
        words.append(f"weights={initializer_text(self.weights)}")
        penalties = ["l1", "l2"]
        if self.biases is not None:
            switch = [f"biases={initializer_text(self.biases)}", "use_bias=yes"]
            penalties += ["bias_l1", "bias_l2"]
        words += switch
        words += [f"{each}={format_number(getattr(self, each))}" for each in penalties]
        if self.max_norm is not None:
            words.append(f"max_norm={format_number(self.max_norm)}")
        return words

    @property
    def activations(self) -> tuple[ActivationUse, ...]:
        return (self.activation,)

    def count(self) -> int | None:
        match self.n_inputs, self.n_outputs:
            case int(n_inputs), int(n_outputs):
                return (n_inputs + (self.biases is not None)) * n_outputs
            case _:
                return None


def _weights_before(draft: Draft) -> Initializer:
    """By the activation that follows, looking through normalisation and dropout."""
    following = draft.activation
    if following is None or following.name == LINEAR:
        for each in draft.all_below():
            if each.layer.resizes:
                break
            if each.activation:
                following = each.activation
                break
    if following is None or (following.formula and not following.formula.built_in):
        return Initializer(DEFAULT_WEIGHTS)
    return Initializer(WEIGHTS_BEFORE.get(following.name, DEFAULT_WEIGHTS))


def _is_centred(draft: Draft) -> bool:
    """Whether batch norm takes this layer's output as it is, and its biases away."""
    linear = draft.activation is None or draft.activation.name == LINEAR
    return linear and draft.below is not None and draft.below.layer.centres


def _judge_biases(findings: Findings, draft: Draft) -> None:
    """Options of biases where there are none, or where they do nothing."""
    spans = draft.options.spans
    if not draft.options.switch("use_bias"):
        for key in BIAS_OPTIONS:
            if key in spans:
                findings.add(
                    CONTRADICTION,
                    spans[key],
                    f"`{key}` for a layer without biases",
                    f"leave out `{key}`, or `use_bias=no`",
                    related=(Related(spans["use_bias"], "switched off here"),),
                )
        return
    said = [key for key in ("use_bias", *BIAS_OPTIONS) if key in spans]
    if said and draft.sound and draft.below and _is_centred(draft):
        key = said[0]
        findings.add(
            USELESS_BIAS,
            spans[key],
            "batch_norm subtracts the mean, and the biases with it",
            f"leave out `{key}`; `batch_norm` has a shift of its own",
            related=(Related(draft.below.span, "this comes next"),),
        )


def _is_narrower(a: Width | None, b: Width | None) -> bool:
    return isinstance(a, int) and (not isinstance(b, int) or a < b)
