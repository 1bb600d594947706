"""Where files are kept, and how they are written: whole or not at all."""

from workshop_utils.runtime.storage.drive import mount_drive, patiently
from workshop_utils.runtime.storage.files import (
    atomic_path,
    check_writable,
    clear,
    usage,
    write_text,
)
from workshop_utils.runtime.storage.folders import (
    ARTIFACTS_VARIABLE,
    CACHE_VARIABLE,
    StorageError,
    artifacts_dir,
    artifacts_path,
    cache_dir,
    cache_path,
    local_artifacts_path,
)

__all__ = [
    "ARTIFACTS_VARIABLE",
    "CACHE_VARIABLE",
    "StorageError",
    "artifacts_dir",
    "artifacts_path",
    "atomic_path",
    "cache_dir",
    "cache_path",
    "check_writable",
    "clear",
    "local_artifacts_path",
    "mount_drive",
    "patiently",
    "usage",
    "write_text",
]
