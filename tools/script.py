"""A script without .py as a module, for scripts and tests that share what it knows:

    sys.path.insert(0, str(ROOT / "tools"))
    from script import load
    board = load("board", ROOT / "bench/cortex-m/run")
"""
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader


def load(name, path):
    sys.dont_write_bytecode = True                                  # nothing appears beside the script
    loader = SourceFileLoader(name, str(path))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module
