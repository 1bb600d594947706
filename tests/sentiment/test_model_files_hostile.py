"""Model files made to do harm are refused in one sentence before they can."""

import json
import pickle
import tracemalloc
import zipfile

import h5py
import pytest
from model_parts import PLAN, RECORD, WEIGHTS, refused

from workshop_utils.sentiment.model_guard import LARGEST


class Trap:
    def __reduce__(self):
        return exec, ("raise SystemExit('a pickle was run')",)


def test_a_pickle_is_never_run(tmp_path, write):
    path = tmp_path / "model.keras"
    path.write_bytes(pickle.dumps(Trap()))
    refused(path, "not a file that Keras saved")
    refused(write({"model.pkl": pickle.dumps(Trap())}), "does not belong")


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "assets/../../x", "a:b", "more.json"])
def test_a_part_that_does_not_belong_is_refused(write, name):
    refused(write({name: b"x"}), "does not belong")


@pytest.mark.parametrize("name", [RECORD, PLAN, "metadata.json", WEIGHTS])
def test_a_part_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(write, name):
    bomb = bytes(LARGEST[name] + 1) if name == WEIGHTS else b" " * (LARGEST[name] + 1)
    path = write({name: bomb}, zipfile.ZIP_DEFLATED)
    del bomb
    tracemalloc.start()
    refused(path, "unpacks to")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_size_that_lies_unpacks_no_more_than_it_says(write, parts):
    path = write({RECORD: parts[RECORD] + b" " * 3_000_000}, zipfile.ZIP_DEFLATED)
    content = path.read_bytes()
    true = (len(parts[RECORD]) + 3_000_000).to_bytes(4, "little")
    path.write_bytes(content.replace(true, len(parts[RECORD]).to_bytes(4, "little")))
    refused(path, "damaged|not JSON|not a file")


@pytest.mark.parametrize("name", [RECORD, PLAN])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_without_end_is_refused(write, name, opening):
    closing = b"]" if opening == b"[" else b"}"
    refused(write({name: opening * 200_000 + b"1" + closing * 200_000}), "nested too deeply")


def layer(kind, module="keras.layers", **more):
    return {"module": module, "class_name": kind, "config": {}, "registered_name": None, **more}


@pytest.mark.parametrize(
    "entry",
    [
        layer("Lambda"),
        layer("TFSMLayer"),
        layer("Dense", module="os"),
        layer("Dense", registered_name="my>Dense"),
        layer("function", module="builtins", config="eval", registered_name="function"),
        layer("function", module="keras.utils", config="get_file", registered_name="function"),
        layer("StringLookup", config={"vocabulary": "/etc/passwd"}),
        layer("TextVectorization", config={"vocabulary": "/etc/passwd"}),
        layer(["Dense"]),
        layer("Dense", config=7),
        layer("Dense\x1b[31m" + "x" * 100_000),
    ],
    ids=lambda entry: str(entry["class_name"])[:5],
)
def test_a_plan_that_asks_for_more_than_the_known_layers_is_refused(write, parts, entry):
    plan = json.loads(parts[PLAN])
    plan["config"]["layers"].append(entry)
    refused(write({PLAN: json.dumps(plan).encode()}), "its plan")


def test_a_plan_of_another_size_than_its_arrays_is_refused(write, parts):
    plan = parts[PLAN].replace(b'"input_dim": 32', b'"input_dim": 1000000000')
    assert plan != parts[PLAN]
    refused(write({PLAN: plan}), "different sizes")


def hostile_h5(tmp_path, content, change):
    path = tmp_path / "w.h5"
    path.write_bytes(content)
    with h5py.File(path, "r+") as file:
        change(file)
    return path.read_bytes()


def external_link(file):
    file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file):
    file["loop"] = h5py.SoftLink("/")


def external_storage(file):
    file.create_dataset("raw", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/tmp/other.h5", "x", (4,))
    file.create_virtual_dataset("virtual", layout)


def packed_bomb(file):
    file.create_dataset("bomb", (40_000, 40_000), "f4", compression="gzip", fillvalue=0)


def declared_bomb(file):
    file.create_dataset("bomb", (400_000, 40_000), "f4")


def strings(file):
    file["words"] = "not a number"


def many_groups(file):
    for number in range(1_100):
        file.create_group(f"g{number}")


HOSTILE = (external_link, soft_link, external_storage, virtual, packed_bomb, declared_bomb, strings)


@pytest.mark.parametrize("change", [*HOSTILE, many_groups])
def test_weights_that_are_not_plain_arrays_are_refused(tmp_path, write, parts, change):
    tracemalloc.start()
    refused(write({WEIGHTS: hostile_h5(tmp_path, parts[WEIGHTS], change)}), "its weights")
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_link_and_a_doubled_part_are_refused(tmp_path, parts):
    path = tmp_path / "link.keras"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            if name == RECORD:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, content)
    refused(path, "is a link")
    with zipfile.ZipFile(path, "w") as archive:
        for name in parts:
            archive.writestr(name, parts[name])
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(RECORD, parts[RECORD])
    refused(path, "two parts of one name")
