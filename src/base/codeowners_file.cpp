#include <algorithm>
#include <base/codeowners_file.hpp>
#include <base/codeowners_line.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kMostLines = 20'000, kLongestName = 200;
constexpr int kMostApprovals = 100;

struct Section {
  std::string name;
  std::vector<std::string> owners;
  bool is_optional = false;
  int approvals = 1;
};

// "^[Database][2] @ada @bea".
bool is_heading(std::string_view line, Section& section) {
  static const Pattern kHeading(R"(^(\^?)\[([^\]]+)\](?:\[(\d{1,3})\])?(?:\s+(.*))?$)");
  std::string optional, name, approvals, owners;
  if (!kHeading.found_in(line, &optional, &name, &approvals, &owners)) return false;
  section = Section{clean_text(trim(name), kLongestName), {}, !optional.empty(), 1};
  if (!approvals.empty()) section.approvals = std::clamp(std::stoi(approvals), 1, kMostApprovals);
  for (const std::string_view word : split(owners, ' ')) {
    if (word.starts_with('#')) break;
    if (!trim(word).empty()) section.owners.emplace_back(trim(word));
  }
  return true;
}

}  // namespace

const char* codeowners_form_name(CodeownersForm form) {
  static constexpr const char* kNames[] = {"github", "gitlab", "gitea"};
  return kNames[static_cast<std::size_t>(form)];
}

CodeownersForm codeowners_form(std::string_view name) {
  return name == "gitlab" ? CodeownersForm::gitlab : name == "gitea" ? CodeownersForm::gitea : CodeownersForm::github;
}

std::vector<CodeownersRule> read_codeowners(std::string_view text, CodeownersForm form) {
  std::vector<CodeownersRule> rules;
  // Headings of one name, whatever its case, are one section; it is optional where each of them is.
  std::map<std::string, Section> sections;
  Section now;
  std::int64_t number = 0;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as Windows' editors write
  for (const std::string_view line : split(text, '\n')) {
    if (++number > static_cast<std::int64_t>(kMostLines)) break;
    if (Section heading; form == CodeownersForm::gitlab && is_heading(trim(line), heading)) {
      const auto [known, is_new] = sections.try_emplace(to_lower(heading.name), heading);
      if (!is_new) {
        heading.name = known->second.name;
        known->second.is_optional = heading.is_optional = known->second.is_optional && heading.is_optional;
        known->second.approvals = heading.approvals = std::max(known->second.approvals, heading.approvals);
      }
      now = std::move(heading);
      continue;
    }
    auto read = codeowners_line(line);
    if (!read) continue;
    // A line of Gitea's without owners is an error there.
    if (form == CodeownersForm::gitea && read->owners.empty()) continue;
    CodeownersRule rule{number, std::move(read->pattern), std::move(read->owners), now.name, false, 1};
    if (rule.owners.empty()) rule.owners = now.owners;
    rules.push_back(std::move(rule));
  }
  for (CodeownersRule& rule : rules)
    if (const auto section = sections.find(to_lower(rule.section)); section != sections.end()) {
      rule.is_optional = section->second.is_optional;
      rule.approvals = section->second.approvals;
    }
  return rules;
}

bool has_codeowners_sections(std::string_view text) {
  Section section;
  const auto lines = split(text, '\n');
  return std::any_of(lines.begin(), lines.end(),
                     [&](std::string_view line) { return is_heading(trim(line), section); });
}

}  // namespace resident
