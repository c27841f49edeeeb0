// Modules out of the files in which projects say who looks after which part: CODEOWNERS (of GitHub, GitLab, Gitea and
// Forgejo) and MAINTAINERS (as Linux and QEMU write it). Pure functions over text; what cannot be a rule is left out
// and counted. Of more than kMostRules, folders near the top are kept.
#pragma once

#include <config/config.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::init {

inline constexpr std::size_t kMostRules = 400;

struct ModuleSuggestion {
  std::string file;               // where it stands: ".github/CODEOWNERS"
  std::vector<ModuleRule> rules;  // in the order in which they are tried: the first that matches wins
  std::size_t left_out = 0;       // lines that could not be taken over
};

// gitignore's pattern as a pattern (RE2) over whole paths; "" for one that is none. Means what owner_pattern_matches()
// of model/codeowners.hpp does.
// has_classes: "[ch]" is one letter of two, as in MAINTAINERS; elsewhere it is as it stands.
std::string pattern_of_glob(std::string_view glob, bool has_classes = false);

// are_expressions: Gitea and Forgejo take each line's first word for a regular expression over the whole path, and not
// for a pattern of gitignore's. GitLab's sections name modules; elsewhere the pattern itself does.
ModuleSuggestion modules_of_codeowners(const std::string& file, std::string_view text, bool are_expressions);
// Sections with lines "F: path" and a title before them (Linux, MAINTAINERS, "Descriptions of section entries").
ModuleSuggestion modules_of_maintainers(const std::string& file, std::string_view text);

}  // namespace resident::init
