// A line of a CODEOWNERS file as GitHub reads it (GitHub Docs, "About code owners", 2026): a pattern and who owns what
// it matches, apart by blanks or tabs. "\ " and "\#" belong to the pattern; a "#" begins a comment at the beginning of
// a word alone, so that "/src/c#/" is a folder. A line without owners is one: what it matches is nobody's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct CodeownersLine {
  std::string pattern;  // without the backslashes
  std::vector<std::string> owners;
};

// nullopt: empty, or a comment alone.
std::optional<CodeownersLine> codeowners_line(std::string_view line);

}  // namespace resident
