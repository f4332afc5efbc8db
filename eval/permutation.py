"""Whether a difference between two runs is more than chance: a paired permutation test.

Questions about one text are right or wrong together, so the unit that is
exchanged is the cluster, as it is the unit that `eval.stats` resamples.
"""

from collections.abc import Sequence

import numpy as np

from eval.metrics import Floats

DRAWS = 2**14  # exchanges that are looked at: all of them up to 14 clusters that differ
SEED = 0
_AT_ONCE = 500  # draws at a time, which bounds the memory
_ROUNDING = 1e-9  # sums that differ by less, as a share of their size, are equal


def permutation_p(
    differences: Floats, clusters: Sequence[str], *, draws: int = DRAWS, seed: int = SEED
) -> float:
    """Two-sided p-value of a mean paired difference, 0 to 1.

    Fisher's randomisation test (1935, The Design of Experiments, §21), which
    Smucker, Allan and Carterette (2007, "A Comparison of Statistical
    Significance Tests for Information Retrieval Evaluation") recommend for two
    systems on the same queries. If both runs were the same, each cluster's
    results might as well be the other run's: p is how often exchanging some of
    them would give a difference at least as far from zero as the one observed,
    by `scipy.stats.permutation_test`. With more exchanges than `draws` it is over
    seeded draws, and never 0 (Phipson and Smyth 2010).

    differences: one a question, NaN where the measure says nothing of it.
    clusters: each question's, in the same order. Those whose differences come to
    nothing are the same either way, and take no part. 1.0 where nothing differs.
    Raises ValueError if the lengths differ.
    """
    # Takes a second, and few compare.
    from scipy.stats import permutation_test  # type: ignore[import-untyped]

    sums = _sums(differences, clusters)  # (clusters that differ,)
    if len(sums) < 2:
        return 1.0  # exchanged or not, it is as far from zero
    found = permutation_test(
        (sums, np.zeros_like(sums)),
        lambda a, b, axis: (a - b).sum(axis=axis),
        permutation_type="samples",
        n_resamples=draws,
        vectorized=True,
        batch=_AT_ONCE,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


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
