// Which modules a JavaScript or TypeScript file uses: `import` in all its forms (type, defer, source, `import x =
// require()`), `export … from`, `import()` and `require()` with literal text, and references to types by `///`.
// Templates, regular expressions and JSX are told apart as far as text can: a slash is judged by what stands before it,
// and a quote that no line closes, as in JSX text, is none. After ECMA-262 (lexical grammar, modules) and TypeScript's
// handbook.
#pragma once

#include <sources/interest/mentions.hpp>
#include <string_view>

namespace resident::interest {

void scan_javascript(std::string_view text, Mentions& mentions);

}  // namespace resident::interest
