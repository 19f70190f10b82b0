"""`nndsl step`: the numbers are the program's own, and the page shows them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nndsl
from nndsl.cli.main import main

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
EVIL = "</script><script>document.title='owned'</script>"
HOSTILE = f"""# {EVIL} <!--
network Hostile {{
    input "{EVIL}", "<img src=x onerror=alert(1)>", "{{{{ 7 * 7 }}}}"
    dense 3 relu; dense 2 softmax
    target "{EVIL}t": "{EVIL}" | "&lt;b&gt;"
    loss categorical_crossentropy
}}
"""


class Page(HTMLParser):
    """A page's tags, scripts, and what it recorded."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)
        self.data: dict[str, Any] = json.loads(self.scripts[0])
        numbers = base64.b64decode(self.data["numbers"])
        self.numbers = np.frombuffer(numbers, "<f4").astype(float)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data
        else:
            self.text += data

    def array(self, number: int) -> Any:
        rows, columns, start = self.data["shapes"][number]
        corner = self.data["corner"]
        shape = tuple(min(n, corner) for n in (rows, columns) if n)
        return self.numbers[start : start + int(np.prod(shape))].reshape(shape)

    def moments(self, step: int) -> list[dict[str, Any]]:
        """What ran in a step: its line, its arrays by name, and its numbers."""
        found = []
        for at, arrays, numbers, befores in self.data["steps"][step]["moments"]:
            statement, phase, function, _, shown, named = self.data["frames"][at]
            first = self.data["statements"][statement]["first"]
            text = "".join(part for _, part in self.data["code"][first - 1])
            found.append(
                {
                    "line": text.strip(),
                    "phase": self.data["phases"][phase],
                    "function": function,
                    "arrays": {
                        name: self.array(number)
                        for (name, _, _), number in zip(shown, arrays, strict=True)
                    },
                    "known": {name: known for name, known, _ in shown},
                    "new": [name for name, _, written in shown if written],
                    "before": [self.array(b) if b >= 0 else None for b in befores],
                    "numbers": {
                        name: value
                        for (name, _), value in zip(named, numbers, strict=True)
                    },
                }
            )
        return found

    def values(self, step: int) -> dict[str, Any]:
        """The arrays of the forward and the backward pass, by name."""
        return {
            name: array
            for moment in self.moments(step)
            if moment["function"] in ("forward", "backward")
            for name, array in moment["arrays"].items()
        }


