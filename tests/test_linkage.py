"""Just include the headers: many files, any options, C and C++, optimisers, shared libraries. One instance for all."""
import collections
import itertools
import re
import shutil

import pytest

from conftest import ROOT, SPLIT, WARN, bodies, cc, need, once, run

SURFACE = ROOT / "tests/c/surface"
PART, MAIN, EVERY = SURFACE / "part.c", SURFACE / "parts_main.c", SURFACE / "every_call.c"
ON_THE_SIDE = ("-ffunction-sections", "-fdata-sections")


class Program:
    """A program made of objects."""

    def __init__(self, folder, *flags):
        self.folder, self.flags, self.objects, self.names = folder, flags, [], []

    def part(self, n, compiler="gcc", *flags):
        """One more file; it is compiled as `compiler` does, and linked in the order of these calls."""
        self.names.append(n)
        return self.object(compiler, PART, "-DPART=%s" % n, *flags)

    def object(self, compiler, source, *flags):
        std = ("-x", "c++", "-std=gnu++17") if "++" in compiler else ("-std=gnu99",)
        self.objects.append(once(compiler, source, *std, *WARN, *self.flags, *flags, "-c"))
        return self

    def calls(self, *names, use=()):
        lines = ["#include <stddef.h>", "struct otel_t;", "int parts(struct otel_t *otel);"]
        lines += ["int part_%s(void);" % n for n in names] + ["void use_%s(struct otel_t *otel);" % n for n in use]
        body = ["(void)otel;"] + ["use_%s(otel);" % n for n in use] + ["return %s;" % " + ".join("part_%s()" % n for n in names)]
        return "\n".join(lines + ["int parts(struct otel_t *otel)", "{"] + body + ["}", ""])

    def link(self, linker="gcc", *flags, main=(), compiler="gcc", reverse=False, use=(), names=None, libs=()):
        self.object(compiler, self.calls(*(self.names if names is None else names), use=use))
        self.object(compiler, MAIN, *(main or ()))
        objects = self.objects[::-1] if reverse else self.objects
        return cc(linker, objects, *self.flags, *flags, *libs, out=self.folder / ("program%d" % len(self.objects)))


SIXTEEN = ["OTEL_SPAN_BYTES=64", "OTEL_SPAN_BYTES=300", "OTEL_LIMITS=0", "OTEL_TRACES=0", "OTEL_METRICS=0", "OTEL_LOGS=0", "OTEL_RETRY=0",
           "OTEL_ENABLED=0", "OTEL_NO_CLEANUP", "OTEL_STATIC=1", "OTEL_SPAN_BYTES=1000", "OTEL_TRACES=0 -DOTEL_LOGS=0", "OTEL_STATIC=1 -DOTEL_LIMITS=0"]


def defines(text):
    return ["-D" + o for o in text.split(" -D")] if text else []


def test_sixteen_files_link_with_no_define(build_dir):
    p = Program(build_dir, "-O0", "-DBOTH")
    for n in range(8):
        p.part(n)
    for n in range(8, 12):
        p.part(n, "g++")
    for n in range(12, 16):
        p.part(n, "clang")
    run([p.link("g++")])


@pytest.mark.parametrize("levels", ["-O2 -O2", "-O2 -O0", "-O0 -O2"])
@pytest.mark.parametrize("compiler", ["gcc -std=c11", "clang -std=c11", "g++ -x c++ -std=c++17"])
def test_a_span_is_started_again_in_another_file(build_dir, compiler, levels):
    """What a block has as its span is good for every call of every file, whether the library runs or not."""
    compiler, *std = compiler.split()
    mine, others = levels.split()
    other = cc(compiler, "tests/c/again.c", *std, others, SPLIT, "-DOTHER", "-c", out=build_dir / "other.o")
    run([cc(compiler, ["tests/c/again.c", other, bodies(compiler, *std, "-O1", *WARN)], *std, mine, SPLIT, *WARN)])


