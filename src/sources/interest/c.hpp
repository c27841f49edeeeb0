// Which headers a C or C++ file includes, and which modules of C++20 it imports. Comments, strings (raw ones too),
// continued lines and conditions are known: what stands in `#if 0` is not there, what stands under another condition
// than an include guard is marked. Of macros only those are known that the file itself defines as a header. After ISO C
// 6.10 and ISO C++ [cpp.include], [lex.phases], with GNU's `include_next` and `import`.
#pragma once

#include <sources/interest/mentions.hpp>
#include <string_view>

namespace resident::interest {

void scan_c(std::string_view text, Mentions& mentions);
void scan_cpp(std::string_view text, Mentions& mentions);

}  // namespace resident::interest