def written(folder: Path, name: str, *words: str, table: bool = True) -> Page:
    path = folder / f"{name}.html"
    data = [str(SPECS / "data" / f"{name}.csv")] if table else []
    spec = str(SPECS / f"{name}.nn")
    assert main(["step", spec, *data, "-o", str(path), "--force", *words]) == 0
    return Page(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def iris(folder: Path) -> Page:
    return written(folder, "iris")


def close(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-6)


def test_a_step_of_iris_by_the_formulas(iris: Page) -> None:
    """Softmax, cross-entropy and relu as textbooks have them, in float64."""
    p = iris.values(0)
    z1 = p["x"] @ p["p.w1"] + p["p.b1"]
    a1 = z1 * (z1 > 0)
    z2 = a1 @ p["p.w2"] + p["p.b2"]
    a2 = z2 * (z2 > 0)
    z3 = a2 @ p["p.w3"] + p["p.b3"]
    a3 = np.exp(z3) / np.exp(z3).sum(axis=1)[:, None]
    for name, value in {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "a3": a3}.items():
        close(p[name], value)
    assert set(np.unique(p["t"])) == {0, 1} and (p["t"].sum(axis=1) == 1).all()
    loss = -np.log(a3[p["t"] == 1]).mean()
    assert iris.data["steps"][0]["loss"] == pytest.approx(loss, rel=1e-5)

    def loss_at(w1: Any) -> float:
        hidden = np.maximum(p["x"] @ w1 + p["p.b1"], 0)
        hidden = np.maximum(hidden @ p["p.w2"] + p["p.b2"], 0)
        z = hidden @ p["p.w3"] + p["p.b3"]
        log = z - np.log(np.exp(z).sum(axis=1))[:, None]
        return float(-log[p["t"] == 1].mean())

    for place in ((0, 0), (1, 3), (3, 10), (2, 15)):
        change = np.zeros((4, 16))
        change[place] = 1e-6
        slope = (loss_at(p["p.w1"] + change) - loss_at(p["p.w1"] - change)) / 2e-6
        assert p["dw1"][place] == pytest.approx(slope, rel=1e-3, abs=1e-6)
    close(p["dw3"], a2.T @ (a3 - p["t"]) / 8)
    moved = iris.values(1)
    first = -0.01 * p["dw3"] / (np.abs(p["dw3"]) + 1e-8)  # Adam's first step
    close(moved["p.w3"], p["p.w3"] + first)


def test_the_steps_are_those_of_the_module(iris: Page, folder: Path) -> None:
    module = nndsl.load(SPECS / "iris.nn", style="textbook")
    x, y = nndsl.read_table(SPECS / "data" / "iris.csv", SPECS / "iris.nn")
    first = iris.values(0)
    model = module.Iris().fit(x, y, callback=lambda *_: True)
    scaled = model._scale(np.asarray(x, float))
    for row in first["x"]:
        assert np.abs(scaled - row).max(axis=1).min() < 1e-6
    rng = np.random.default_rng(7)
    train, *_ = module.split_rows(150, model.split, rng)
    p = module.initialize(rng)
    batch = rng.permutation(train)[:8]
    close(first["p.w2"], p.w2)
    rows, t = scaled[batch], np.eye(3, dtype=np.float32)[batch // 50]
    close(first["x"], rows)
    close(first["t"], t)
    adam = module.Adam(p, 0.01)
    for step in iris.data["steps"]:
        assert step["loss"] == pytest.approx(module.measure(p, rows, t)["loss"])
        module.train_batch(p, adam, rows, t)
    assert len(iris.data["steps"]) == 20


def test_what_a_step_consists_of(iris: Page) -> None:
    moments = iris.moments(0)
    order = list(dict.fromkeys(moment["phase"] for moment in moments))
    assert order == ["forward", "loss", "backward", "update"]
    by_line = {moment["line"].split("  #")[0]: moment for moment in moments}
    product = by_line["z2 = a1 @ p.w2 + p.b2"]
    assert list(product["arrays"]) == ["a1", "p.w2", "p.b2", "z2"]
    assert product["new"] == ["z2"]
    softmax = by_line["e = np.exp(z - z.max(axis=1, keepdims=True))"]
    assert softmax["function"] == "softmax" and softmax["known"]["z"] == "z3"
    loops = [m for m in moments if m["line"].startswith("for w, g, m, v in zip")]
    known = [list(m["known"].values()) for m in loops]
    names = ["w1", "b1", "w2", "b2", "w3", "b3"]
    assert known == [[f"p.{n}", f"d{n}", f"m of {n}", f"v of {n}"] for n in names]
    (last,) = [m for m in moments if m["phase"] == "loss"]
    assert last["numbers"]["return"] == pytest.approx(iris.data["steps"][0]["loss"])
    assert by_line["dz3 = (a3 - t) / len(x)"]["numbers"] == {"len(x)": 8}
    change = by_line["w -= self.learning_rate * m_hat / (np.sqrt(v_hat) + EPSILON)"]
    assert change["new"] == ["w"] and change["numbers"]["self.learning_rate"] == 0.01
    m, v = change["arrays"]["m_hat"], change["arrays"]["v_hat"]
    wanted = change["before"][0] - 0.01 * m / (np.sqrt(v) + 1e-8)
    close(change["arrays"]["w"], wanted)
    assert by_line["z2 = a1 @ p.w2 + p.b2"]["before"] == [None]


def test_dropout_norms_and_limits(folder: Path) -> None:
    page = written(folder, "digits", "--steps", "3")
    assert page.data["corner"] == 16
    for step in range(3):
        v = page.values(step)
        assert v["z1"].shape == (8, 16) and v["p.w1"].shape == (16, 16)
        close(v["mean1"], v["z1"].mean(axis=0))
        close(v["h1"], v["a1"] * v["mask1"])
        assert set(np.unique(v["mask1"])) <= {0.0, 1.25}
        close(v["a3"].sum(axis=1), np.ones(8))
        smooth = 0.95 * v["t"] + 0.005
        loss = -(smooth * np.log(v["a3"])).sum(axis=1).mean()
        assert page.data["steps"][step]["loss"] == pytest.approx(loss, rel=1e-4)
    ran = {moment["function"] for moment in page.moments(0)}
    assert {"clip_gradients", "limit_norms", "update_running"} <= ran
    assert "the first 16 rows and 16 columns are shown" in page.text
    assert page.data["shapes"][0][:2] == [8, 64]


@pytest.mark.parametrize("name", sorted(path.stem for path in SPECS.glob("*.nn")))
def test_every_spec_without_a_table(name: str, folder: Path) -> None:
    page = written(folder, name, "--steps", "2", "--rows", "3", table=False)
    assert "3 rows drawn at random" in page.text
    assert len(page.data["steps"]) == 2
    losses = [step["loss"] for step in page.data["steps"]]
    assert all(np.isfinite(losses)) and np.isfinite(page.numbers).all()
    ran = {moment["phase"] for moment in page.moments(0)}
    assert ran == {"forward", "loss", "backward", "update"}


def test_a_page_stays_small(folder: Path, tmp_path: Path) -> None:
    layers = "\n".join(["dense 40 relu"] * 60)
    text = f"network Deep {{ input 40\n{layers}\ndense 1\nloss mean_squared_error }}"
    (tmp_path / "deep.nn").write_text(text, encoding="utf-8")
    path = tmp_path / "deep.html"
    assert main(["step", str(tmp_path / "deep.nn"), "-o", str(path)]) == 0
    page = Page(path)
    steps = len(page.data["steps"])
    assert f"Only the first {steps} of 20 steps are recorded" in page.text
    assert path.stat().st_size < 2_000_000
    assert len(written(folder, "digits").html) < 1_500_000


def test_nothing_is_loaded(iris: Page) -> None:
    assert not re.search(
        "https?://", iris.html.replace("http://www.w3.org/2000/svg", "")
    )
    for tag, attributes in iris.tags:
        assert tag not in ("link", "img", "iframe", "object", "base", "a")
        assert not {"src", "href", "action"} & attributes.keys()
        assert not any(key.startswith("on") for key in attributes)
    (policy,) = [
        attributes["content"] or ""
        for tag, attributes in iris.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy
    script = iris.scripts[1].encode()
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


def test_hostile_words_are_text(tmp_path: Path) -> None:
    (tmp_path / "hostile.nn").write_text(HOSTILE, encoding="utf-8")
    path = tmp_path / "hostile.html"
    assert main(["step", str(tmp_path / "hostile.nn"), "-o", str(path)]) == 0
    page = Page(path)
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "img" not in [tag for tag, _ in page.tags]
    assert page.data["columns"]["t"] == [EVIL, "&lt;b&gt;"]
    first = "".join(part for _, part in page.data["spec"][0])
    assert first == f"# {EVIL} <!--"
    if CHROMIUM is not None:
        shown = browsed(path)
        assert "owned" not in re.findall("<title>(.*?)</title>", shown.stdout)[0]
        assert "CONSOLE" not in shown.stderr


CLICKS = """
const frames = [...document.querySelectorAll("iframe")];
function walk(frame) {
    const page = frame.contentDocument, window = frame.contentWindow;
    const at = id => page.getElementById(id), seen = [], key = name =>
        page.body.dispatchEvent(new window.KeyboardEvent(
            "keydown", { key: name, bubbles: true }));
    const texts = where => [...page.querySelectorAll(where)].map(c => c.textContent);
    let wide = 0;
    const note = () => {
        seen.push([at("step-number").textContent, at("place").textContent,
            page.querySelector("#code .now .n").textContent,
            [...page.querySelectorAll("figure")].map(each => [
                each.querySelector("b").textContent,
                [...each.querySelectorAll("td")].slice(0, 3).map(c => c.textContent)]),
            at("loss").textContent]);
        wide = Math.max(wide, page.documentElement.scrollWidth - window.innerWidth);
    };
    note();
    while (!at("next").disabled && seen.length < 5000) { at("next").click(); note(); }
    const end = at("place").textContent;
    at("step").value = 0;
    at("step").dispatchEvent(new window.Event("input"));
    const slid = at("step-number").textContent;
    key("Home");
    const home = [at("place").textContent, at("back").disabled];
    key("ArrowRight"); key("ArrowRight"); key("ArrowLeft");
    const keyed = at("place").textContent;
    key("End");
    const last = at("place").textContent;
    const lines = [...page.querySelectorAll("#spec li")];
    const dense = lines.find(each => each.textContent.includes("dense"));
    dense.onpointerenter();
    const became = texts("#code li.marked");
    dense.onpointerleave();
    const code = [...page.querySelectorAll("#code li")];
    code.find(each => each.textContent.includes("z1 = x @")).onpointerenter();
    const came = texts("#spec li.marked");
    code.find(each => each.textContent.includes("dw1 = x.T @")).onclick();
    const jumped = at("formula").textContent;
    page.querySelector(".written td").onpointerenter();
    return { seen, end, slid, home, keyed, last, wide, became, came, jumped,
        told: at("detail").textContent,
        lit: page.querySelectorAll("td.lit").length };
}
onload = () => {
    const out = document.createElement("pre");
    out.textContent = JSON.stringify(frames.map(walk));
    document.body.replaceChildren(out);
}
"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("name", ["xor", "iris"])
def test_a_browser_walks_through(
    name: str, folder: Path, pytestconfig: pytest.Config
) -> None:
    """By its buttons, keys and slider, as wide as a phone and as a desktop."""
    whole = pytestconfig.getoption("--all")
    page = written(folder, name, "--steps", "20" if whole else "1")
    frames = [
        f'<iframe src="{name}.html" width={width} height=800></iframe>'
        for width in (1280, 390)
    ]
    text = f"<meta charset=utf-8>{''.join(frames)}<script>{CLICKS}</script>"
    (folder / f"{name}_walk.html").write_text(text, encoding="utf-8")
    shown = browsed(folder / f"{name}_walk.html", "--allow-file-access-from-files")
    match = re.search("<pre>(.*?)</pre>", shown.stdout, re.DOTALL)
    assert match is not None, shown.stderr
    assert "CONSOLE" not in shown.stderr, shown.stderr
    wanted = [
        (step, place, moment)
        for step in range(len(page.data["steps"]))
        for place, moment in enumerate(page.moments(step))
    ]
    steps, each = len(page.data["steps"]), len(page.moments(0))
    for found in json.loads(match[1].replace("&gt;", ">").replace("&amp;", "&")):
        assert len(found["seen"]) == len(wanted)
        for seen, (step, place, moment) in zip(found["seen"], wanted, strict=True):
            assert seen[:2] == [f"{step + 1} of {steps}", f"line {place + 1} of {each}"]
            line = page.data["code"][int(seen[2]) - 1]
            assert "".join(part for _, part in line).strip() == moment["line"]
            loss = page.data["steps"][step]["loss"]
            assert float(seen[4]) == pytest.approx(loss, rel=0.006)
            shown_names = [name.removesuffix(".T") for name, _ in seen[3]]
            names = [n.replace("return", "returned") for n in moment["arrays"]]
            assert sorted(shown_names) == sorted(names)
            check_cells(seen[3], moment)
        assert found["wide"] <= 0
        assert found["end"] == found["last"] == f"line {each} of {each}"
        assert found["slid"] == f"1 of {steps}"
        assert found["home"] == [f"line 1 of {each}", True]
        assert found["keyed"] == f"line 2 of {each}"
        assert any("dw1 = x.T @ dz1" in line for line in found["became"])
        assert any("w1: ndarray" in line for line in found["became"])
        assert len(found["came"]) == 1 and "dense" in found["came"][0]
        assert found["jumped"] == "dw1 = x.T @ dz1"
        assert found["told"].startswith("dw1[0, 0] = ") and " · " in found["told"]
        assert found["lit"] == 16


def check_cells(cells: list[tuple[str, list[str]]], moment: dict[str, Any]) -> None:
    """The first cells of each array, up to the power of ten that stands over it."""
    for name, texts in cells:
        array = moment["arrays"][name.removesuffix(".T").replace("returned", "return")]
        row = array if array.ndim == 1 else array.T[0] if ".T" in name else array[0]
        for text, value in zip(texts, row, strict=False):
            shown = float(text.replace("\N{MINUS SIGN}", "-"))
            largest = np.abs(array).max() or 1.0
            power = int(np.floor(np.log10(largest)))
            scale = 10.0 ** (power if power < -1 or power > 3 else 0)
            assert abs(shown * scale - value) <= 0.006 * largest, (name, text, value)


def browsed(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    given = ["--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom", *words]
    given += ["--enable-logging=stderr", f"--user-data-dir={path.parent / 'profile'}"]
    return subprocess.run(
        [CHROMIUM, *given, path.as_uri()], capture_output=True, text=True, timeout=180
    )
