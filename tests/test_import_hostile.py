"""Files for `nndsl import` that mean harm: nothing outside them is read or grows."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from onnx import TensorProto, helper
from test_hostile import nndsl

from nndsl.cli.main import main

FILES = Path(__file__).parent / "reference" / "files"
KERAS = FILES / "sequential.keras"


def refused(path: Path, *words: str) -> str:
    """What is said of a file: one line, and nothing is written."""
    said = io.StringIO()
    with redirect_stderr(said):
        code = main(["import", str(path), "-o", str(path.with_suffix(".nn")), *words])
    return checked(path, code, said.getvalue())


def refused_within_limits(path: Path, *words: str) -> str:
    """The same in a process with limits of time and memory."""
    code, said = nndsl("import", str(path), "-o", str(path.with_suffix(".nn")), *words)
    return checked(path, code, said)


def checked(path: Path, code: int, said: str) -> str:
    assert code == 1, said
    assert said.startswith("nndsl: ")
    assert said.count("\n") == 1
    assert list(path.parent.glob("a.n*")) == []
    return said


def keras(path: Path, **members: bytes) -> Path:
    """A copy of a .keras file with other members."""
    with zipfile.ZipFile(KERAS) as archive:
        known = {name: archive.read(name) for name in archive.namelist()}
    names = {"config": "config.json", "weights": "model.weights.h5"}
    known |= {names[name]: content for name, content in members.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in known.items():
            archive.writestr(name, content)
    return path


def weights(change: Any) -> bytes:
    """The weights of the .keras file after a change to the HDF5 file."""
    with zipfile.ZipFile(KERAS) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(content, "r+") as file:
        change(file["layers/dense/vars"])
    return content.getvalue()


def external_link(group: Any) -> None:
    del group["0"]
    group["0"] = h5py.ExternalLink("/etc/passwd", "/secret")


def soft_link(group: Any) -> None:
    del group["0"]
    group["0"] = h5py.SoftLink("/layers/dense_1/vars/0")


def external_data(group: Any) -> None:
    del group["0"]
    given = [("/etc/passwd", 0, 96)]
    group.create_dataset("0", (4, 6), "f4", external=given)


def virtual_data(group: Any) -> None:
    del group["0"]
    layout = h5py.VirtualLayout((4, 6), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "secret", (4, 6))
    group.create_virtual_dataset("0", layout)


def packed_zeros(group: Any) -> None:
    del group["0"]
    zeros = np.zeros((4, 3_000_000), "f4")
    group.create_dataset("0", data=zeros, compression="gzip", compression_opts=9)


def never_written(group: Any) -> None:
    del group["0"]
    group.create_dataset("0", (4, 10**12), "f4", chunks=(4, 1000))


@pytest.mark.parametrize(
    "change",
    [
        *(external_link, soft_link, external_data, virtual_data),
        *(packed_zeros, never_written),
    ],
)
def test_weights_of_keras_are_in_the_file_itself(tmp_path: Path, change: Any) -> None:
    said = refused(keras(tmp_path / "a.keras", weights=weights(change)))
    assert "a link to elsewhere" in said or "not in the file itself" in said


def test_a_packed_description_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 200_000_000)
        archive.writestr("model.weights.h5", b"")
    assert "is compressed" in refused_within_limits(path)


def test_a_description_that_is_too_deep(tmp_path: Path) -> None:
    config = b"[" * 100_000 + b"]" * 100_000
    refused(keras(tmp_path / "a.keras", config=config))


def test_a_safetensors_file_that_says_it_is_larger(tmp_path: Path) -> None:
    entry = {"dtype": "F32", "shape": [10**6, 10**6], "data_offsets": [0, 4 * 10**12]}
    header = json.dumps({"0.weight": entry}).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    refused_within_limits(path, "--layers", "dense")


def model(*nodes: Any, constants: Any) -> Any:
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 1])],
        constants,
    )
    opset = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8)


def test_weights_of_onnx_are_in_the_file_itself(tmp_path: Path) -> None:
    tensor = TensorProto(name="w", dims=[2, 1], data_type=TensorProto.FLOAT)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    node = helper.make_node("MatMul", ["x", "w"], ["out"])
    path = tmp_path / "a.onnx"
    path.write_bytes(model(node, constants=[tensor]).SerializeToString())
    assert "weights in another file" in refused(path)


def test_onnx_constants_do_not_multiply(tmp_path: Path) -> None:
    row = helper.make_tensor("row", TensorProto.FLOAT, [1, 100_000], [1.0] * 100_000)
    column = helper.make_tensor("c", TensorProto.FLOAT, [100_000, 1], [1.0] * 100_000)
    nodes = [
        helper.make_node("Add", ["row", "c"], ["all"]),
        helper.make_node("Add", ["x", "all"], ["out"]),
    ]
    path = tmp_path / "a.onnx"
    path.write_bytes(model(*nodes, constants=[row, column]).SerializeToString())
    assert "cannot be imported" in refused_within_limits(path)


def test_onnx_formulas_do_not_grow_without_end(tmp_path: Path) -> None:
    nodes = [helper.make_node("Mul", ["x", "x"], ["v0"])]
    for i in range(5000):
        nodes.append(helper.make_node("Mul", [f"v{i}", f"v{i}"], [f"v{i + 1}"]))
    nodes.append(helper.make_node("Relu", ["v5000"], ["out"]))
    path = tmp_path / "a.onnx"
    path.write_bytes(model(*nodes, constants=[]).SerializeToString())
    assert "more than 200 operations" in refused(path)