@pytest.mark.parametrize("reverse", [False, True], ids=["first", "last"])
def test_sixteen_files_of_all_options_link_in_any_order(build_dir, reverse):
    p = Program(build_dir, "-O0", "-DBOTH")
    for n, options in enumerate(SIXTEEN):
        p.part(n, "gcc" if n % 3 else "g++", *defines(options))
    for n in range(len(SIXTEEN), 16):
        p.part(n)
    run([p.link("g++", reverse=reverse)])


# Two files say the opposite; each behaves as it says, whoever comes first: the linker keeps one copy of what has one name.
OPPOSITES = [("OTEL_TRACES=0", ""), ("OTEL_METRICS=0", ""), ("OTEL_LOGS=0", ""), ("OTEL_RETRY=0", ""), ("OTEL_LIMITS=0", ""), ("OTEL_SPAN_BYTES=32", "OTEL_SPAN_BYTES=4000"),
             ("OTEL_ENABLED=0", ""), ("OTEL_NO_CLEANUP", ""), ("OTEL_STATIC=1", ""), ("OTEL_TRACES=0", "OTEL_LOGS=0"), ("OTEL_STATIC=1 -DOTEL_TRACES=0", "OTEL_METRICS=0"),
             ("OTEL_NO_ATOMICS", ""), ("OTEL_PORT_LOCK=1", "")]


@pytest.mark.parametrize("one,other", OPPOSITES, ids=lambda o: re.sub("OTEL_|-D", "", o).replace(" ", "+") or "default")
@pytest.mark.parametrize("languages", [("gcc", "gcc"), ("g++", "g++")], ids=["c", "c++"])
def test_opposite_options_in_two_files(build_dir, one, other, languages):
    p = Program(build_dir, "-O0")                                             # nothing is inlined, so all comes from the linker
    p.part(1, languages[0], *defines(one)).part(2, languages[1], *defines(other))
    run([p.link("g++")])
    p.objects, p.names = p.objects[:2], p.names[:2]
    run([p.link("g++", reverse=True, names=[2, 1])])


def test_scratch_of_a_block_is_as_long_as_its_file_says(build_dir):
    text = """
#include "otel_export.h"
int part_%(n)d(void);
int part_%(n)d(void)
{
    char big[200];
    memset(big, 'x', sizeof big);
    OTEL_SPAN(span, "a") {
        otel_span_set(span, "big", OTEL_STR(big, sizeof big));
        if (span->attributes_ != %(fits)d || span->lost_attributes_ != !%(fits)d) return 1000000000;
    }
    return 1;
}
"""
    p = Program(build_dir, "-O2")
    for n, size in ((1, 64), (2, 1000), (3, 64)):
        p.object("gcc", text % {"n": n, "fits": size > 200}, "-DOTEL_SPAN_BYTES=%d" % size)
    run([p.link("gcc", names=[1, 2, 3])])


def test_a_text_that_is_not_utf8_is_looked_at_where_limits_are_on(build_dir):
    """Opposite OTEL_LIMITS: the bytes of each file's span are those of its own option."""
    text = """
#include "otel_export.h"
int part_%(n)d(void);
int part_%(n)d(void)
{
    OTEL_SPAN(span, "a") {
        int i;
        for (i = 0; i < 140; i++) otel_span_event(span, "e");
        if (span->events_ != (OTEL_LIMITS ? 128 : 140)) return 1000000000;
    }
    return 1;
}
"""
    for order in ((1, 2), (2, 1)):
        p = Program(build_dir, "-O1", "-DOTEL_SPAN_BYTES=8000")
        for n in order:
            p.object("gcc", text % {"n": n}, "-DOTEL_LIMITS=%d" % (n % 2))
        run([p.link("gcc", names=order, main=("-UOTEL_SPAN_BYTES",))])


