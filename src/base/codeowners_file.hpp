// A CODEOWNERS file by the rules of the forge that reads it.
//
// GitHub: a line is a pattern and its owners (codeowners_line.hpp). GitLab: lines stand in sections, "[Name]", optional
// ones "^[Name]", with so many approvals, "[Name][2]", and owners that hold where a line names none; "!pattern" takes
// paths out of its section (docs.gitlab.com, "Code Owners", 17.10). Gitea, Forgejo: the pattern is a regular expression
// for the whole path, "!" in front turns it round (docs.gitea.com, "Code owners", 1.21).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class CodeownersForm { github, gitlab, gitea };
const char* codeowners_form_name(CodeownersForm form);
CodeownersForm codeowners_form(std::string_view name);

struct CodeownersRule {
  std::int64_t line = 0;
  std::string pattern;  // with its "!", where it has one
  std::vector<std::string> owners;
  std::string section;  // as its first heading writes it; "": before the first
  bool is_optional = false;
  int approvals = 1;
};

std::vector<CodeownersRule> read_codeowners(std::string_view text, CodeownersForm form);

// Whether it has headings of sections, as only GitLab's have.
bool has_codeowners_sections(std::string_view text);

}  // namespace resident
