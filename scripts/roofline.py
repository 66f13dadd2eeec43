#!/usr/bin/env python3
"""Draw the roofline picture of docs/performance.md.

    cargo test --release -p namesake-fused --lib speed_of_products -- --ignored --nocapture | scripts/roofline.py --gigahertz 3.1 > docs/roofline.svg

Reads the lines that the test prints (kernel, product, operations a byte, median and best GOP/s). The roof is what the
multiplications of the instruction set allow at this clock; the slope is the read bandwidth of the third-level cache.
"""

import argparse
import math
import sys

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 360, 60, 44
X, Y = (1, 1024), (8, 1024)
# Operations a cycle and core. AVX2: two multiplications a cycle, two for 32 products. AVX-VNNI: two dot products of 32 a cycle.
# AVX512-VNNI: one of 64, as on Zen 4; Intel's servers do two.
OPERATIONS_A_CYCLE = {"avx2": 2 * 32, "avxvnni": 2 * 64, "avx512": 2 * 64}


def place(x, y):
    """Both axes are logarithmic."""
    part = lambda value, ends: math.log(value / ends[0]) / math.log(ends[1] / ends[0])
    return LEFT + part(x, X) * (WIDTH - LEFT - 16), HEIGHT - BOTTOM - part(y, Y) * (HEIGHT - BOTTOM - 16)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigahertz", type=float, required=True, help="clock while it was measured")
    parser.add_argument("--bandwidth", type=float, default=25, help="GB/s that a core reads from the third-level cache")
    args = parser.parse_args()
    rows = [line.rstrip("\n").split("\t") for line in sys.stdin if line.count("\t") == 4]
    rows = [row for row in rows if row[0] != "portable"]
    kernel = rows[0][0]
    roof = OPERATIONS_A_CYCLE[kernel] * args.gigahertz
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for exponent in range(0, 11, 2):
        x, y = place(2**exponent, Y[0])
        out.append(f'<path d="M{x:.0f} {y:.0f}V16" stroke="#ddd"/><text x="{x:.0f}" y="{y + 14:.0f}" text-anchor="middle">{2**exponent}</text>')
    for exponent in range(3, 11):
        x, y = place(X[0], 2**exponent)
        out.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - 16}" stroke="#ddd"/><text x="{x - 5:.0f}" y="{y + 4:.0f}" text-anchor="end">{2**exponent}</text>')
    start, knee, end = place(X[0], args.bandwidth), place(roof / args.bandwidth, roof), place(X[1], roof)
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in (start, knee, end))
    out.append(f'<path d="M{line}" fill="none" stroke="#333" stroke-width="1.5"/>')
    out.append(f'<text x="{knee[0] + 6:.0f}" y="{knee[1] - 6:.0f}">{roof:.0f} GOP/s: {kernel} at {args.gigahertz} GHz, one core</text>')
    for index, row in enumerate(rows[: 5]):
        _, product, intensity, median, _ = row
        x, y = place(float(intensity), float(median))
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#06c"/>')
        text = place(2, 400)[0], 190 + 16 * index
        out.append(f'<text x="{text[0]:.0f}" y="{text[1]}">{product}: {median} GOP/s at {intensity} operations a byte</text>')
    out.append(f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">operations a byte</text>')
    out.append(f'<text x="14" y="{HEIGHT / 2:.0f}" transform="rotate(-90 14 {HEIGHT / 2:.0f})" text-anchor="middle">GOP/s</text></svg>')
    print("\n".join(out))


if __name__ == "__main__":
    main()
