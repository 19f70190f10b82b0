"""`--report`: the page says what is true, loads nothing and survives hostile names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from nndsl import __version__
from nndsl.api import module_of
from nndsl.cli.main import main
from nndsl.compiler import module_text, understand
from nndsl.data.model_file import read_model_file
from nndsl.data.schema import schema_of
from nndsl.data.table import read_table
from nndsl.diagnostics.record import Source
from nndsl.lower.lower import lower
from nndsl.report.page import report_page
from nndsl.report.subject import Part, of_training

SPECS = Path(__file__).parent.parent / "specs"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "$\\alpha$ {{ 7 * 7 }}",
    "a name that goes on and on, " * 6,
)
LABELS = (
    "<script>document.title='owned'</script>",
    "& \"quoted\" 'b'",
    "$\\frac$ plain",
)
IRISES = ("setosa", "versicolor", "virginica")
HOSTILE = """# </pre><script>alert(3)</script>
network Hostile {
    input any; dense 8 relu; dense classes softmax
    loss categorical_crossentropy
    metrics accuracy
    train { epochs 3; split 60% / 20% / 20% }
}
"""


class Page(HTMLParser):
    """The text, the tags with their attributes, and the cells of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.in_cell = False
        self.feed(Path(path).read_text(encoding="utf-8"))
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = self.in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.in_cell:
            self.rows[-1][-1] += data.strip()

    def row(self, first: str, last: bool = False) -> list[str]:
        """The first row that begins so, or the last."""
        rows = [row for row in self.rows if row[:1] == [first]]
        return rows[-1 if last else 0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of several specs, each trained for a few epochs."""
    folder = tmp_path_factory.mktemp("reports")
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(90, len(NAMES))).round(3).tolist()
    quoted = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (*NAMES, "kind")]
    lines = [",".join(quoted)]
    for row in rows:
        label = LABELS[(row[0] > 0) + (row[1] > 0.5)].replace('"', '""')
        lines.append(",".join([*map(str, row), f'"{label}"']))
    (folder / "hostile.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "hostile.nn").write_text(HOSTILE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        train("hostile.nn", "hostile.csv", "hostile")
        table = str(SPECS / "data" / "iris.csv")
        words = ["-o", "iris.npz", "--report", "iris.html"]
        assert main(["train", str(SPECS / "iris.nn"), table, *words]) == 0
        for name in ("diabetes", "tags", "autoencoder", "perceptron"):
            train(SPECS / f"{name}.nn", SPECS / "data" / f"{name}.csv", name)
    return folder


def train(spec: Path | str, table: Path | str, name: str) -> None:
    words = ["train", str(spec), str(table), "-o", f"{name}.npz", "--force"]
    assert main([*words, "--epochs", "3", "--report", f"{name}.html"]) == 0


@pytest.fixture(autouse=True)
def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def test_what_stands_in_a_report() -> None:
    page, file = Page("iris.html"), read_model_file("iris.npz")
    assert "Predicts species from 4 columns; trained on 105 rows of iris.csv." in (
        page.text
    )
    assert page.row("test")[1] == "22"
    assert page.row("test")[3] == f"{file.test['accuracy']:.4f}"
    kept = (file.best_epoch or 0) - 1
    assert kept < file.epochs - 1
    assert page.row("validation")[2] == f"{file.history['val_loss'][kept]:.4f}"
    assert page.row("species")[3] == "setosa 50, versicolor 50, virginica 50"
    assert page.row("sepal_width", last=True)[3:5] == ["2 to 4.4", "3.057"]
    assert f"epoch {file.best_epoch}, kept" in page.text
    for text in ("dense 16 relu", "16 wide · 80 parameters", "scale standard"):
        assert text in page.text
    assert page.row("seed")[1] == "7"
    assert page.row("nndsl")[1] == __version__
    assert page.row("NumPy")[1] == np.__version__
    assert page.row("Python")[1].startswith(sys.version.split()[0])
    for title in ("Loss", "Accuracy", "ROC", "Calibration", "Which columns matter"):
        assert title in page.words


def test_the_matrix_is_that_of_the_test_rows() -> None:
    page, file = Page("iris.html"), read_model_file("iris.npz")
    counts = np.array([page.row(label)[1:4] for label in IRISES], int)
    assert counts.sum() == 22
    assert np.trace(counts) / 22 == pytest.approx(file.test["accuracy"])


def test_the_matrix_of_an_evaluated_table(capsys: pytest.CaptureFixture[str]) -> None:
    table = str(SPECS / "data" / "iris.csv")
    assert main(["evaluate", "iris.npz", table, "--report", "again.html"]) == 0
    figures = dict(line.split() for line in capsys.readouterr().out.splitlines())
    page = Page("again.html")
    assert page.row("this table") == [
        "this table",
        "150",
        figures["loss"],
        figures["accuracy"],
    ]
    assert main(["predict", "iris.npz", table, "-o", "answers.csv", "--force"]) == 0
    answers = np.loadtxt("answers.csv", str, delimiter=",", skiprows=1)[:, 0]
    true = np.loadtxt(table, str, delimiter=",", skiprows=1)[:, 4]
    wanted = metrics.confusion_matrix(true, answers).astype(str).tolist()
    assert [page.row(label)[1:4] for label in IRISES] == wanted


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("diabetes", ("Predicted progression", "nine in ten"), ("ROC", "Calibration")),
        ("tags", ("precision", "ROC", "trained on; there"), ("true ↓",)),
        ("autoencoder", ("of 64 outputs are drawn",), ("Which columns matter",)),
        ("perceptron", ("true ↓ predicted →",), ("Residuals",)),
    ],
)
def test_each_kind_of_target(
    name: str, has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    text = Page(f"{name}.html").text
    assert [word for word in has if word not in text] == []
    assert [word for word in lacks if word in text] == []


@pytest.mark.parametrize("name", ["iris", "diabetes", "hostile", "tags"])
def test_nothing_is_loaded_or_run(name: str) -> None:
    page = Page(f"{name}.html")
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "image", "iframe", "object", "base"}
    for tag, attributes in page.tags:
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            assert key not in ("src", "data", "action"), (tag, key)
            if "href" in key or "url(" in (value or ""):
                assert "#" in (value or "") and "//" not in (value or ""), (tag, value)
    styles = " ".join(attributes.get("style") or "" for _, attributes in page.tags)
    assert "var(--c1)" in styles and "#0a0b" not in styles and "DejaVu" not in styles
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_hostile_names_are_text() -> None:
    page = Page("hostile.html")
    assert page.row(NAMES[0])[1] == ""
    assert page.row(NAMES[1]) and page.row(NAMES[2])
    assert "# </pre><script>alert(3)</script>" in page.text
    assert LABELS[1] in page.text and "<script>document.title" in page.text
    assert "49" not in page.row(NAMES[2])[0]


class Frame:
    """The least that a table of several kinds of columns has."""

    def __init__(self, names: tuple[str, ...], x: Any) -> None:
        self.columns = list(names)
        self.by_name = dict(zip(names, x.T, strict=True))

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


def test_a_frame_gives_the_same_page_as_a_matrix() -> None:
    source = Source("iris.nn", (SPECS / "iris.nn").read_text(encoding="utf-8"))
    checked = understand(source, ["train.epochs=2"])
    program = lower(checked.network)
    table = read_table(str(SPECS / "data" / "iris.csv"), schema_of(program.data))
    model = module_of(module_text(checked, "fast"), "iris.nn").Iris()
    model.fit(table.x, table.y)
    frame = replace(table, x=Frame(table.features, table.x))
    pages = [
        re.sub(r"\d+-\d\d-\d\d \d\d:\d\d", "", report_page(subject, "iris.npz"))
        for each in (table, frame)
        for subject in [of_training(checked, program, model, each)]
    ]
    assert pages[0] == pages[1]


def test_rows_are_drawn_by_the_seed() -> None:
    source = Source("xor.nn", (SPECS / "xor.nn").read_text(encoding="utf-8"))
    checked = understand(source, ["train.epochs=1"])
    program = lower(checked.network)
    table = read_table(str(SPECS / "data" / "xor.csv"), schema_of(program.data))
    model = module_of(module_text(checked, "fast"), "xor.nn").Xor()
    model.fit(table.x, table.y)
    subject = of_training(checked, program, model, table)
    many = replace(subject, shown=Part("test", np.arange(1000, 2000), {}))
    rows = many.rows_shown(500)
    assert len(set(rows.tolist())) == 500 and (np.diff(rows) > 0).all()
    assert 1000 <= rows.min() < 1020 and 1980 < rows.max() < 2000
    np.testing.assert_array_equal(rows, many.rows_shown(500))
    assert many.rows_shown(1000).tolist() == list(range(1000, 2000))


GAPS = """network Gaps {
    input a, b; dense 4 relu; dense 2 softmax
    target kind: x | y
    loss categorical_crossentropy
    metrics accuracy
    train { epochs 2; missing drop SPLIT}
}
"""


@pytest.mark.parametrize("split", ["", "; split 50% / 0% / 50% "], ids=["all", "split"])
def test_rows_that_are_left_out(split: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = [[*map(str, rng.normal(size=2).round(2)), "xy"[i % 2]] for i in range(40)]
    rows[3][0] = rows[7][1] = ""
    lines = [",".join(row) for row in [["a", "b", "kind"], *rows]]
    (tmp_path / "gaps.csv").write_text("\n".join(lines), encoding="utf-8")
    spec = tmp_path / "gaps.nn"
    spec.write_text(GAPS.replace("SPLIT", split), encoding="utf-8")
    train(spec, str(tmp_path / "gaps.csv"), "gaps")
    page = Page("gaps.html")
    counts = [int(page.row(n)[1]) for n in ("training", "test") if has(page, n)]
    assert counts == ([19, 19] if split else [38])
    assert page.row("a", last=True)[2] == "1"
    table = str(tmp_path / "gaps.csv")
    assert main(["evaluate", "gaps.npz", table, "--report", "gaps.html"]) == 0
    assert Page("gaps.html").row("this table")[1] == "38"


def has(page: Page, first: str) -> bool:
    return any(row[:1] == [first] for row in page.rows)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_shows_it_at_any_width(tmp_path: Path) -> None:
    """In frames as wide as a phone and a desktop: no message, nothing sticks out."""
    names = ("hostile", "diabetes", "tags")
    frames = [
        f'<iframe width={width} height=900 srcdoc="{quoted(name)}"></iframe>'
        for name in names
        for width in (390, 1280)
    ]
    measure = """onload = () => { document.title = JSON.stringify(
        [...document.querySelectorAll("iframe")].map(f => [
            f.contentDocument.documentElement.scrollWidth - f.contentWindow.innerWidth,
            f.contentDocument.querySelectorAll("h2").length]))}"""
    text = f"<meta charset=utf-8>{''.join(frames)}<script>{measure}</script>"
    (tmp_path / "frames.html").write_text(text, encoding="utf-8")
    shown = browsed(tmp_path / "frames.html")
    match = re.search("<title>(.*?)</title>", shown.stdout)
    assert match is not None, shown.stderr
    measured = json.loads(match[1])
    assert len(measured) == 2 * len(names)
    assert all(sticks_out <= 0 and parts >= 6 for sticks_out, parts in measured)
    assert "CONSOLE" not in shown.stderr


def quoted(name: str) -> str:
    """A report as an attribute of HTML, without the quotes around it."""
    text = Path(f"{name}.html").read_text(encoding="utf-8")
    return text.replace("&", "&amp;").replace('"', "&quot;")


def browsed(path: Path) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    words += ["--enable-logging=stderr", f"--user-data-dir={path.parent / 'profile'}"]
    return subprocess.run(
        [CHROMIUM, *words, path.as_uri()], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ["--report", "notes.html"],
            1,
            "notes.html: is not an nndsl report; left",
        ),
        (["--report", "xor.npz"], 2, "what is written there is HTML"),
        (["--report", "-"], 2, "--report '-' names no file"),
        (["--report", "none/a.html"], 1, "there is no folder none"),
        (["--report", "link.html"], 1, "name another file with --report"),
    ],
)
def test_what_no_report_is_written_to(
    words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("notes.html").write_text("<!doctype html><p>mine", encoding="utf-8")
    if not Path("link.html").is_symlink():
        Path("link.html").symlink_to("notes.html")
    table = str(SPECS / "data" / "xor.csv")
    assert main(["train", str(SPECS / "xor.nn"), table, *words]) == code
    assert message in capsys.readouterr().err
    assert not Path("xor.npz").exists()
    assert Path("notes.html").read_text(encoding="utf-8") == "<!doctype html><p>mine"


def test_a_report_replaces_a_report() -> None:
    train(SPECS / "xor.nn", SPECS / "data" / "xor.csv", "xor")
    Path("xor.npz").unlink()
    train(SPECS / "xor.nn", SPECS / "data" / "xor.csv", "xor")
    Path("xor.npz").unlink()
    assert "Xor" in Page("xor.html").words


def test_without_matplotlib(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nndsl.cli.report_page.find_spec", lambda name: None)
    table = str(SPECS / "data" / "xor.csv")
    words = ["train", str(SPECS / "xor.nn"), table, "--report", "new.html"]
    assert main(words) == 1
    assert "pip install 'nndsl[report]'" in capsys.readouterr().err
    assert not Path("new.html").exists() and not Path("xor.npz").exists()
