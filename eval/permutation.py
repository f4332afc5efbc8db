"""Whether a difference between two runs is more than chance: a paired permutation test.

Questions about one text are right or wrong together, so the unit that is
exchanged is the cluster, as it is the unit that `eval.stats` resamples.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from eval.metrics import Floats

EXACT_CLUSTERS = 14  # up to so many that differ, all of their exchanges are looked at
DRAWS = 10_000  # of exchanges, where there are more
SEED = 0
_AT_ONCE = 500  # draws at a time, which bounds the memory
_ROUNDING = 1e-9  # sums that differ by less, as a share of their size, are equal


def permutation_p(
    differences: Floats,
    clusters: Sequence[str],
    *,
    exact_clusters: int = EXACT_CLUSTERS,
    draws: int = DRAWS,
    seed: int = SEED,
) -> float:
    """Two-sided p-value of a mean paired difference, 0 to 1.

    Fisher's randomisation test (1935, The Design of Experiments, §21), which
    Smucker, Allan and Carterette (2007, "A Comparison of Statistical
    Significance Tests for Information Retrieval Evaluation") recommend for two
    systems on the same queries. If both runs were the same, each cluster's
    results might as well be the other run's: p is the share of all exchanges
    whose difference is at least as far from zero as the one observed. With more
    clusters than `exact_clusters` it is (count + 1) / (draws + 1) over seeded
    draws, never 0 (Phipson and Smyth 2010).

    differences: one a question, NaN where the measure says nothing of it.
    clusters: each question's, in the same order. Those whose differences come to
    nothing are the same either way, and take no part. 1.0 where nothing differs.
    Raises ValueError if the lengths differ.
    """
    sums = _sums(differences, clusters)  # (clusters that differ,)
    rounding = _ROUNDING * float(np.abs(sums).sum())
    least = abs(float(sums.sum())) - rounding
    if len(sums) <= exact_clusters:
        return float((np.abs(_all_exchanges(sums)) >= least).mean())
    reached = sum(
        int((np.abs(totals) >= least).sum()) for totals in _drawn_exchanges(sums, draws, seed)
    )
    return (reached + 1) / (draws + 1)


def _sums(differences: Floats, clusters: Sequence[str]) -> Floats:
    if len(differences) != len(clusters):
        raise ValueError(f"{len(differences)} differences, {len(clusters)} clusters")
    # Sorted by name, so that the draws do not hang on the order of the questions.
    names, cluster = np.unique(np.array(clusters, dtype=np.str_), return_inverse=True)
    there = np.nan_to_num(differences, nan=0.0)
    sums, sizes = np.zeros(len(names)), np.zeros(len(names))
    np.add.at(sums, cluster, there)
    np.add.at(sizes, cluster, np.abs(there))
    differing: Floats = sums[np.abs(sums) > _ROUNDING * sizes]
    return differing


def _all_exchanges(sums: Floats) -> Floats:
    """The total under each of the 2 to the power of k ways to exchange k clusters."""
    totals: Floats = np.zeros(1)
    for each in sums:
        totals = np.concatenate([totals + each, totals - each])
    return totals


def _drawn_exchanges(sums: Floats, draws: int, seed: int) -> Iterator[Floats]:
    """Totals under random exchanges, up to 500 at a time."""
    random = np.random.default_rng(seed)
    for done in range(0, draws, _AT_ONCE):
        size = (min(_AT_ONCE, draws - done), len(sums))
        kept = random.integers(0, 2, size=size, dtype=np.int8)  # (draws, clusters)
        yield 2.0 * (kept @ sums) - sums.sum()
