// What CODEOWNERS says of a path. Of a project's files that of its forge counts, else that of its clone.
//
// GitHub: patterns are gitignore's, without negation; the last line that matches a path names its owners (GitHub Docs,
// "About code owners"). GitLab: so it is in each section, and all sections count; a pattern without a slash in front is
// found at any depth, one without a slash at the end is a file. Gitea, Forgejo: all lines that match, by regular
// expressions (base/codeowners_file.hpp).
#pragma once

#include <base/codeowners_file.hpp>
#include <framework/analysis.hpp>
#include <memory>
#include <string_view>

namespace resident {

// By GitHub's rules. Bounded: patterns of over 500 characters or with over 8 stars match nothing.
bool owner_pattern_matches(std::string_view pattern, std::string_view path);

class Codeowners {
 public:
  Codeowners() = default;
  Codeowners(std::vector<CodeownersRule> rules, CodeownersForm form);
  static Codeowners load(const Context& context);

  bool empty() const { return rules_.empty(); }
  const std::vector<CodeownersRule>& rules() const { return rules_; }
  // The rules that name a path's owners, of each section the one that counts; one without owners says that nobody does.
  std::vector<const CodeownersRule*> of(std::string_view path) const;

 private:
  struct Expressions;
  bool matches(std::size_t rule, std::string_view path) const;

  std::vector<CodeownersRule> rules_;  // in the file's order
  CodeownersForm form_ = CodeownersForm::github;
  std::shared_ptr<const Expressions> expressions_;  // of Gitea's rules
};

// Whether the line is for everything: it names those who look at whatever nobody else does.
bool is_for_everything(const CodeownersRule& rule);

}  // namespace resident
