#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cstddef>
#include <model/codeowners.hpp>
#include <set>

namespace resident {

namespace {

// `*` and `?` stop at a slash, `**` does not.
bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.starts_with("**/")) {
    for (std::size_t i = 0; i <= text.size(); ++i)
      if ((i == 0 || text[i - 1] == '/') && glob(pattern.substr(3), text.substr(i))) return true;
    return false;
  }
  if (pattern.starts_with("**"))
    return pattern.size() == 2 || glob(pattern.substr(2), text) || (!text.empty() && glob(pattern, text.substr(1)));
  if (pattern.front() == '*')
    return glob(pattern.substr(1), text) || (!text.empty() && text.front() != '/' && glob(pattern, text.substr(1)));
  if (text.empty() || (pattern.front() != text.front() && (pattern.front() != '?' || text.front() == '/')))
    return false;
  return glob(pattern.substr(1), text.substr(1));
}

constexpr std::size_t kLongestPattern = 500;
constexpr std::ptrdiff_t kMostStars = 8;  // more would cost time without end

// GitLab: normalize_pattern() and fnmatch with FNM_DOTMATCH and FNM_PATHNAME (lib/gitlab/code_owners/).
bool gitlab_pattern_matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty() || pattern.size() > kLongestPattern ||
      std::count(pattern.begin(), pattern.end(), '*') > kMostStars)
    return false;
  if (pattern == "*") return true;
  std::string whole = pattern.starts_with('/') ? std::string(pattern.substr(1)) : "**/" + std::string(pattern);
  if (whole.empty() || whole.ends_with('/')) whole += "**/*";
  return glob(whole, path);
}

}  // namespace

bool owner_pattern_matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty() || pattern.size() > kLongestPattern ||
      std::count(pattern.begin(), pattern.end(), '*') > kMostStars)
    return false;
  const bool is_folder = pattern.ends_with('/');
  if (is_folder) pattern.remove_suffix(1);
  const bool is_anchored = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  // "docs/*" covers the files of docs, not those of its subfolders.
  const bool whole_only = pattern.ends_with("/*");
  // Else a match of the path itself, or of a folder that it is in.
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    const std::string_view part = path.substr(0, end);
    const bool is_whole = end == std::string_view::npos;
    if (is_whole ? !is_folder : !whole_only) {
      if (glob(pattern, part)) return true;
      if (!is_anchored && glob(pattern, part.substr(part.rfind('/') + 1))) return true;
    }
    if (is_whole) return false;
  }
}

struct Codeowners::Expressions {
  std::vector<std::optional<Pattern>> of;  // by rule; none where it is no regular expression
};

Codeowners::Codeowners(std::vector<CodeownersRule> rules, CodeownersForm form) : rules_(std::move(rules)), form_(form) {
  if (form_ != CodeownersForm::gitea) return;
  auto expressions = std::make_shared<Expressions>();
  for (const CodeownersRule& rule : rules_) {
    std::string_view pattern = rule.pattern;
    if (pattern.starts_with('!')) pattern.remove_prefix(1);
    const bool is_one = pattern.size() <= kLongestPattern && Pattern::fault_of(pattern).empty();
    expressions->of.push_back(is_one ? std::optional<Pattern>(Pattern(pattern)) : std::nullopt);
  }
  expressions_ = std::move(expressions);
}

Codeowners Codeowners::load(const Context& context) {
  std::vector<CodeownersRule> rules;
  CodeownersForm form = CodeownersForm::github;
  for (const auto rows = context.database.query(
           "SELECT o.line, o.pattern, o.owners, o.form, o.section, o.is_optional, o.approvals FROM codeowner o JOIN "
           "source s ON s.project_id = o.project_id AND s.source_id = o.source_id WHERE o.project_id = :project AND "
           "(s.kind <> 'git' OR NOT EXISTS (SELECT 1 FROM codeowner f JOIN source t ON t.project_id = f.project_id AND "
           "t.source_id = f.source_id WHERE f.project_id = :project AND t.kind <> 'git')) ORDER BY o.source_id, o.line",
           {{"project", context.project_id}});
       rows->next();) {
    CodeownersRule rule{rows->integer(0), rows->string(1),       {},
                        rows->string(4),  rows->integer(5) == 1, static_cast<int>(rows->integer(6))};
    for (const std::string_view owner : split(rows->text(2), ' '))
      if (!owner.empty()) rule.owners.emplace_back(owner);
    form = codeowners_form(rows->text(3));
    rules.push_back(std::move(rule));
  }
  return {std::move(rules), form};
}

bool Codeowners::matches(std::size_t rule, std::string_view path) const {
  std::string_view pattern = rules_[rule].pattern;
  if (form_ == CodeownersForm::github) return owner_pattern_matches(pattern, path);
  const bool is_turned = pattern.starts_with('!');
  if (form_ == CodeownersForm::gitlab) return gitlab_pattern_matches(is_turned ? pattern.substr(1) : pattern, path);
  const std::optional<Pattern>& expression = expressions_->of[rule];
  return expression && expression->matches(path) != is_turned;
}

std::vector<const CodeownersRule*> Codeowners::of(std::string_view path) const {
  std::vector<const CodeownersRule*> found;
  std::set<std::string> decided;  // sections
  for (std::size_t i = rules_.size(); form_ == CodeownersForm::gitlab && i-- > 0;)
    if (rules_[i].pattern.starts_with('!') && matches(i, path)) decided.insert(to_lower(rules_[i].section));
  for (std::size_t i = rules_.size(); i-- > 0;) {
    const CodeownersRule& rule = rules_[i];
    if (form_ == CodeownersForm::gitlab && rule.pattern.starts_with('!')) continue;
    if (form_ != CodeownersForm::gitea && decided.contains(to_lower(rule.section))) continue;
    if (!matches(i, path)) continue;
    found.push_back(&rule);
    decided.insert(to_lower(rule.section));
  }
  return found;
}

bool is_for_everything(const CodeownersRule& rule) {
  static const std::set<std::string_view> kAll{"*", "**", "/", "/**", "**/*", "/**/*", ".*"};
  return kAll.contains(rule.pattern);
}

}  // namespace resident
