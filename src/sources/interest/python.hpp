// Which modules a Python file imports: `import`, `from … import`, `lazy import` (PEP 810), `importlib.import_module`
// and
// `__import__` with literal text. The same as Python's own syntax tree says of every file that Python accepts, without
// building one: text is read only up to the last word that may import, and a file that Python would refuse gives what
// can be told. After the language reference (lexical analysis; the import statement), PEPs 701, 750 and 810.
#pragma once

#include <sources/interest/mentions.hpp>
#include <string_view>

namespace resident::interest {

void scan_python(std::string_view text, Mentions& mentions);

}  // namespace resident::interest
