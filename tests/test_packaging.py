"""The ways in which other projects take the headers: vendored, CMake, Meson, pkg-config, Conan; each an outside project that
is built and run, from paths of this machine only."""
import os
import re
import shutil
import sys

import pytest

from conftest import ROOT, WARN, need, need_module, run

CLEAN = dict({name: "" for name in os.environ if name.startswith("OTEL_")}, LC_ALL="C")
PROGRAM = (ROOT / "examples/hello.c").read_text()
# padding, notes that a header also wants C90 or C++98, and what the linkage of a header-only library is made of:
# a name that is a macro of itself, and functions that a file may leave unused
LESS = ["padded", "c++98-compat", "c++98-compat-pedantic", "declaration-after-statement", "unsafe-buffer-usage", "disabled-macro-expansion",
        "used-but-marked-unused", "unknown-warning-option", "implicit-fallthrough", "tautological-type-limit-compare"]


EVERYTHING = ["-std=c11", "-Weverything", "-Werror", *("-Wno-" + w for w in LESS)]       # of clang


def version():
    return re.search(r'#define OTEL_VERSION "(.*?)"', (ROOT / "otel.h").read_text()).group(1)


@pytest.fixture
def project(tmp_path):
    """A folder of somebody else with the program of the first screen, and a copy of this tree beside it."""
    shutil.copytree(ROOT, tmp_path / "otel", ignore=shutil.ignore_patterns(".git", "build", "*.jsonl"))
    user = tmp_path / "user"
    user.mkdir()
    (user / "main.c").write_text(PROGRAM)
    return user


def works(program):
    shown = run([program], env=CLEAN).stderr
    assert "greet" in shown and "INFO  hello, world" in shown


def test_the_version_is_one():
    assert "version : '%s'" % version() in (ROOT / "meson.build").read_text()
    assert 'version = "%s"' % version() in (ROOT / "conanfile.py").read_text()


def test_vendored_files_are_quiet_under_every_warning(project):
    need("clang")
    for name in ("otel.h", "otel_export.h", "ports/otel_posix.h"):
        shutil.copy(ROOT / name, project)
    run(["clang", *EVERYTHING, "main.c", "-o", "main", "-lpthread"], cwd=project)
    works(project / "main")


CMAKE = """cmake_minimum_required(VERSION 3.14)
project(user C)
%s
add_executable(main main.c)
target_compile_options(main PRIVATE %s)
target_link_libraries(main PRIVATE otel::posix)
""" % ("%s", " ".join(EVERYTHING))


def cmake(project, find, *options):
    need("cmake")
    need("clang")
    (project / "CMakeLists.txt").write_text(CMAKE % find)
    run(["cmake", "-S", ".", "-B", "build", "-DCMAKE_C_COMPILER=clang", "-DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON", *options], cwd=project, timeout=120)
    run(["cmake", "--build", "build"], cwd=project, timeout=120)
    works(project / "build/main")


def test_cmake_fetches_it(project):
    cmake(project, 'include(FetchContent)\nFetchContent_Declare(otel SOURCE_DIR "%s")\nFetchContent_MakeAvailable(otel)' % (project.parent / "otel"))


def installed(project):
    need("cmake")
    run(["cmake", "-S", project.parent / "otel", "-B", project / "b", "-DCMAKE_INSTALL_PREFIX=%s" % (project / "prefix")], timeout=120)
    run(["cmake", "--install", project / "b"], timeout=120)
    return project / "prefix"


def test_cmake_finds_what_was_installed(project):
    prefix = installed(project)
    cmake(project, "find_package(otel 0.1 REQUIRED)", "-DCMAKE_PREFIX_PATH=%s" % prefix)


def test_cmake_finds_it_for_a_board_without_threads(project):
    need("arm-none-eabi-gcc")
    prefix = installed(project)
    (project / "main.c").write_text('#include "otel_export.h"\n')
    (project / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.14)\nproject(user C)\nfind_package(otel 0.1 REQUIRED)\n"
                                            "add_library(main STATIC main.c)\ntarget_link_libraries(main PRIVATE otel::otel)\n")
    run(["cmake", "-S", ".", "-B", "build", "-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
         "-DCMAKE_C_FLAGS=-mcpu=cortex-m4 -mthumb --specs=nosys.specs", "-DCMAKE_PREFIX_PATH=%s" % prefix], cwd=project, timeout=120)
    run(["cmake", "--build", "build"], cwd=project, timeout=120)


def test_pkg_config_knows_what_was_installed(project):
    need("pkg-config")
    prefix = installed(project)
    env = {"PKG_CONFIG_PATH": str(prefix / "share/pkgconfig")}
    assert run(["pkg-config", "--modversion", "otel"], env=env).stdout.strip() == version()
    flags = run(["pkg-config", "--cflags", "--libs", "otel"], env=env).stdout.split()
    run(["gcc", *WARN, "main.c", *flags, "-o", "main"], cwd=project)
    works(project / "main")


def test_meson_takes_it_as_a_subproject_and_installs_it(project):
    need("meson")
    (project / "subprojects").mkdir()
    (project.parent / "otel").rename(project / "subprojects/otel")
    (project / "meson.build").write_text("project('user', 'c', default_options : ['warning_level=3', 'werror=true', 'c_std=c11'])\n"
                                         "executable('main', 'main.c', c_args : [%s], dependencies : dependency('otel', fallback : ['otel', 'otel_dep']))\n" % ", ".join("'%s'" % w for w in EVERYTHING[1:]))
    need("clang")
    run(["meson", "setup", "build", "--prefix", project / "prefix"], cwd=project, timeout=120, env={"CC": "clang"})
    run(["meson", "install", "-C", "build"], cwd=project, timeout=120)
    works(project / "build/main")
    assert {p.name for p in (project / "prefix/include/otel").iterdir()} == {"otel.h", "otel_export.h"} | {p.name for p in (ROOT / "ports").glob("*.h")}
    assert list((project / "prefix").rglob("otel.pc"))


def test_conan_makes_a_package_of_it(project):
    need_module("conan")
    need("cmake")
    conan = [sys.executable, "-c", "from conans.conan import run; run()"]
    env = {"CONAN_HOME": str(project / "conan-home"), "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}
    run([*conan, "profile", "detect"], env=env, timeout=120)
    run([*conan, "remote", "disable", "conancenter"], env=env, timeout=120)
    run([*conan, "create", project.parent / "otel"], env=env, timeout=300)
    (project / "conanfile.txt").write_text("[requires]\notel/%s\n[generators]\nCMakeDeps\nCMakeToolchain\n" % version())
    run([*conan, "install", ".", "-of", "deps"], cwd=project, env=env, timeout=300)
    cmake(project, "find_package(otel REQUIRED)\nadd_library(otel_posix INTERFACE)\n"
          "target_link_libraries(otel_posix INTERFACE otel::otel)\nadd_library(otel::posix ALIAS otel_posix)",
          "-DCMAKE_TOOLCHAIN_FILE=%s" % (project / "deps/conan_toolchain.cmake"), "-DCMAKE_BUILD_TYPE=Release")
