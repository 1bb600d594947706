"""The commands for everyone; they run on what Colab has."""

from typing import Annotated

from typer import Argument, BadParameter, Context, Option, confirm

from workshop_utils.cli.app import app, told

Json = Annotated[bool, Option("--json", help="Print JSON for programs.")]
Yes = Annotated[bool, Option("--yes", "-y", help="Do not ask before that.")]
Text = str | None
"""A text that need not be given."""


@app.command()
def doctor(
    as_json: Json = False,
    load: Annotated[bool, Option("--load", help="Load TensorFlow and ask for its GPUs.")] = False,
    learners: Annotated[
        int | None, Option("--class", min=1, help="For a class of so many.")
    ] = None,
) -> None:
    """Say whether this machine can run the workshop; exit with 1 when it cannot."""
    from workshop_utils.cli import doctor as room

    told(lambda: room.doctor(load, learners, as_json=as_json))


@app.command()
def cache(
    clear: Annotated[bool, Option("--clear", help="Remove what lies there.")] = False,
    yes: Yes = False,
) -> None:
    """Show where files are kept and how large they are; clear them if asked to."""
    told(lambda: _show_and_clear(clear=clear, yes=yes))


def _show_and_clear(*, clear: bool, yes: bool) -> int:
    from rich.filesize import decimal as in_words

    from workshop_utils.runtime import storage

    usage = storage.usage()
    for each in usage:
        size = in_words(each.size_bytes)
        print(f"{each.name}: {each.folder}: {_counted(len(each.files))}, {size}")
    if not clear:
        return 0
    files = sum(len(each.files) for each in usage)
    if files and not yes and not confirm(f"Remove {_counted(files)}?"):
        print("Nothing was removed.")
        return 0
    storage.clear()
    print(f"Removed: {_counted(files)}, {in_words(sum(each.size_bytes for each in usage))}.")
    return 0


def _counted(files: int) -> str:
    return f"{files} file{'' if files == 1 else 's'}"


@app.command()
def progress(
    as_json: Json = False,
    notebook: Annotated[Text, Option("--notebook", help="One notebook, with your answers.")] = None,
    forget: Annotated[bool, Option("--forget", help="Delete the record.")] = False,
    yes: Yes = False,
    hand_in: Annotated[
        bool, Option("--hand-in", help="Write a small file for your instructor.")
    ] = False,
    folder: Annotated[Text, Option(help="Where the --hand-in file goes.")] = None,
    nickname: Annotated[Text, Option(help="Hand in under this name, not a random id.")] = None,
    new_id: Annotated[bool, Option("--new-id", help="Make a new random id for --hand-in.")] = False,
) -> None:
    """Show which exercises and quiz questions you have done; hand in; forget."""
    from workshop_utils.cli import hand_in as handing_in
    from workshop_utils.cli import progress as room

    if forget and notebook is not None:
        raise BadParameter("--forget deletes the record of all notebooks; leave --notebook out.")

    def work() -> int:
        if hand_in:
            handing_in.hand_in(folder, nickname, fresh=new_id)
            return 0
        return room.forget(yes=yes) if forget else room.show(notebook, as_json=as_json)

    told(work)


@app.command()
def predict(
    texts: Annotated[list[str] | None, Argument(help="Each in quotes; else one a line.")] = None,
    file: Annotated[Text, Option(help="A CSV file of texts, answered in --out.")] = None,
    out: Annotated[Text, Option(help="Where the answers to --file go.")] = None,
    column: Annotated[Text, Option(help="The texts' column in --file; by default: text.")] = None,
    model: Annotated[Text, Option(help="A .keras file; else the one of notebook 05.")] = None,
) -> None:
    """Say whether each text sounds negative or positive; goes on with a file if stopped."""
    from workshop_utils.cli import predict as room

    if file is None:
        told(lambda: room.texts(texts or [], model))
    told(lambda: room.file(file, out, column, model))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: Context) -> None:
    """Open JupyterLab on a working copy that is never overwritten."""
    from workshop_utils.cli import lab as room
    from workshop_utils.learning.lessons import find_root

    told(lambda: room.open_lab(find_root(), arguments=context.args))
