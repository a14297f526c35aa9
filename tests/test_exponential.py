"""Exponential histograms against arithmetic of 60 digits: every bucket index, and whole histograms of many shapes of data."""
import bisect
import collections
import decimal
import fractions
import math
import os
import random
import struct
import sys

import pytest

from conftest import ASAN, WARN, linked, need_flags, need_module, run

decimal.getcontext().prec = 60
LN2 = decimal.Decimal(2).ln()
CASES = int(os.environ.get("OTEL_CASES", "6000"))     # a million: OTEL_CASES=1000000 tests/run tests/test_exponential.py

INDEX = """
#include <stdio.h>
#include "otel.h"
int main(void)
{
    unsigned long long mantissa;
    int exponent, scale;
    while (scanf("%llu %d %d", &mantissa, &exponent, &scale) == 3) printf("%d\\n", (int)otel_power_index_(mantissa, exponent, scale));
    return 0;
}
"""

RECORD = """
#include <stdio.h>
#include <stdlib.h>
#include "otel_export.h"
static otel_t otel;
static uint8_t pool[1024], packet[65536];
static otel_exponential_t small = OTEL_EXPONENTIAL("small", OTEL_POWERS(10));
static otel_exponential_t large = OTEL_EXPONENTIAL("large", OTEL_POWERS(160));
static otel_exponential_int_t whole = OTEL_EXPONENTIAL_INT("whole", OTEL_POWERS(160));
static uint64_t test_clock(void *user) { (void)user; return 1; }
int main(void)
{
    char line[64];
    otel_collect_t round = { 0 };
    otel_init(&otel, .clock = test_clock, .pool = pool, .pool_size = sizeof pool);
    while (fgets(line, sizeof line, stdin)) {
        double value = strtod(line, NULL);
        otel_histogram_record(&small, value);
        otel_histogram_record(&large, value);
        if (value > -9e18 && value < 9e18) otel_histogram_record(&whole, (int64_t)value);
    }
    fwrite(packet, 1, otel_collect_(&otel, &round, packet, sizeof packet), stdout);
    return round.lost ? 1 : 0;
}
"""


def index(mantissa, exponent, scale):
    """ceil(log2(mantissa * 2^(exponent - 63)) * 2^scale) - 1, exactly: no such logarithm comes near a whole number."""
    if mantissa == 1 << 63:
        return (exponent << scale) - 1 if scale >= 0 else (exponent - 1) >> -scale
    if scale <= 0:
        return exponent >> -scale
    log = decimal.Decimal(mantissa).ln() / LN2 - 63
    return (exponent << scale) + math.ceil(log * (1 << scale)) - 1


def parts(value):
    """The mantissa (highest of 64 bits set) and the exponent of a number that is not zero."""
    if isinstance(value, int):
        bits = value.bit_length()
        return value << (64 - bits), bits - 1
    fraction, exponent = math.frexp(value)
    return int(fraction * 2**64), exponent - 1


def boundaries(rng, many):
    for scale in range(1, 21):
        for k in range(1 << scale) if scale <= 6 else (rng.randrange(1 << scale) for _ in range(many)):
            bound = int(((decimal.Decimal(k) / (1 << scale)) * LN2).exp() * (1 << 63))
            double = bound >> 11 << 11
            for mantissa in (bound - 1, bound, bound + 1, double - 2048, double, double + 2048):
                if 1 << 63 <= mantissa < 1 << 64:
                    yield mantissa, rng.choice((-1074, -1, 0, 1, 1023)), scale


def program_of(compiler, text, *flags):
    """The library's bodies are those of other tests: of the sanitized programs with the port, and of a million sets and of threads."""
    headers = ("otel_posix.h",) if "-g" in flags else ("otel.h",) if "-DOTEL_NO_ATOMICS" in flags else ("otel.h", "otel_export.h")
    return linked(compiler, text, "-std=c11", *flags, headers=headers)


