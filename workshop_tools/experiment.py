"""``workshop experiment``: the command that computes a further notebook's tables again."""

from workshop_utils.learning.lessons import CourseError


def compute(name: str, processes: int | None = None) -> int:
    """Compute what an experiment's data file does not hold yet, and return the exit status, 0.

    Args:
        name: ``papers`` or ``ablation``: the further notebook.
        processes: Jobs at a time; by default as many as there are cores.

    Raises:
        CourseError: There is no such experiment, or jobs failed.
    """
    from workshop_tools.experiments import ablation, papers, runner

    experiments = {"papers": papers, "ablation": ablation}
    if name not in experiments:
        raise CourseError(f"There is no experiment {name!r}; there are: {', '.join(experiments)}.")
    file = experiments[name].FILE
    module = experiments[name]
    done = runner.carry_out(list(module.jobs()), module.measure, file, processes)
    print(f"{done} jobs done now; the results are in {file}.")
    return 0