def test_an_exporter_retries_where_its_file_says(build_dir):
    """Opposite OTEL_RETRY: after a 503 one file's exporter keeps its span for later, the other's has given it up."""
    text = """
#include "otel_export.h"
int part_%(n)d(void);
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[1024];
static uint64_t now(void *user) { static uint64_t ns = 1700000000000000000u; (void)user; return ++ns; }
int part_%(n)d(void)
{
    otel_stats_t stats;
    otel_request_t r;
    otel_init(&otel, .service = "retry", .clock = now, .pool = pool, .pool_size = sizeof pool);
    otel_exporter_init(&ex, .otel = &otel);
    OTEL_SPAN(span, "a", .otel = &otel) {}
    if (!otel_export_next(&ex, &r)) return 1000000000;
    otel_export_done(&ex, 503);
    otel_stats(&ex, &stats);
    return stats.signal[OTEL_SIGNAL_TRACES].queued == OTEL_RETRY && stats.signal[OTEL_SIGNAL_TRACES].dropped[OTEL_DROP_GAVE_UP] == !OTEL_RETRY ? 0 : 1000000000;
}
"""
    for order in ((1, 2), (2, 1)):
        p = Program(build_dir, "-O0")
        for n in order:
            p.object("gcc", text % {"n": n}, "-DOTEL_RETRY=%d" % (n % 2))
        run([p.link("gcc", names=order)])


def test_static_copies(build_dir):
    p = Program(build_dir, "-O2", "-DOTEL_STATIC=1")
    for n in range(3):
        p.part(n, "g++" if n == 2 else "gcc")
    run([p.link("g++")])


@pytest.mark.parametrize("implementation", ["gcc", "g++"])
def test_split_with_one_implementation(build_dir, implementation):
    p = Program(build_dir, "-O1", "-DOTEL_SPLIT=1", "-DBOTH")
    p.part(0).part(1, "g++").part(2, "clang")
    p.part(3, implementation, "-DOTEL_IMPLEMENTATION")
    run([p.link("g++")])
    weak = run(["nm", p.objects[3]]).stdout
    assert not re.search(r" W otel_span", weak), "functions of OTEL_SPLIT are plain ones"
    assert re.search(r" T otel_span_end", weak)


def test_split_without_an_implementation_does_not_link_in_silence(build_dir):
    p = Program(build_dir, "-O2", "-DOTEL_SPLIT=1").part(0)
    with pytest.raises(pytest.fail.Exception, match="undefined reference to .otel_"):
        p.link("gcc")


@pytest.mark.parametrize("flags", [("-O1", "-fno-common"), ("-O2", "-flto"), ("-O3",), ("-Os", *ON_THE_SIDE, "-Wl,--gc-sections"), ("-O2", "-D_FORTIFY_SOURCE=2")],
                         ids=lambda f: f[0] + f[-1].replace("-Wl,-", "").replace("-D", "-"))
def test_c_and_cxx_under_optimisers(build_dir, flags):
    """Warnings of the link step count too: -flto compares types between files (-Wodr). Without an optimiser the tests above link."""
    compile_ = tuple(f for f in flags if not f.startswith("-Wl,"))
    p = Program(build_dir, *compile_)
    p.part(0).part(1, "g++").part(2, "gcc", "-DOTEL_SPAN_BYTES=64").part(3, "g++", "-DOTEL_SPAN_BYTES=1000", "-DOTEL_NO_CLEANUP")
    p.part(4, "g++", "-DOTEL_LOGS=0", "-DOTEL_NO_CLEANUP").part(5, "gcc", "-DOTEL_LIMITS=0")
    run([p.link("g++", *WARN, *(f for f in flags if f not in compile_))])


def test_clang_link_time_optimiser(build_dir):
    p = Program(build_dir, "-O2")
    p.part(0, "clang").part(1, "clang++").part(2, "clang", "-DOTEL_SPAN_BYTES=64")
    run([p.link("clang++", compiler="clang")])


def bodies_in(binary, kinds="TW"):
    """Functions of the library that an object or a program holds, one entry for each copy; the kinds as nm calls them."""
    return re.findall(r"^[0-9a-f]+ [%s] (otel_\w+_v0)$" % kinds, run(["nm", "--defined-only", binary]).stdout, re.M)