@pytest.mark.parametrize("build", ("gcc -O2", "gcc -O2 -m32", "gcc -O2 -DOTEL_NO_ATOMICS"))
def test_every_index_is_exact(build):
    compiler, *flags = build.split()
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    rng = random.Random(7)
    cases = [((1 << 63) | (rng.getrandbits(52) << 11 if i % 2 else rng.getrandbits(63)), rng.randint(-1074, 1023), rng.randint(-11, 20))
             for i in range(CASES)] + list(boundaries(rng, CASES // 400))
    ran = run([program_of(compiler, INDEX, *flags)], input="".join("%d %d %d\n" % c for c in cases).encode(), timeout=600)
    got = list(map(int, ran.stdout.split()))
    assert len(got) == len(cases)
    wrong = [(c, g) for c, g in zip(cases, got) if index(*c) != g]
    assert not wrong, wrong[:5]


# Bounds of scale 20 come in, as whole numbers of 2^-63 rounded down: all but the first are irrational, so that the next whole
# number lies beyond. Then numbers with their index at scale 20, of which every other scale's is the beginning.
EVERY = """
#include <stdio.h>
#include <stdlib.h>
#include "otel.h"
#define LEN (1u << 20)
static uint64_t bound[LEN];
static struct { uint64_t mantissa; int32_t exponent, index; } one;
static unsigned long calls, wrong;
static void look(uint64_t mantissa, int exponent, int scale, int64_t want)
{
    int64_t got = otel_power_index_(mantissa, exponent, scale);
    calls++;
    if (got != want && wrong++ < 5) fprintf(stderr, "%llx * 2^%d at scale %d: %lld instead of %lld\\n", (unsigned long long)mantissa, exponent - 63, scale, (long long)got, (long long)want);
}
int main(int argc, char **argv)
{
    static const int exponents[] = { -1074, -1022, -1, 0, 1, 1023 };
    unsigned step = (unsigned)atoi(argv[argc - 1]), e;
    int scale;
    if (fread(bound, sizeof *bound, LEN, stdin) != LEN) return 1;
    for (e = 0; e < 6; e++) {
        int64_t x = exponents[e];
        for (scale = 20; scale >= 0; scale--) {
            uint32_t k, many = 1u << scale;
            look((uint64_t)1 << 63, (int)x, scale, x * many - 1);                      /* a power of two is the upper end of its bucket, */
            look(((uint64_t)1 << 63) + 2048, (int)x, scale, x * many);                 /* one ulp more is not, */
            look(~(uint64_t)2047, (int)x - 1, scale, x * many - 1);                    /* and one less is below it */
            for (k = 1; k < many; k += scale > 12 && k + step < many ? step : 1) {
                uint64_t m = bound[k << (20 - scale)], d = m & ~(uint64_t)2047;        /* the double below */
                int64_t i = x * many + k;
                look(m, (int)x, scale, i - 1);
                look(m + 1, (int)x, scale, i);
                look(d, (int)x, scale, i - 1);
                look(d + 2048, (int)x, scale, i);
                if (d - 2048 > (uint64_t)1 << 63) look(d - 2048, (int)x, scale, i - 1);
                if (d + 2 * 2048 > d) look(d + 2 * 2048, (int)x, scale, i);
            }
        }
        for (scale = -1; scale >= -11; scale--) {
            look((uint64_t)1 << 63, (int)x, scale, (x - 1) >> -scale);
            look(((uint64_t)1 << 63) + 2048, (int)x, scale, x >> -scale);
            look(~(uint64_t)2047, (int)x - 1, scale, (x - 1) >> -scale);
        }
    }
    printf("%lu ", calls);
    while (fread(&one, sizeof one, 1, stdin) == 1) {
        for (scale = 20; scale >= -11; scale--) look(one.mantissa, one.exponent, scale, (int64_t)one.index >> (20 - scale));
    }
    printf("%lu\\n", calls);
    return wrong != 0;
}
"""


@pytest.fixture(scope="module")
def every_bound():
    """2^(k / 2^20) * 2^63, rounded down, by whole numbers of 512 bits; and a million random doubles with their index."""
    bits = 512
    root = 2 << bits
    for _ in range(20):
        root = math.isqrt(root << bits)
    bounds, at = [], 1 << bits
    for _ in range(1 << 20):
        bounds.append(at >> (bits - 63))
        at = at * root >> bits
    assert at >> (bits - 300) in ((2 << 300) - 1, 2 << 300), "the last one is 2"
    for k in (1, 3, 77777, (1 << 20) - 1):
        assert bounds[k] == int((decimal.Decimal(k) / (1 << 20) * LN2).exp() * (1 << 63))
    rng, numbers = random.Random(13), []
    for i in range(1000000):
        mantissa, exponent = 1 << 63 | rng.getrandbits(52) << 11, rng.randint(-1074, 1023)
        place = exponent * (1 << 20) + (bisect.bisect_left(bounds, mantissa) - 1 if mantissa > 1 << 63 else -1)
        numbers.append(struct.pack("<Qii", mantissa, exponent, place))
        if i < 500:
            assert place == index(mantissa, exponent, 20)
    return struct.pack("<%dQ" % len(bounds), *bounds) + b"".join(numbers)


@pytest.mark.parametrize("build,step", (("gcc -O2", 1), ("gcc -O2 -m32", 61), ("gcc -O2 -DOTEL_NO_ATOMICS", 61)))
def test_every_bound_and_a_million_doubles_at_all_scales(build, step, every_bound):
    """Each bound of each scale, and what is one ulp beside it; a `step` takes some of the bounds above scale 12, and fewer doubles."""
    compiler, *flags = build.split()
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    numbers = 1000000 if step == 1 else 40000
    ran = run([program_of(compiler, EVERY, *flags), step], input=every_bound[:(8 << 20) + 16 * numbers], timeout=600)
    beside, all_ = map(int, ran.stdout.split())
    assert all_ - beside == 32 * numbers
    assert beside > (6 * 6 * 2000000 if step == 1 else 100000)


def shapes():
    rng = random.Random(11)
    n = 1500
    yield "lognormal", [rng.lognormvariate(0, 1) for _ in range(n)]
    yield "uniform", [rng.uniform(0, 1000) for _ in range(n)]
    yield "constant", [0.1] * n
    yield "tiny", [rng.choice((5e-324, 1e-310, 2.2250738585072014e-308)) * rng.randint(1, 9) for _ in range(n)]
    yield "huge", [rng.uniform(1e300, 1.7e308) for _ in range(n)]
    yield "both signs and zero", [rng.choice((0.0, -0.0, 1, -1)) * rng.lognormvariate(3, 2) for _ in range(n)]
    yield "everything", [math.ldexp(rng.choice((-1, 1)) * rng.uniform(0.5, 1), rng.randint(-1073, 1024)) for _ in range(n)]
    yield "powers of two", [math.ldexp(1, rng.randint(-30, 30)) for _ in range(n)]
    yield "one ulp apart", [1.0, 1.0000000000000002, 0.9999999999999999] * 10
    yield "falling", [1e9 / 1.3**i for i in range(120)]
    yield "whole", [float(rng.randint(-10**15, 10**15)) for _ in range(n)]


def model(values, size):
    """The largest scale up to 20 at which each sign takes at most `size` buckets, and the counts."""
    for scale in range(20, -12, -1):
        sides = [collections.Counter(index(*parts(abs(v)), scale) for v in values if v * sign > 0) for sign in (1, -1)]
        if all(not side or max(side) - min(side) < size for side in sides):
            return scale, sides
    raise AssertionError


def buckets(side):
    return collections.Counter({side.offset + i: n for i, n in enumerate(side.bucket_counts) if n})


@pytest.mark.parametrize("build", ("gcc -O2", "gcc " + " ".join((*ASAN, *WARN)), "gcc -O2 -m32 -march=i486"))
@pytest.mark.parametrize("name,values", shapes(), ids=lambda v: v if isinstance(v, str) else "")
def test_a_histogram_equals_its_model(name, values, build):
    pb = need_module("opentelemetry.proto.metrics.v1.metrics_pb2")
    compiler, *flags = build.split()
    if "-m32" in flags:
        need_flags(compiler, "-m32")
    ran = run([program_of(compiler, RECORD, *flags)], input="".join("%s\n" % v.hex() for v in map(float, values)).encode(), binary=True)
    metrics = {m.name: m.exponential_histogram for s in pb.ResourceMetrics.FromString(ran.stdout).scope_metrics for m in s.metrics}
    ints = [int(v) for v in values if abs(v) < 9e18]
    for name, size, recorded in (("small", 10, values), ("large", 160, values), ("whole", 160, ints)):
        if not recorded:
            assert name not in metrics
            continue
        point, = metrics[name].data_points
        scale, (positive, negative) = model([v for v in recorded if v], size)
        assert (point.scale, buckets(point.positive), buckets(point.negative)) == (scale, positive, negative), name
        assert point.zero_count == sum(v == 0 for v in recorded)
        assert point.count == len(recorded)
        assert (point.min, point.max) == (min(recorded), max(recorded))
        exact = sum(map(fractions.Fraction, recorded))        # a sum stays at the largest double
        exact = max(-sys.float_info.max, min(sys.float_info.max, exact))
        assert point.sum == pytest.approx(float(exact), rel=1e-9, abs=1e-9 * max(map(abs, recorded)))
        quantiles_agree(point, sorted(recorded))


def quantiles_agree(point, values):
    """Each quantile lies in a bucket whose bounds are a factor of 2^(2^-scale) apart: that is what the scale promises."""
    factor = 2 ** (2.0 ** -point.scale) if point.scale > -10 else math.inf
    ladder = [(-(i + point.negative.offset), n, -1) for i, n in enumerate(point.negative.bucket_counts)][::-1]
    ladder = [(i, n, -1) for i, n, _ in ladder] + [(0, point.zero_count, 0)] + \
             [(i + point.positive.offset, n, 1) for i, n in enumerate(point.positive.bucket_counts)]
    for q in (0.01, 0.25, 0.5, 0.9, 0.99):
        rank, seen = math.ceil(q * len(values)), 0
        for i, n, sign in ladder:
            seen += n
            if seen >= rank:
                break
        exact = values[rank - 1]
        assert (exact > 0) - (exact < 0) == sign
        if sign and factor < 1e6:
            middle = (-i if sign < 0 else i) + 0.5
            log = math.log2(abs(float(exact)))
            assert abs(log - middle * 2.0 ** -point.scale) <= 0.5 * 2.0 ** -point.scale * 1.0001 + 1e-9
