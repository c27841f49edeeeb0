// Which crates and modules a Rust file uses: `use` with its trees, and `extern crate`. Paths in the code that no `use`
// brings in are not looked for. A path that begins with crate, self, super or a module of the same file is the
// project's own, and so written: `crate::…`, `self::…`. After the Rust reference (lexical structure, use declarations).
#pragma once

#include <sources/interest/mentions.hpp>
#include <string_view>

namespace resident::interest {

void scan_rust(std::string_view text, Mentions& mentions);

}  // namespace resident::interest
