"""Files that mean harm: refused in words, in little time and memory, with no traceback.

Every case is a process of its own with a limit on memory and on time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1 << 20
MEMORY = 1 << 30
SECONDS = 10
XOR = "network Xor { input 2; dense 4 tanh; dense 1 sigmoid; loss binary_crossentropy }"


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def nndsl(*words: str, given: bytes = b"") -> tuple[int, str]:
    """The exit code of a command, and all it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "nndsl", *words],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=limited,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    return done.returncode, done.stdout.decode()


def network(line: str) -> str:
    return f"network A {{ input 2; {line}; loss mean_squared_error }}"


def calls(count: int, formula: str) -> str:
    """`f0` calls `f1` calls … calls tanh."""
    lines = [
        f"activation fn{i}(x) = {formula.format(f'fn{i + 1}(x)')}" for i in range(count)
    ]
    lines.append(f"activation fn{count}(x) = tanh(x)")
    return "\n".join([*lines, network("dense 1 fn0")])


FILLED = {
    "parentheses": ("(", "E014"),
    "braces": ("{", "E014"),
    "comments": ("#", "E111"),
    "spaces": (" ", "E111"),
    "line ends": ("\n", "E014"),
    "one word": ("a", "E011"),
    "words": ("a ", "E014"),
    "digits": ("1", "E025"),
    "dots": (".", "E014"),
    "quotes": ('"', "E014"),
    "single quotes": ("'", "E014"),
    "percent signs": ("%", "E014"),
    "letters": ("é", "E006"),
    "networks": ("network A {}\n", "E014"),
}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", FILLED)
def test_a_mebibyte_of_one_thing(name: str) -> None:
    text, code = FILLED[name]
    given = (text.encode() * SIZE)[:SIZE] if len(text.encode()) == 1 else b""
    given = given or text.encode() * (SIZE // len(text.encode()))
    exit_code, said = nndsl("check", "-", given=given)
    assert (exit_code, code in said) == (1, True), said[:400]
    assert len(said) < 20_000


SPECS = {
    "a byte too many": ("#" * (SIZE + 1), "E002"),
    "signs": (f"activation bent(x) = {'-' * 900_000}x", "E014"),
    "few signs": (f"activation bent(x) = {'-' * 90_000}x", "E013"),
    "powers": (f"activation bent(x) = x{'^x' * 400_000}", "E014"),
    "few powers": (f"activation bent(x) = x{'^x' * 40_000}", "E013"),
    "sums": (f"activation bent(x) = x{'+x' * 40_000}", "E013"),
    "comparisons": (f"activation bent(x) = x{'<x' * 40_000}", "E026"),
    "calls": (f"activation bent(x) = {'tanh(' * 60}x{')' * 60}", "E012"),
    "brackets": (network(f"dense 1 relu l1={'(' * 60}1{')' * 60}"), "E012"),
    "power of powers": (
        f"activation bent(x) = 9^9^9*x\n{network('dense 1 bent')}",
        "E20",
    ),
    "other powers": ("activation bent(x) = 9**9**9*x", "E027"),
    "infinity": (network("dense 1 relu l1=1e999"), "E010"),
    "nearly zero": (network("dense 1 relu l1=1e-999"), "E010"),
    "an exponent": (network(f"dense 1 relu l1=1e{'9' * 1_000_000}"), "E0"),
    "a width": (network(f"dense {'9' * 30} relu"), "E108"),
    "too many parameters": (network("dense 50000000 relu; dense 1 relu"), "E131"),
    "layers": (network("dense 1 relu; " * 10_000 + "dense 1 relu"), "E131"),
    "a blow-up of formulas": (calls(60, "{0}*{0}"), "E205"),
    "a long chain of formulas": (calls(4000, "{0}+1"), "E205"),
    "a ring of formulas": (
        "activation f(x) = g(x)\nactivation g(x) = f(x)\n" + network("dense 1 f"),
        "E20",
    ),
    "a long name": (XOR.replace("Xor", "X" * 65), "E109"),
    "a zero byte": (XOR.replace("2", "\0"), "E003"),
    "a bare carriage return": (XOR.replace("; ", "\r"), "E003"),
    "reversed writing": (f"# \u202e\n{XOR}", "E003"),
    "a byte order mark inside": (XOR.replace("2", "\ufeff2"), "E003"),
    "half a character": (XOR.replace("2", "\ud800"), "E001"),
}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", SPECS)
def test_a_spec_that_means_harm(name: str) -> None:
    text, code = SPECS[name]
    given = text.encode("utf-8", "surrogatepass")
    exit_code, said = nndsl("check", "-", given=given)
    assert (exit_code, f"[{code}" in said) == (1, True), said[:400]
    assert len(said) < 200_000


def test_utf_16_is_named() -> None:
    assert "UTF-16 is not UTF-8" in nndsl("check", "-", given=XOR.encode("utf-16"))[1]


def test_a_byte_order_mark_in_front_is_dropped() -> None:
    assert nndsl("check", "-", given=XOR.encode("utf-8-sig"))[0] == 0


def test_the_largest_network_is_checked() -> None:
    given = network("dense 1 relu; " * 9_999 + "dense 1 relu").encode()
    exit_code, said = nndsl("check", "-", given=given)
    assert exit_code == 0, said[:400]


TABLES = {
    "an endless field": b"a,b,y\n" + b"1" * 20_000_000 + b",2,1\n",
    "columns": b",".join(b"c%d" % i for i in range(100_000)) + b"\n",
    "columns of rows": b"a,b,y\n" + b",".join([b"1"] * 100_000) + b"\n",
    "a quote never closed": b'a,b,y\n"' + b"1,2\n" * 1_000_000,
    "binary": bytes(range(256)) * 4000,
    "zeros": bytes(1_000_000),
    "lines without end": b"\r" * 1_000_000,
    "empty": b"",
}


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_means_harm(name: str, tmp_path: Path) -> None:
    spec, table = tmp_path / "xor.nn", tmp_path / "table.csv"
    spec.write_text(XOR)
    table.write_bytes(TABLES[name])
    exit_code, said = nndsl("train", str(spec), str(table))
    assert exit_code == 1, said[:400]
    assert "Traceback" not in said
    assert len(said) < 5000
    assert not (tmp_path / "xor.npz").exists()


def test_widths_from_the_table_are_limited(tmp_path: Path) -> None:
    spec, table = tmp_path / "wide.nn", tmp_path / "table.csv"
    spec.write_text(
        network("dense 9000000 relu; dense 1").replace("input 2", "input any")
    )
    table.write_text("a,b,c,d,e,f,g,h,i,j,k,l,y\n" + "1,2,3,4,5,6,7,8,9,1,2,3,4\n" * 9)
    exit_code, said = nndsl("train", str(spec), str(table))
    assert exit_code == 1, said[:400]
    assert "Traceback (most" not in said and "parameters" in said
