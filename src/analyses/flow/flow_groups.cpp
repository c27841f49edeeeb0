#include <algorithm>
#include <analyses/flow/flow_groups.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kMostGroups = 12;  // the largest

constexpr const char* kGroups =
    "Groups (--by): author: newcomer (their first item), core (who may merge), regular (all others); size: lines added "
    "and deleted; module: of most changed files; label: today's, an item stands under each; season: quarter of the "
    "opening; phase: third of the release cycle in which it was opened, of cycles that have ended. The 12 largest are "
    "shown. Bots' items and spam are left out.";

}  // namespace

FlowGroups::FlowGroups(const Context& context, const std::vector<FlowItem>& items)
    : by_(context.choice("by", {"author", "size", "module", "label", "season", "phase"})) {
  if (by_ == "phase") releases_ = releases_of(context, &origin_);
  std::map<std::string, std::size_t> counts;
  for (const auto& item : items)
    for (const auto& group : of(item)) ++counts[group];
  std::vector<std::pair<std::size_t, std::string>> largest;
  for (const auto& [group, count] : counts) largest.emplace_back(count, group);
  std::sort(largest.rbegin(), largest.rend());
  largest.resize(std::min(largest.size(), kMostGroups));
  for (const auto& [count, group] : largest) names_.push_back(group);
  std::sort(names_.begin(), names_.end());
}

FlowDetail FlowGroups::detail(const Context& context) {
  const std::string by = context.argument("by");
  return by == "module" || by == "label" ? FlowDetail::everything : FlowDetail::times;
}

std::vector<std::string> FlowGroups::with_all() const {
  std::vector<std::string> list{"all"};
  list.insert(list.end(), names_.begin(), names_.end());
  return list;
}

bool FlowGroups::has(const FlowItem& item, const std::string& group) const {
  if (group == "all") return true;
  if (by_ == "author") return group == author_kind_name(item.author_kind);
  if (by_ == "module") return group == item.module;
  if (by_ == "label") return std::find(item.labels.begin(), item.labels.end(), group) != item.labels.end();
  const auto names = of(item);
  return std::find(names.begin(), names.end(), group) != names.end();
}

std::string FlowGroups::definition() const {
  std::string text = kGroups;
  if (by_ != "phase") return text;
  if (releases_.size() < 2) return text + " No two releases are known, so there are no phases.";
  return text + " Releases: " + origin_ + ".";
}

std::vector<std::string> FlowGroups::of(const FlowItem& item) const {
  if (by_ == "author") return {author_kind_name(item.author_kind)};
  if (by_ == "label") return item.labels;
  if (by_ == "module") return item.module.empty() ? std::vector<std::string>{} : std::vector<std::string>{item.module};
  if (by_ == "season") {
    constexpr const char* kQuarters[] = {"January to March", "April to June", "July to September",
                                         "October to December"};
    return {kQuarters[(date_of(item.created).month - 1) / 3]};
  }
  if (by_ == "phase") {
    constexpr const char* kThirds[] = {"1: after a release", "2: middle of the cycle", "3: before a release"};
    const int third = third_of_cycle(releases_, item.created);
    return third == 0 ? std::vector<std::string>{} : std::vector<std::string>{kThirds[third - 1]};
  }
  if (!item.size) return {};
  return {*item.size <= 10     ? "1: up to 10 lines"
          : *item.size <= 100  ? "2: 11 to 100"
          : *item.size <= 1000 ? "3: 101 to 1,000"
                               : "4: more"};
}

}  // namespace resident