@pytest.mark.parametrize("compiler,level,most", [("g++", "-O2", 60), ("g++", "-Os", 70), ("clang++", "-O0", 80), ("clang++", "-O2", 60),
                                                 ("gcc", "-O1", 60), ("gcc", "-O2", 60), ("gcc", "-Os", 70), ("clang", "-O0", 80), ("clang", "-O2", 60)])
def test_a_file_has_the_bodies_that_it_uses(compiler, level, most):
    """Both headers have some 500; a file that records a span has those of a span, and each is called, none copied into its caller."""
    need("nm")
    cxx = "++" in compiler
    text = '#include "otel_export.h"\nvoid work(int n);\nvoid work(int n)\n{\n    OTEL_SPAN(span, "work") otel_span_set(span, "n", n);\n}\n'
    out = once(compiler, text, *(("-x", "c++", "-std=gnu++17") if cxx else ("-std=gnu11",)), level, *WARN, "-c")
    names = bodies_in(out, "TW" if cxx else "t")
    ends = "otel_span_record_slow__v0" if level in ("-O1", "-O2") else "otel_span_finish_called__v0"
    assert {"otel_span_end_v0", "otel_record_open__v0", ends} <= set(names) and len(names) <= most, names
    strange = [n for n in names if re.search("prometheus|console|export|json|store|log_|counter|histogram|collect|inject", n)]
    assert not strange, strange
    assert not re.search(r" otel_\w+_v0\.(isra|constprop|part)", run(["nm", out]).stdout), "one that knows its caller's constants"
    assert cxx or not bodies_in(out), "a file of C keeps its copies to itself"


def test_without_optimising_gxx_has_aggregations_and_no_more():
    """g++ -O0 keeps constant tables that nothing names, and what they point at; nothing of otel_export.h is among it."""
    need("nm")
    names = bodies_in(once("g++", '#include "otel_export.h"\ntypedef int nothing;\n', "-x", "c++", "-std=gnu++17", "-O0", *WARN, "-c"))
    assert len(names) < 150 and not re.search("prometheus|console|export_|json|store|span_|log_", " ".join(names)), names


LINKERS = [linker for linker in ("bfd", "gold", "lld") if shutil.which("ld." + linker)]


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("c,cxx", [("gcc", "g++"), ("clang", "clang++")], ids=["gnu", "clang"])
def test_bodies_of_c_and_of_cxx_share_one_instance(build_dir, c, cxx, level):
    """In either order, by each linker that is here; inline bodies of C++ are there once, C has a copy in each file that calls."""
    need("nm")
    p = Program(build_dir, level, *ON_THE_SIDE)
    p.part(0, c).part(1, cxx).part(2, cxx, "-DOTEL_SPAN_BYTES=64").part(3, c, "-DOTEL_SPAN_BYTES=64")
    parts = p.objects[:]
    assert all({"otel_span_end_v0", "otel_log_write__v0"} <= set(bodies_in(parts[n], "TWt")) for n in range(4)), "each brings these"
    p.object(c, p.calls(*p.names)).object(cxx, MAIN.read_text().replace("int parts(", 'extern "C" int parts(', 1))
    most = collections.Counter(n for o in p.objects for n in bodies_in(o, "t")) + collections.Counter({n for o in p.objects for n in bodies_in(o)})
    for linker, order, flags in itertools.product(LINKERS, (1, -1), ((), ("-Wl,--gc-sections",))):
        program = cc(cxx, [*parts[::order], *p.objects[4:]], "-fuse-ld=" + linker, *flags, "-Wl,--fatal-warnings", out=build_dir / "mixed")
        run([program])
        inside = collections.Counter(bodies_in(program, "TtWw"))
        assert "otel_span_end_v0" in inside and not inside - most, inside - most
        assert "otel_extract_v0" not in inside, "nothing calls it"


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_a_throw_ends_the_span_by_bodies_of_c_and_of_cxx(build_dir, compiler):
    text = """
#include "otel.h"
#include <stdexcept>
extern "C" int part_2(void);
static void fails(int n)
{
    OTEL_SPAN(span, "inner") {
        otel_span_set(span, "n", n);
        throw std::runtime_error("no");
    }
}
extern "C" int part_2(void)
{
    int caught = 0;
    OTEL_SPAN(span, "outer") {
        try {
            fails(1);
        } catch (const std::runtime_error &) {
            caught = 1;
        }
        if (otel_span_current() != span) caught = 0;
    }
    return caught ? 2 : 1000000000;
}
"""
    for first in ({"g++": "gcc", "clang++": "clang"}[compiler], compiler):
        p = Program(build_dir, "-O0")
        p.part(1, first).object(compiler, text)
        run([p.link(compiler, names=[1, 2])])


