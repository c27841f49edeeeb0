#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/review/code_owners.hpp>
#include <base/text.hpp>
#include <map>
#include <model/codeowners.hpp>
#include <set>

namespace resident {

namespace {

// Whose last decision is an approval.
std::set<std::int64_t> approvers_of(const OpenItem& item) {
  std::set<std::int64_t> approvers;
  for (const Entry& entry : item.entries) {
    if (entry.kind == EntryKind::review && entry.state == "approved") approvers.insert(entry.person);
    if (entry.kind == EntryKind::review && entry.state == "changes_requested") approvers.erase(entry.person);
    if (entry.kind == EntryKind::dismissed) approvers.erase(entry.subject);
  }
  return approvers;
}

struct Group {
  const CodeownersRule* rule = nullptr;
  std::set<std::string> owners;
};

// By section; where there are none, by whom the lines name.
std::map<std::string, Group> groups_of(const Codeowners& file, const std::vector<std::string>& paths) {
  std::map<std::string, Group> groups;
  for (const std::string& path : paths)
    for (const CodeownersRule* rule : file.of(path)) {
      if (rule->owners.empty() || rule->is_optional) continue;
      const std::string key =
          rule->section.empty() ? fmt::format("\n{}", fmt::join(rule->owners, " ")) : to_lower(rule->section);
      Group& group = groups[key];
      group.rule = rule;
      group.owners.insert(rule->owners.begin(), rule->owners.end());
    }
  return groups;
}

}  // namespace

std::optional<ReadinessCheck> code_owners_check(const Context& context, const People& people, const OpenItem& item,
                                                const std::vector<std::string>& paths) {
  if (paths.empty()) return std::nullopt;
  const auto file = Codeowners::load(context);
  const auto groups = groups_of(file, paths);
  if (groups.empty()) return std::nullopt;
  const std::set<std::int64_t> approvers = approvers_of(item);
  ReadinessCheck check{"Code owners", CheckState::ok, "", "CODEOWNERS, for the files it changes"};
  for (const auto& [key, group] : groups) {
    int count = 0;
    bool has_unknown = false, is_authors = false;
    for (const std::string& owner : group.owners) {
      const auto known = people.by_login.find(to_lower(owner.substr(owner.starts_with('@') ? 1 : 0)));
      has_unknown = has_unknown || known == people.by_login.end();
      if (known == people.by_login.end()) continue;
      count += approvers.contains(known->second);
      is_authors = is_authors || known->second == item.author;
    }
    // Whoever is its only owner needs nobody's word.
    if (count >= group.rule->approvals || (is_authors && group.owners.size() == 1)) continue;
    const std::string whose = group.rule->section.empty() ? "" : group.rule->section + ": ";
    if (!check.answer.empty()) check.answer += "; ";
    check.answer += fmt::format("{}{} of {}{}", whose, plural(group.rule->approvals, "approval"),
                                fmt::join(group.owners, ", "), count > 0 ? fmt::format(" ({} so far)", count) : "");
    check.state = has_unknown && check.state != CheckState::todo ? CheckState::unknown : CheckState::todo;
  }
  check.answer = check.state == CheckState::ok ? "have approved" : "wants " + check.answer;
  if (check.state == CheckState::unknown)
    check.answer += "; who is in a team, or has done nothing here yet, is not known";
  return check;
}

}  // namespace resident
