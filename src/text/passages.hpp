// An opening text in the parts that are alike in different ways: what its author says,
// code with traces of stacks, and what is quoted. Reads Markdown and Jira's markup; any
// bytes are taken, and nothing stands in two parts.
#pragma once

#include <string>
#include <string_view>

namespace resident::text {

inline constexpr std::size_t kReadBytes = 1 << 16;  // of a text; the rest of a pasted log is not read

struct Passages {
  std::string prose;   // no quoted lines, no code, no comments of HTML
  std::string code;    // code blocks, frames of stack traces
  std::string quoted;  // lines that begin with ">"
};
Passages passages_of(std::string_view body);

}  // namespace resident::text
