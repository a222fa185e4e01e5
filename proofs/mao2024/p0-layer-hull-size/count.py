"""Count the leaves of least phase trees for the cut of K_n, with Python alone.

    python count.py N      prints the least number of leaves, and how many leaves were bounded

In a leaf the greatest value of the linear program is that of a concave function of x, which
bends on x_i + x_j = 1, over a part of the cube that such planes cut out.  Vertices of what
these planes and x_i = 0, 1/2, 1 cut out have all coordinates in {0, 1/2, 1}: chains of
equations x_i + x_j = 1 end at a fixed coordinate or close an odd cycle, or leave a direction
free.  So the program is a comparison of 3^N points; coordinates are doubled to stay whole.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import combinations, permutations, product

N = int(sys.argv[1])
PAIRS = [*((i, i) for i in range(N)), *combinations(range(N), 2)]
CUT = N * N // 4
POINTS = list(product(range(3), repeat=N))  # 2 x
ORDERS = [
    [PAIRS.index(tuple(sorted((p[i], p[j])))) for i, j in PAIRS] for p in permutations(range(N))
]
State = tuple[int, ...]  # 1, -1 or 0 for each pair: z >= 0, z <= 0, or not split


def gain(pair: int, phase: int, point: State) -> int:
    """Twice the greatest part of the objective that belongs to one neuron."""
    i, j = PAIRS[pair]
    z = point[i] + point[j] - 2
    if i != j:
        return point[i] + point[j] - 2 * (max(z, 0) if phase == 0 else z * (phase > 0))
    return (N - 1) * ((z if phase > 0 else 0) - point[i]) if phase else 0


@cache
def bounded(state: State) -> bool:
    """Whether the program of a leaf is at most the cut."""
    for point in POINTS:
        if (
            all(
                phase * (point[i] + point[j] - 2) >= 0
                for phase, (i, j) in zip(state, PAIRS, strict=True)
            )
            and sum(gain(k, phase, point) for k, phase in enumerate(state)) > 2 * CUT
        ):
            return False
    return True


@cache
def least_image(state: State) -> State:
    """Return one of the images under exchanges of vertices and x -> 1 - x."""
    images = [tuple(state[k] for k in order) for order in ORDERS]
    return min(*images, *(tuple(-s for s in image) for image in images))


@cache
def has_tree(state: State, leaves: int) -> bool:
    """Whether a tree with at most so many leaves proves the cut below a state."""
    if bounded(state):
        return True
    if leaves == 1:
        return False
    return any(split(state, k, leaves) for k, phase in enumerate(state) if not phase)


def split(state: State, k: int, leaves: int) -> bool:
    off, on = (least_image((*state[:k], s, *state[k + 1 :])) for s in (-1, 1))
    return any(has_tree(off, n) and has_tree(on, leaves - n) for n in range(1, leaves))


if __name__ == "__main__":
    number = 1
    while not has_tree((0,) * len(PAIRS), number):
        number += 1
    print(number, bounded.cache_info().currsize)