def test_tcc_links_two_files(build_dir):
    need("tcc")
    sources = [PART.read_text().replace("PART", "1"), PART.read_text().replace("PART", "2"), MAIN.read_text(), Program(build_dir).calls(1, 2)]
    run([cc("tcc", [s.replace("NAMED(part_, 1)", "part_1") for s in sources])])


# ---- shared libraries ----

def library(folder, n, compiler, *flags):
    std = ("-x", "c++", "-std=gnu++17") if "++" in compiler else ("-std=gnu99",)
    return cc(compiler, PART, *std, *WARN, "-DPART=%d" % n, "-O2", "-fPIC", "-shared", "-fvisibility=hidden", *flags, out=folder / ("lib%d.so" % n))


def test_hidden_libraries_share_the_instance_of_the_program(build_dir):
    for n, compiler in ((1, "gcc"), (2, "g++")):
        out = library(build_dir, n, compiler)
        exported = run(["nm", "-D", "--defined-only", out]).stdout
        ours = set(re.findall(r" \w (\w*otel\w*)", exported))
        assert ours == {"otel_default_v0_", "otel_epoch_v0_", "otel_thread_v0_"}, "only the shared data is visible"
    p = Program(build_dir, "-O2", "-fPIE").part(0)
    program = p.link("gcc", "-pie", names=[0, 1, 2], libs=["-Wl,%s/lib1.so" % build_dir, "-Wl,%s/lib2.so" % build_dir, "-Wl,-rpath,%s" % build_dir])
    run([program])


DLOPEN = """
#include <dlfcn.h>
#include <stddef.h>
struct otel_t;
int parts(struct otel_t *otel);
int parts(struct otel_t *otel)
{
    void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    int (*part)(void);
    void (*use)(struct otel_t *);
    if (!lib) return -1;
    *(void **)&part = dlsym(lib, "part_1");
    *(void **)&use = dlsym(lib, "use_1");
    if (!part || !use) return -2;
    if (USE) use(otel);
    return USE ? part() : part() * 0;
}
"""


@pytest.mark.parametrize("use", [1, 0], ids=["otel_use", "without"])
@pytest.mark.parametrize("compiler", ["gcc", "g++"])
def test_plugin_says_otel_use(build_dir, compiler, use):
    """A library that is opened later has a default of its own, which otel_use sets; without, it records nothing and is quiet."""
    out = library(build_dir, 1, compiler, "-Wl,-Bsymbolic")
    run([cc("gcc", [MAIN, DLOPEN], "-std=gnu99", "-O2", *WARN, '-DLIBRARY="%s"' % out, "-DUSE=%d" % use, "-ldl")])


