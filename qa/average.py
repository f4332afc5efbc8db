"""Averages the weights of two readers, one of which was trained on from the other.

    python -m qa.average EARLIER LATER --share 0.6 --out FOLDER

The mean of two points of one training path is often better than either
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from qa.errors import ReaderError

WEIGHTS = "model.safetensors"


def average(earlier: Path, later: Path, out: Path, *, share: float) -> None:
    """Write a copy of `later` whose weights are `share` of its own and the rest of `earlier`'s.

    Raises ReaderError where the two have other weights than each other.
    """
    ours, theirs = load_file(later / WEIGHTS), load_file(earlier / WEIGHTS)
    shapes = [{name: array.shape for name, array in each.items()} for each in (ours, theirs)]
    if shapes[0] != shapes[1]:
        raise ReaderError(f"{earlier} and {later} are no two states of one model")
    mixed = {
        name: (share * array.astype(np.float32) + (1 - share) * theirs[name]).astype(array.dtype)
        for name, array in ours.items()
    }
    if out.resolve() != later.resolve():
        shutil.copytree(later, out, dirs_exist_ok=True)
    save_file(mixed, out / WEIGHTS, metadata={"format": "pt"})


def main() -> None:
    """Average as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("earlier", type=Path)
    parser.add_argument("later", type=Path)
    parser.add_argument("--share", type=float, default=0.6, help="of the later one, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    average(args.earlier, args.later, args.out, share=args.share)


if __name__ == "__main__":
    main()
