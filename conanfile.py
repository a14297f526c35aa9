"""otel.h for Conan 2: `conan create .`, then requires = "otel/0.1.0" and otel::otel in CMake."""
import os

from conan import ConanFile
from conan.tools.files import copy


class Otel(ConanFile):
    name = "otel"
    version = "0.1.0"
    license = "MIT"
    description = "OpenTelemetry for C in two headers"
    package_type = "header-library"
    exports_sources = "otel.h", "otel_export.h", "ports/*.h", "LICENSE"
    no_copy_source = True

    def package(self):
        include = os.path.join(self.package_folder, "include")
        copy(self, "*.h", self.source_folder, include, excludes="ports/*")
        copy(self, "*.h", os.path.join(self.source_folder, "ports"), include)
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_target_name", "otel::otel")
        self.cpp_info.set_property("pkg_config_name", "otel")
        if self.settings.get_safe("os") in (None, "Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
