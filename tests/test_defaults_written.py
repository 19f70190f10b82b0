"""`show --defaults` gives back a spec that means the same network."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from nndsl.check.check import Checked, check
from nndsl.diagnostics.error import SpecError
from nndsl.diagnostics.record import Source
from nndsl.network import Network
from nndsl.spec_text.defaults import with_defaults
from nndsl.spec_text.texts import column
from nndsl.syntax.parse import parse

OWN = """activation bent(x, by=0.5) = x + by * tanh(x)
loss far(prediction, target, power=2) = abs(prediction - target)^power
schedule slow(epoch, peak=0.02) = peak / (1 + epoch)
optimizer plain(learning_rate=0.1, decay=0.5 in 0..1) {
    weight = weight - learning_rate * (gradient + decay * weight)
}
"""
NUMBERS = st.floats(1e-9, 1e9).map(repr) | st.sampled_from(("1", "0.5", "2e-7", "1e20"))
SIGNED = st.floats(-1e9, 1e9, allow_subnormal=False).map(repr)
ODD = 'abA1_é .:"\\|,#%-'
PLAIN = "input", "any", "in", "classes", "balanced", "none", "stratified", "not sure"
PLAIN += "other", "drop", "mean", "1"
WORDS = st.sampled_from(PLAIN) | st.text(ODD, min_size=1, max_size=6)
LABELS = st.one_of(
    st.lists(WORDS.map(column), min_size=3, max_size=3, unique=True),
    st.lists(st.integers(-9, 9), min_size=3, max_size=3, unique=True),
    st.lists(SIGNED, min_size=3, max_size=3, unique_by=float),
)
ACTIVATIONS = (
    "",
    "relu",
    "leaky_relu(0.3)",
    "bent",
    "bent(by=-2)",
    "gelu(surrogate=relu)",
)
ACTIVATIONS += ("step(surrogate=bent(3))", "softmax", "elu(alpha=1e-3)")
LAYERS = (
    "batch_norm momentum=0.25",
    "layer_norm epsilon={0}",
    "dropout 12.5%",
    "dense features tanh weights=uniform(-{0}, {0}) name=wide",
    "dense 7 relu max_norm={0} bias_l2={0} use_bias=yes",
    "dense 5 use_bias=no l1={0} name=narrow",
)
RATES = (
    "{0}",
    "cosine({0})",
    "plateau(patience=3)",
    "one_cycle(warmup=2)",
    "slow(peak={0})",
)
OPTIMIZERS = "adam", "sgd", "plain", "lion", "rmsprop"
SETTINGS = (
    "batch_size all",
    "shuffle no; seed 4",
    "precision float64",
    "split 33.3% / 33.3% / 33.4%",
    "scale minmax",
    "missing median",
    "l1 {0}; l2 {0}",
    "clip_gradients norm={0}",
    "clip_gradients value={0}",
    "early_stopping patience=3 monitor=loss min_delta={0}",
    "checkpoint every=2",
)


NUMBER_OPTIONS = "", "scale=robust", "missing=drop", "missing=mean scale=none in -1..2"
LABEL_OPTIONS = "", "missing=drop", "missing=error", "missing={label}"


@st.composite
def column_lines(draw: st.DrawFn) -> list[str]:
    """Several `input` lines, of numbers and of labels."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        names = f"{column(f'x {draw(WORDS)} {number}')}, y{number}"
        if draw(st.booleans()):
            lines.append(f"input {names} {draw(st.sampled_from(NUMBER_OPTIONS))}")
            continue
        labels = [str(label) for label in draw(LABELS)]
        label = draw(st.sampled_from(labels))
        option = draw(st.sampled_from(LABEL_OPTIONS)).replace("{label}", label)
        if draw(st.booleans()):
            labels = ["any"]
        labels += ["other"] * draw(st.integers(0, 1))
        lines.append(f"input {names}: {' | '.join(labels)} {option}")
    return lines


@st.composite
def specs(draw: st.DrawFn) -> str:
    def some(*choices: str) -> str:
        return draw(st.sampled_from(choices)).replace("{0}", draw(NUMBERS))

    settings = [
        text.replace("{0}", draw(NUMBERS))
        for text in draw(st.lists(st.sampled_from(SETTINGS), unique_by=lambda s: s[:6]))
    ]
    optimizer = some(*OPTIMIZERS)
    rate = some("", *(f"(learning_rate={rate})" for rate in RATES))
    settings.append(f"optimizer {optimizer}{rate}")
    names = [column(f"c {each}") for each in draw(st.lists(WORDS, unique=True))]
    inputs = some("3", "any", ", ".join(names) or "4") + some("", " in -1.5..{0}1")
    middle = [some(*LAYERS) for _ in range(draw(st.integers(0, 3)))]
    hidden = [f"dense 6 {some(*ACTIVATIONS[:-2])}", *dict.fromkeys(middle)]
    match draw(st.sampled_from(("classes", "numbers", "given"))):
        case "classes":
            labels = draw(LABELS)
            target = f"target {column(draw(WORDS))}: {' | '.join(map(str, labels))}"
            last = "dense classes softmax\nloss categorical_crossentropy(clip=1e-5)"
            weighted = draw(st.permutations(labels))[: draw(st.integers(0, 3))]
            if weighted:
                weights = " ".join(f"{each}: {draw(NUMBERS)}" for each in weighted)
                settings.append(f"class_weights {weights}")
        case "numbers":
            target = some("target price", 'target "a b", c')
            last = f"dense outputs\nloss {some('far', 'far(1.5)', 'huber({0})')}"
            settings = [each for each in settings if "scale" not in each]
            settings.append(some("scale standard, target=standard", "epochs 3"))
        case _:
            target, last = "", "dense outputs\nloss mean_squared_error\nmetrics r2"
    of_columns = draw(st.just([f"input {inputs}"]) | column_lines())
    lines = [*of_columns, *hidden, last, target, some("", "weight counted")]
    body = "\n".join((*lines, "train {", *settings, "}"))
    return f"{OWN}network Own {{\n{body}\n}}\n"


def checked(text: str) -> Checked:
    source = Source("own.nn", text)
    return check(source, parse(source))


def meaning(network: Network) -> Network:
    """The network without the words of its lines, which comments show."""
    layers = tuple(replace(layer, text="") for layer in network.layers)
    return replace(network, layers=layers)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(text=specs())
def test_defaults_written_out_mean_the_same(text: str) -> None:
    try:
        before = checked(text)
    except SpecError:
        reject()
    written = with_defaults(before)
    after = checked(written)
    assert meaning(after.network) == meaning(before.network)
    assert with_defaults(after) == written