def test_threads_of_program_and_plugin_keep_apart(build_dir):
    """Two images number their threads by themselves; a shard never has two writers for that."""
    out = build_dir / "plugin.so"
    plugin = """
#include "otel_export.h"
__attribute__((visibility("default"))) void work(otel_t *otel, int n);
void work(otel_t *otel, int n)
{
    int i;
    otel_use(otel);
    for (i = 0; i < n; i++) OTEL_SPAN(span, "plugin") otel_span_set(span, "i", i);
}
"""
    cc("gcc", plugin, "-std=gnu99", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-Bsymbolic", *WARN, out=out)
    source = """
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include "otel_export.h"
enum { N = 1000 };
static otel_t otel;
static otel_exporter_t ex;
static uint8_t pool[1 << 20];
static void (*work)(otel_t *, int);
static pthread_barrier_t together;
static uint64_t now(void *user) { static uint64_t ns = 1; (void)user; return __atomic_add_fetch(&ns, 1, __ATOMIC_RELAXED); }
static void *in_program(void *x)
{
    int i;
    for (i = 0; i < N; i++) OTEL_SPAN(span, "program") otel_span_set(span, "i", i);
    pthread_barrier_wait(&together);                      /* all are alive until the last one has its shard */
    otel_thread_end(&otel);
    return x;
}
static void *in_plugin(void *x)
{
    work(&otel, N);
    pthread_barrier_wait(&together);
    return x;
}
int main(void)
{
    pthread_t t[4];
    otel_stats_t stats;
    void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    int i, shared = 0;
    if (!lib) return 3;
    *(void **)&work = dlsym(lib, "work");
    pthread_barrier_init(&together, NULL, 5);
    if (otel_init(&otel, .service = "threads", .clock = now, .pool = pool, .pool_size = sizeof pool, .shards = 5) != OTEL_OK) return 4;
    otel_exporter_init(&ex, .otel = &otel);
    for (i = 0; i < 4; i++) pthread_create(&t[i], NULL, i % 2 ? in_plugin : in_program, NULL);
    pthread_barrier_wait(&together);
    for (i = 0; i < 4; i++) pthread_join(t[i], NULL);
    for (i = 0; i < 4; i++) shared += otel_shard_at_(&otel, (unsigned)i + 1u)->ring[0].created != N;           /* each has written into a shard of its own */
    otel_stats(&ex, &stats);
    printf("created %llu, shards that others wrote to %d ", (unsigned long long)stats.signal[OTEL_SIGNAL_TRACES].created, shared);
    return stats.signal[OTEL_SIGNAL_TRACES].created != 4 * N || shared;
}
"""
    run([cc("gcc", source, "-std=gnu99", "-O1", *WARN, '-DLIBRARY="%s"' % out, "-ldl", "-pthread")])


# ---- what the headers need ----

def public_calls():
    names = set()
    for header in ("otel.h", "otel_export.h"):
        text = (ROOT / header).read_text()
        names |= set(re.findall(r"^OTEL_(?:API|FN|INLINE)_\b[^(\n]*?\b(otel_\w+[a-z0-9])\(", text, re.M))
        names |= set(re.findall(r"^#\s*define (otel_\w*[a-z0-9])\(", text, re.M))
        names |= set(re.findall(r"^#\s*define (OTEL_\w*[A-Z0-9])\(", text, re.M))
    return names


def test_list_of_calls_is_complete():
    text = EVERY.read_text()
    missing = sorted(n for n in public_calls() - {"otel_logf", "otel_vlogf", "otel_syslog"} if not re.search(r"\b%s\b" % n, text))
    assert not missing, "tests/c/surface/every_call.c does not use %s" % ", ".join(missing)


ALLOWED = {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen"}
HOOKS = {"board_clock", "post", "put", "set_header", "step"}


@pytest.mark.parametrize("target", ["x86-64", "x86-64-clang", "cortex-m4", "cortex-m0", "i386"])
def test_nothing_beyond_mem_and_strlen_is_needed(target):
    compiler, *flags = {"x86-64": ["gcc"], "x86-64-clang": ["clang"], "i386": ["gcc", "-m32"],
                        "cortex-m4": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"], "cortex-m0": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"]}[target]
    nm = need("arm-none-eabi-nm", "binutils-arm-none-eabi") if "arm" in compiler else need("nm")
    for level in ("-O0", "-Os"):
        out = cc(compiler, EVERY, "-std=c99", "-ffreestanding", level, *flags, *WARN, "-c")
        found = set(re.findall(r" U (\w+)", run([nm, out]).stdout))
        helpers = {n for n in found if re.match("__aeabi_|__gnu_thumb1_case_" if "arm" in compiler else "__", n) and not target.startswith("x86")}
        assert found - helpers - {"_GLOBAL_OFFSET_TABLE_"} <= ALLOWED | HOOKS, sorted(found)


@pytest.mark.parametrize("compiler", ["gcc -std=gnu11", "clang -std=gnu11", "g++ -x c++ -std=gnu++17"])
def test_what_one_file_has_set_up_another_knows(build_dir, compiler):
    """Files of C have copies of the functions, so none is known by its address: neither a signal's handler nor the library's own hooks."""
    compiler, *std = compiler.split()
    text = """
#include "otel_posix.h"
#include <signal.h>
#ifdef __cplusplus
extern "C"
#endif
int other_file(otel_self_metrics_t *self);
int other_file(otel_self_metrics_t *self) { return otel_posix_stop_on(SIGTERM) != OTEL_OK || otel_self_metrics_start(self) != OTEL_OK; }
"""
    main = """
#include "otel_posix.h"
#include <signal.h>
#ifdef __cplusplus
extern "C"
#endif
int other_file(otel_self_metrics_t *self);
static otel_self_metrics_t one, two;
static int callbacks(void)
{
    const otel_callback_t *c = otel_default()->callbacks_;
    int n = 0;
    for (; c; c = c->next_) n++;
    return n;
}
int main(void)
{
    int n;
    if (otel_posix_start(.service = "two files") != OTEL_OK) return 1;
    if (otel_posix_stop_on(SIGTERM) != OTEL_OK || otel_posix_stop_on(SIGTERM) != OTEL_OK) return 2;
    if (otel_self_metrics_start(&one) != OTEL_OK) return 3;
    n = callbacks();
    if (n != 1) return 4;
    if (other_file(&two)) return 5;                                     /* it is told already, and the handler is ours */
    if (callbacks() != n) return 6;
    OTEL_SPAN(span, "work") {}                                          /* a hook that calls itself would never come back */
    return otel_posix_stop(1000) == OTEL_OK ? 0 : 7;
}
"""
    flags = (*std, "-O0", *WARN)
    other = cc(compiler, text, *flags, "-c", out=build_dir / "other.o")
    first = cc(compiler, main, *flags, "-c", out=build_dir / "first.o")
    program = cc("g++" if "++" in compiler else compiler, [other, first], "-lpthread", out=build_dir / "program")
    run([program], env={"OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"})


def test_objects_in_cxx_need_no_constructor():
    """What stands at file scope is there before anything runs: an exporter that is started by somebody's constructor stays so."""
    source = """
#include "otel_export.h"
otel_t a;
otel_exporter_t b;
otel_recorder_t c;
otel_fault_t d;
otel_scope_t e = OTEL_SCOPE("x");
otel_span_t f;
otel_counter_t g = OTEL_COUNTER("g", OTEL_SERIES(4));
otel_histogram_t h = OTEL_HISTOGRAM("h", OTEL_BUCKETS(4, 1, 2));
otel_gauge_double_t k = OTEL_GAUGE_DOUBLE("k");
otel_context_t i;
otel_counter_t *in_a_function();
otel_counter_t *in_a_function()
{
    static otel_series_t mem[4];
    static otel_counter_t l = OTEL_COUNTER("l", OTEL_SERIES_IN(mem));
    return &l;
}
"""
    for compiler, std in itertools.product(("g++", "clang++"), ("gnu++14", "gnu++17", "c++20")):
        names = run(["nm", cc(compiler, source, "-std=" + std, "-O0", "-c", *WARN)]).stdout
        assert not re.search("_GLOBAL__|cxx_global_var_init|_ZGV", names), "%s -std=%s" % (compiler, std)


@pytest.mark.parametrize("std", ["gnu++14", "gnu++17"])
def test_firmware_in_cxx_guards_nothing(std):
    """Working memory that is static there is ready before anything runs: a guard would want a library that firmware has not."""
    need("avr-g++", "gcc-avr")
    names = run(["avr-nm", cc("avr-g++", '#include "otel_export.h"\n', "-mmcu=atmega2560", "-std=" + std, "-Os", "-Wall", "-Wextra", "-c")]).stdout
    assert "otel_crash_open" in names and not re.search("_GLOBAL__|__cxa_guard|_ZGV", names), names
