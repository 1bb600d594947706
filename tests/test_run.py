"""Running notebooks: one in a real kernel, and the whole run with a kernel that is not real."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tiny_course import code_cell, first_lesson, make_course, markdown_cell, notebook_of, stream

from workshop_tools import execute, resource_usage, run, tweets_at_hand
from workshop_tools.editions import as_text, code_cells, read_notebook
from workshop_tools.execute import Execution, kernel_environment
from workshop_tools.tweets_at_hand import Finding, look_for_tweets
from workshop_utils import lessons
from workshop_utils.lessons import LESSONS, CourseError

REPOSITORY = Path(__file__).parents[1]


def unrun(*sources):
    cells = [code_cell(source, count=None) for source in sources]
    return notebook_of(markdown_cell("# A title"), *cells)


def executed(notebook, folder, **options):
    return execute.execute(notebook, folder, kernel_environment(REPOSITORY, folder), **options)


# --- one notebook in a real kernel


def test_a_notebook_runs_in_this_python_and_stops_where_it_fails(tmp_path):
    passed = []
    result = executed(
        unrun(
            "import os, sys\nprint(sys.executable)\nprint(os.getcwd())\nblock = b'x' * 90_000_000",
            "print(os.environ['LSTM_WORKSHOP_ARTIFACTS'])",
            "print('before')\n1 / 0",
            "never = 1",
        ),
        tmp_path,
        on_cell=passed.append,
    )
    assert not result.passed
    assert (result.failed_cell, passed) == (3, [1, 2])
    assert "ZeroDivisionError: division by zero" in result.failure
    assert "\x1b" not in result.failure
    assert list(result.cell_seconds) == [1, 2, 3]
    assert result.seconds > sum(result.cell_seconds.values())
    assert 90_000_000 < result.peak_bytes < 2_000_000_000
    first, second, third, fourth = code_cells(result.notebook)
    where = first["outputs"][0]["text"].splitlines()
    assert where[0] == sys.executable
    assert Path(where[1]).samefile(tmp_path)
    assert second["outputs"][0]["text"].strip() == str(tmp_path)
    assert third["outputs"][0] == stream("before\n")
    assert fourth["execution_count"] is None


def test_a_cell_that_takes_too_long_is_stopped(tmp_path):
    result = executed(unrun("import time; time.sleep(60)"), tmp_path, cell_timeout=1)
    assert result.failed_cell == 1
    assert result.failure == "The cell took longer than 1 seconds and was stopped."
    assert result.seconds < 45


def test_a_kernel_that_dies_leaves_its_last_words(tmp_path):
    code = "import os\nos.write(2, b'out of luck')\nos._exit(3)"
    result = executed(unrun("1", code), tmp_path)
    assert result.failed_cell == 2
    assert result.failure.startswith("The kernel died")
    assert "out of luck" in result.failure
    assert "IPKernelApp" not in result.failure


def test_a_failure_without_a_traceback_says_so():
    assert "no traceback" in execute._traceback(notebook_of(code_cell("1")))


def test_the_notebook_that_was_given_is_not_changed(monkeypatch, tmp_path):
    notebook = unrun("1")
    before = json.dumps(notebook)

    class Client:
        def execute(self, **_):
            self.notebook["cells"][1]["outputs"] = [stream("1")]

    def client(self, *_):
        made = Client()
        made.notebook = self.notebook
        return made

    monkeypatch.setattr(execute._Run, "client", client)
    assert executed(notebook, tmp_path).notebook["cells"][1]["outputs"] == [stream("1")]
    assert json.dumps(notebook) == before


def test_relative_places_are_made_absolute_for_the_kernel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "data/Sentiment.csv")
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", "")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    environment = kernel_environment(REPOSITORY, tmp_path, EXTRA="1")
    assert environment["LSTM_WORKSHOP_TWEETS"] == str(tmp_path / "data" / "Sentiment.csv")
    assert environment["LSTM_WORKSHOP_CACHE"] == ""
    assert environment["PYTHONPATH"] == f"{REPOSITORY}{os.pathsep}elsewhere"
    assert environment["EXTRA"] == "1"


def test_peak_memory_counts_what_was_freed(tmp_path):
    """A child that once held 200 MB is larger than one that never did."""
    code = "import sys\nx = b'x' * {}\ndel x\nprint('ready', flush=True)\nsys.stdin.read()"

    def peak(size):
        command = [sys.executable, "-c", code.format(size)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout.readline() == "ready\n"
            measured = resource_usage.peak_memory(child.pid)
            child.stdin.close()
        return measured

    assert peak(200_000_000) - peak(0) > 150_000_000


def test_the_children_of_a_kernel_are_measured_with_it(tmp_path):
    code = (
        "import subprocess, sys, time\n"
        "spin = 'x = bytearray(150_000_000)\\n' 'import time\\n' "
        "'while time.process_time() < 2: pass\\n' 'print(1, flush=True)\\n' 'input()'\n"
        "pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child = subprocess.Popen([sys.executable, '-c', spin], **pipes)\n"
        "child.stdout.readline()"
    )
    alone = executed(unrun("1"), tmp_path)
    result = executed(unrun(code, "child.communicate(b'x')[0]"), tmp_path)
    assert result.passed, result.failure
    # Looked at after the first cell, when the child holds its memory.
    assert result.peak_bytes - alone.peak_bytes > 120_000_000
    # The child has ended when the second cell has, and its time still counts.
    assert result.cpu_seconds > alone.cpu_seconds + 1
    assert alone.cpu_seconds > 0


def test_a_process_that_has_gone_costs_nothing():
    pytest.importorskip("psutil")
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert resource_usage.family_costs(child.pid) == (None, None)
    watch = resource_usage.Meter()
    watch.look()
    watch.watch(child.pid)
    watch.look()
    watch.stop()
    assert (watch.peak_bytes, watch.cpu_seconds) == (None, None)


def test_what_a_kernel_notes_is_read_with_its_cell(tmp_path):
    code = "from workshop_utils import checks, ledger\nchecks.check('one', True)"
    ledger = {"LSTM_WORKSHOP_LEDGER": str(tmp_path / "ledger")}
    environment = kernel_environment(REPOSITORY, tmp_path, **ledger)
    last = "ledger.note('wanted', name='x', bytes=3)\nchecks.band('two', 2, 0, 1)"
    result = execute.execute(unrun("1", code, last), tmp_path, environment)
    assert [(cell, fact["kind"]) for cell, fact in result.notes] == [
        (2, "claim"),
        (3, "wanted"),
        (3, "claim"),
    ]
    assert result.notes[-1][1]["outcome"] == "fails"
    assert "two lies in 0.00 to 1.00: measured 2.0000" in result.failure
    environment |= {"LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY": "1"}
    assert execute.execute(unrun(code, last), tmp_path, environment).passed


def test_a_setting_of_the_user_does_not_silence_claims(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY", "1")
    environment = kernel_environment(REPOSITORY, tmp_path)
    assert environment["LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY"] == ""
    assert environment["LSTM_WORKSHOP_LEDGER"] == ""


def test_without_proc_memory_comes_from_psutil(monkeypatch):
    psutil = pytest.importorskip("psutil")

    def absent(self, **_):
        raise FileNotFoundError

    monkeypatch.setattr(resource_usage.Path, "read_text", absent)
    memory = SimpleNamespace(rss=5, peak_wset=7)
    monkeypatch.setattr(psutil, "Process", lambda pid: SimpleNamespace(memory_info=lambda: memory))
    assert resource_usage.peak_memory(1) == 7

    def gone(pid):
        raise psutil.NoSuchProcess(pid)

    monkeypatch.setattr(psutil, "Process", gone)
    assert resource_usage.peak_memory(1) is None
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert resource_usage.peak_memory(1) is None


# --- are the tweets at hand?


class UnavailableError(Exception):
    pass


class UnreadableError(UnavailableError):
    pass


@pytest.fixture
def tweets(monkeypatch):
    """Let the module that loads the tweets give, or raise, what a test wants."""

    def give(answer):
        def load(*path):
            if isinstance(answer, Exception):
                raise answer
            return answer

        stand_in = SimpleNamespace(
            TweetsUnavailable=UnavailableError, TweetsUnreadable=UnreadableError, load=load
        )
        monkeypatch.setitem(sys.modules, "workshop_utils.tweets", stand_in)
        monkeypatch.setattr("workshop_utils.tweets", stand_in, raising=False)

    return give


@pytest.mark.parametrize(
    ("source", "is_real", "kind", "set_for_kernels"),
    [
        ("cache", True, "real", {}),
        ("mirror", True, "real", {"LSTM_WORKSHOP_OFFLINE": "0"}),
        ("setting", False, "own", {}),
    ],
)
def test_tweets_that_are_found_are_used(tweets, source, is_real, kind, set_for_kernels):
    tweets(SimpleNamespace(is_real=is_real, sentence="They are here.", source=source))
    found = look_for_tweets()
    assert (found.kind, found.real, found.sentence) == (kind, is_real, "They are here.")
    assert tweets_at_hand.settings(found, Path("x")) == set_for_kernels


def test_a_file_that_is_asked_for_reaches_the_kernels(tmp_path, monkeypatch):
    own = tmp_path / "own.csv"
    own.write_text("text,sentiment\nGood day,Positive\nBad day,Negative\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "another.csv")
    found = look_for_tweets(Path("own.csv"))
    assert (found.kind, found.fetched) == ("own", False)
    assert tweets_at_hand.settings(found, Path("x")) == {"LSTM_WORKSHOP_TWEETS": str(own)}
    with pytest.raises(CourseError, match=r"absent\.csv \(given as path\)"):
        look_for_tweets(Path("absent.csv"))


def test_tweets_that_cannot_be_fetched_are_an_answer(tweets):
    tweets(UnavailableError("No mirror answered."))
    found = look_for_tweets()
    assert found == Finding("twin", "No mirror answered.")
    hidden = tweets_at_hand.settings(found, Path("empty"))
    assert hidden == {"LSTM_WORKSHOP_TWEETS": "", "LSTM_WORKSHOP_CACHE": "empty"}


def test_a_setting_that_cannot_be_read_is_an_error(tweets):
    tweets(UnreadableError("No such file."))
    with pytest.raises(CourseError, match="No such file"):
        look_for_tweets()


def test_the_real_loader_speaks_the_same_language(monkeypatch, tmp_path):
    """Offline, with an empty cache, the loader itself answers; and it names a wrong setting."""
    assert look_for_tweets().kind == "twin"
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tmp_path / "absent.csv"))
    with pytest.raises(CourseError, match=r"absent\.csv"):
        look_for_tweets()


# --- the whole run


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course")
    for lesson in LESSONS:
        page = notebook_of(markdown_cell(f"# Title {lesson.number}"), code_cell("print(1)\n2"))
        lesson.full(root).write_text(as_text(page), encoding="utf-8")
    return root


@pytest.fixture
def fake_run(monkeypatch):
    """Replace the kernel: notebooks whose number is in ``failing`` fail."""
    seen = SimpleNamespace(environments=[], failing=set(), notes=[])

    def fake(notebook, folder, environment, *, cell_timeout, on_cell):
        assert Path(folder).is_dir()
        assert all(not cell["outputs"] for cell in code_cells(notebook))
        number = notebook["cells"][0]["source"][-2:]
        seen.environments.append(environment)
        on_cell(1)
        bad = number in seen.failing
        return Execution(
            notebook,
            seconds=float(number),
            cell_seconds={1: float(number)},
            peak_bytes=int(number) * 1024**2,
            failed_cell=1 if bad else None,
            failure="ValueError: <bad>" if bad else "",
            cpu_seconds=2 * float(number),
            notes=seen.notes,
        )

    monkeypatch.setattr(run, "execute", fake)
    monkeypatch.setattr(run, "server_mebibytes", lambda: 100)
    monkeypatch.setattr(run, "notebook_page", lambda notebook, title: f"<html>{title}</html>")
    monkeypatch.setattr(run, "look_for_tweets", lambda path: Finding("real", "From the cache."))
    return seen


def test_a_run_writes_copies_pages_and_one_report(course, fake_run, capsys):
    stale = course / "build" / "run" / "stale.html"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert run.run(root=course) == 0
    folder = course / "build" / "run"
    names = {lesson.name for lesson in LESSONS}
    assert {path.name for path in folder.iterdir()} == {
        "report.html",
        "report.json",
        *(f"{name}.ipynb" for name in names),
        *(f"{name}.html" for name in names),
    }
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert [one["title"] for one in report["notebooks"]] == [f"Title 0{n}" for n in range(1, 7)]
    assert report["slowest"][0] == {
        "notebook": "06_inference",
        "cell": 1,
        "seconds": 6.0,
        "code": "print(1)",
    }
    said = capsys.readouterr().out
    assert said.startswith("The notebooks use the real tweets. From the cache.\n")
    assert "✓ 03_gate_walkthrough: 3.0 s, 3 MiB" in said
    assert "✓ all passed; 21 s in all, at most 6 MiB in one kernel." in said
    assert f"Look at {Path('build', 'run', 'report.html')}" in said


def test_a_failure_does_not_stop_the_others_and_is_the_exit_status(course, fake_run, capsys):
    fake_run.failing = {"02", "04"}
    assert run.run(root=course) == 1
    assert len(fake_run.environments) == 6
    said = capsys.readouterr().out
    assert "✗ 02_long_term_dependencies" in said
    assert "  code cell 1:\nValueError: <bad>" in said
    assert "✗ failed: 02_long_term_dependencies, 04_preprocessing" in said
    page = (course / "build" / "run" / "report.html").read_text(encoding="utf-8")
    assert "2 of 6 notebooks failed" in page
    assert '<pre tabindex="0">ValueError: &lt;bad&gt;</pre>' in page


def test_notebooks_share_what_they_save_in_order(course, fake_run):
    run.run(["01", "02"], root=course)
    one, two = (env["LSTM_WORKSHOP_ARTIFACTS"] for env in fake_run.environments)
    assert one == two
    assert all(env["LSTM_WORKSHOP_OFFLINE"] == "1" for env in fake_run.environments)


def test_the_twin_hides_the_tweets_from_the_kernels(course, fake_run, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "x.csv")
    run.run(["01"], twin=True, root=course)
    (environment,) = fake_run.environments
    assert environment["LSTM_WORKSHOP_TWEETS"] == ""
    assert not Path(environment["LSTM_WORKSHOP_CACHE"]).exists()
    assert "offline twin (invented tweets)" in capsys.readouterr().out


def test_measured_minutes_are_taken_cold_and_only_when_all_pass(course, fake_run):
    assert run.run(record_minutes=True, root=course) == 0
    places = {env["LSTM_WORKSHOP_ARTIFACTS"] for env in fake_run.environments}
    assert len(places) == 6
    report = json.loads((course / "build" / "run" / "report.json").read_text(encoding="utf-8"))
    assert report["cold"] is True
    assert lessons.measured(course).seconds["06_inference"] == 6.0
    (course / lessons.MINUTES_FILE).unlink()
    fake_run.failing = {"03"}
    assert run.run(record_minutes=True, root=course) == 1
    assert lessons.measured(course).seconds == {}


def with_parameters(course):
    """Give the second and the third notebook a seed to change."""
    for lesson in LESSONS[1:3]:
        page = notebook_of(
            markdown_cell(f"# Title {lesson.number}"),
            code_cell("SEED = 141", tags=["parameters"]),
            code_cell("print(SEED)"),
        )
        kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
        page["metadata"] = {"kernelspec": kernel, "language_info": {"name": "python"}}
        lesson.full(course).write_text(as_text(page), encoding="utf-8")


def test_claims_are_reported_only_from_the_first_changed_notebook_on(course, fake_run, capsys):
    with_parameters(course)
    fake_run.notes = [(1, {"kind": "claim", "sentence": "It is so", "outcome": "fails"})]
    assert run.run(["1", "2", "3", "4"], seed=7, root=course) == 0
    only = [env["LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY"] for env in fake_run.environments]
    assert only == ["", "1", "1", "1"]
    report = json.loads((course / "build" / "run" / "report.json").read_text(encoding="utf-8"))
    assert [one["parameters"] for one in report["notebooks"]] == [{}, {"SEED": 7}, {"SEED": 7}, {}]
    assert [one["reported_only"] for one in report["notebooks"]] == [False, True, True, True]
    said = capsys.readouterr().out
    assert "02_long_term_dependencies: SEED = 7\n" in said
    assert "From 02_long_term_dependencies on, claims that do not hold are reported" in said
    assert "  code cell 1: does not hold: It is so" in said
    copy = read_notebook(course / "build" / "run" / "02_long_term_dependencies.ipynb")
    assert "SEED = 7" in code_cells(copy)[1]["source"]
    page = (course / "build" / "run" / "report.html").read_text(encoding="utf-8")
    assert "<strong>Other parameters.</strong>" in page
    assert "SEED = 7" in page


def test_the_notebooks_own_values_are_no_change(course, fake_run):
    with_parameters(course)
    run.run(["2"], parameter=["SEED=141"], root=course)
    (environment,) = fake_run.environments
    assert environment["LSTM_WORKSHOP_CLAIMS_REPORTED_ONLY"] == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"parameter": ["SEEDS=7"]}, "No chosen notebook has the parameter SEEDS"),
        ({"seed": 7, "record_minutes": True}, "--record-minutes measures the notebooks as they"),
        ({"twin": True, "data": Path("x.csv")}, "two kinds of tweets"),
        ({"compare": Path("absent.json")}, "cannot be read"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_runs(
    course, fake_run, options, words
):
    with_parameters(course)
    kept = course / "build" / "run" / "report.html"
    kept.parent.mkdir(parents=True)
    kept.touch()
    with pytest.raises(CourseError, match=words):
        run.run(root=course, **options)
    assert fake_run.environments == []
    assert kept.exists()


def test_a_run_is_set_beside_the_one_before(course, fake_run, capsys):
    """The earlier report may lie where the new one goes."""
    run.run(["1", "2"], root=course)
    earlier = course / "build" / "run" / "report.json"
    fake_run.failing = {"02"}
    capsys.readouterr()
    assert run.run(["1", "2"], compare=earlier, root=course) == 1
    said = capsys.readouterr().out
    assert "Beside the run of 20" in said
    assert "  02_long_term_dependencies: passed before, failed in cell 1 now." in said
    report = json.loads(earlier.read_text(encoding="utf-8"))
    assert report["comparison"]["notebooks"][1]["now"] == "failed in cell 1"
    assert "Beside the run of 20" in earlier.with_name("report.html").read_text(encoding="utf-8")
    fake_run.failing = set()
    run.run(["1"], root=course)
    capsys.readouterr()
    run.run(["1"], compare=earlier, root=course)
    assert "  Nothing became worse." in capsys.readouterr().out


def test_what_a_notebook_saves_is_measured(course, fake_run, monkeypatch):
    fake = run.execute

    def saving(notebook, folder, environment, **options):
        place = Path(environment["LSTM_WORKSHOP_ARTIFACTS"], "deep")
        place.mkdir(exist_ok=True)
        (place / f"{len(fake_run.environments)}").write_bytes(b"x" * 1000)
        return fake(notebook, folder, environment, **options)

    monkeypatch.setattr(run, "execute", saving)
    run.run(["1", "2"], root=course)
    report = json.loads((course / "build" / "run" / "report.json").read_text(encoding="utf-8"))
    assert [one["saved_bytes"] for one in report["notebooks"]] == [1000, 1000]
    assert report["server_mebibytes"] == 100
    assert report["notebooks"][1]["cpu_seconds"] == 4.0


def test_a_missing_notebook_is_said_before_anything_runs(course, fake_run):
    first_lesson().full(course).unlink()
    with pytest.raises(CourseError, match="01_rnn_intuition: no such notebook"):
        run.run(root=course)
    assert fake_run.environments == []


def test_a_notebook_without_a_title_is_called_by_its_subject(course, fake_run):
    page = notebook_of(markdown_cell("No title 01"), code_cell("1"))
    first_lesson().full(course).write_text(as_text(page), encoding="utf-8")
    run.run(["01"], root=course)
    report = json.loads((course / "build" / "run" / "report.json").read_text(encoding="utf-8"))
    assert report["notebooks"][0]["title"] == "rnn_intuition"


@pytest.mark.slow
def test_a_run_in_earnest(course, monkeypatch):
    monkeypatch.setattr(run, "look_for_tweets", lambda path: Finding("twin", "None."))
    monkeypatch.setattr(run, "server_mebibytes", lambda: None)
    assert run.run(["01"], root=course) == 0
    copy = read_notebook(course / "build" / "run" / "01_rnn_intuition.ipynb")
    outputs = code_cells(copy)[0]["outputs"]
    assert outputs[0] == stream("1\n")
    assert outputs[1]["data"] == {"text/plain": "2"}
    page = (course / "build" / "run" / "01_rnn_intuition.html").read_text(encoding="utf-8")
    assert "<title>Title 01</title>" in page
