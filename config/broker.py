"""Options for the broker that its address asks for."""

from pathlib import Path


def broker_options(url: str, folder: Path) -> dict[str, object]:
    """Transport options: a folder for the serverless broker, time-outs for a real one.

    The filesystem transport hands a message over by moving a file; in and out share one
    folder so that every process on this machine sees the same queue.
    """
    if url.startswith("filesystem"):
        queue, control = folder / "queue", folder / "control"
        for path in (queue, control):
            path.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(control),
        }
    return {
        "visibility_timeout": 1800,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        # Somebody waits for their page: the row is there, and the sweep will find it.
        "max_retries": 1,
        "interval_start": 0,
    }
