// What the program is made of: each library with the version it was built with, the one that runs now, and its licence;
// of what the script on pages is built from, too. For `resident --version --verbose`, for bug reports, and for the list
// of parts (SPDX) that goes with a package.
#pragma once

#include <string>
#include <vector>

namespace resident {

struct Part {
  std::string name;
  std::string built_with;  // its version when the program was built; "" where the library says none
  std::string runs_with;   // its version now; "" where it has no call, or is all header
  std::string licence;     // an SPDX expression
  std::string origin;      // "debian:libpq-dev" or "npm:d3-array": whose version and notice it is
  std::string purpose;
};

// Libraries first, then what the web bundle is built from; each in alphabetical order.
std::vector<Part> parts();
// The number that the linker gave this very file (GNU build ID), in hexadecimal; "" where it gave none.
std::string build_id();

// "resident 0.1.0"; verbose: then the build ID, the compiler, and a table of parts.
std::string version_text(bool is_verbose);
// The same as JSON: {name, version, build_id, compiler, licence, parts: [{name, built_with, runs_with, licence, origin,
// purpose}]}.
std::string version_json();

}  // namespace resident
