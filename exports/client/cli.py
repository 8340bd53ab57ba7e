"""The command ``annotate-export``: ask for exports, pull them, link to their files."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from exports.client.api import AnnotateError, Client, Export, ExportedFile
from exports.client.choices import read_choice

BESIDE = ("README.md", "manifest.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    given = parser().parse_args(arguments)
    if not given.url or not given.token:
        print("Set ANNOTATE_URL and ANNOTATE_TOKEN, or give --url and --token.", file=sys.stderr)
        return 2
    try:
        with Client(given.url, given.token) as client:
            given.run(client, given)
    except (AnnotateError, ValueError) as error:
        print(f"annotate-export: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    top = argparse.ArgumentParser(prog="annotate-export", description=__doc__)
    top.add_argument("--url", default=os.environ.get("ANNOTATE_URL", ""))
    top.add_argument("--token", default=os.environ.get("ANNOTATE_TOKEN", ""))
    acts = top.add_subparsers(required=True)
    pull = acts.add_parser("pull", help="download an export, a new one unless --export names one")
    pull.set_defaults(run=_pull)
    _take_shape(pull)
    pull.add_argument("--into", type=Path, help="the folder; annotate-export-ID by default")
    pull.add_argument("--export", help="the number of an export, or `latest` for the newest ready")
    pull.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="CHOICE=VALUE",
        help="a choice of the selection, its value as JSON or text: --set min_votes=3",
    )
    links = acts.add_parser("links", help="print links to files, which need no token")
    links.set_defaults(run=_links)
    _take_shape(links)
    links.add_argument("--hours", type=int, default=24, help="how long they hold, 1 to 168")
    links.add_argument(
        "--export", default="latest", help="the number of an export (default: the newest ready)"
    )
    shown = acts.add_parser("list", help="list the exports of a campaign")
    shown.set_defaults(run=_list)
    shown.add_argument("campaign", type=int)
    return top


def _take_shape(act: argparse.ArgumentParser) -> None:
    act.add_argument("campaign", type=int)
    act.add_argument(
        "--variant",
        action="append",
        help="a configuration, for example trl or kto; again for another one (default: trl)",
    )
    act.add_argument("--container", default="parquet", help="parquet, jsonl, jsonl.gz or csv")


def _pull(client: Client, given: argparse.Namespace) -> None:
    given.variant = given.variant or ["trl"]
    export = client.wait(_wanted(client, given), told=_tell)
    wanted = _asked_folders(export, given)
    beside = (*BESIDE, f"{given.container}/README.md")
    files = [
        one for one in export.files if one.path.startswith(tuple(wanted)) or one.path in beside
    ]
    into = given.into or Path(f"annotate-export-{export.id}")
    for file in files:
        print(client.download(file, into))


def _links(client: Client, given: argparse.Namespace) -> None:
    given.variant = given.variant or ["trl"]
    export = client.wait(_wanted(client, given), told=_tell)
    for folder in _asked_folders(export, given):
        for link in client.links(given.campaign, export.id, given.hours, folder):
            print(link.url)


def _wanted(client: Client, given: argparse.Namespace) -> Export:
    """Return the export that is named, or one that is asked for now."""
    if given.export == "latest":
        ready = (one for one in client.exports(given.campaign) if one.state == "ready")
        found = next(ready, None)
        if found is None:
            raise AnnotateError("the campaign has no export that is ready")
        return client.export(given.campaign, found.id)
    if given.export:
        return client.export(given.campaign, int(given.export))
    chosen = dict(map(read_choice, given.set))
    wanted = {"configs": given.variant, "containers": [given.container], **chosen}
    return client.request(given.campaign, **wanted)


def _asked_folders(export: Export, given: argparse.Namespace) -> list[str]:
    """Return the folders that are asked for, or refuse those that hold nothing."""
    asked = [f"{given.container}/{variant}/" for variant in given.variant]
    if lacking := sorted(set(asked) - set(_folders(export))):
        raise AnnotateError(
            f"export {export.id} has no rows in {', '.join(lacking)}. "
            f"It has: {', '.join(_folders(export))}."
        )
    return asked


def _folders(export: Export) -> list[str]:
    return sorted({_folder(one) for one in export.files if one.rows is not None})


def _folder(file: ExportedFile) -> str:
    return "/".join(file.path.split("/")[:2]) + "/"


def _tell(export: Export) -> None:
    of = f", {export.comparisons_read} of {export.comparisons_total} comparisons read"
    print(f"{export.state}{of if export.comparisons_total else ''}", file=sys.stderr)


def _list(client: Client, given: argparse.Namespace) -> None:
    for export in client.exports(given.campaign):
        configs = ",".join(export.selection["configs"])
        print(f"{export.id}\t{export.state}\t{export.pair_count}\t{configs}")
