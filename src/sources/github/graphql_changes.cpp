// Reading GitHub over GraphQL: what changed since the last time, and whether all is there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/by_graphql.hpp>
#include <sources/github/graphql_objects.hpp>
#include <sources/github/queries.hpp>
#include <store/read/stored_items.hpp>

namespace resident::github {

std::vector<Change> ByGraphql::changes_of(const std::optional<json::Object>& connection) {
  std::vector<Change> list;
  nodes_of(connection, [&](const json::Object& node, const json::Element&) {
    list.push_back({node.integer("number").value_or(0), node.time("updatedAt").value_or(0),
                    node.text("state") == "OPEN" ? "open" : "closed"});
  });
  return list;
}

std::map<std::int64_t, Timestamp> ByGraphql::known_changes(bool is_pull) {
  reader_.checkpoint();
  return item_updates(writer_, is_pull);
}

void ByGraphql::changes() {
  const Timestamp since = parse_time(writer_.stream_cursor("changes").value_or("")).value_or(0);
  Timestamp newest = since;
  std::set<std::int64_t> changed;
  for (const bool is_pull : {false, true}) {
    const auto known = known_changes(is_pull);
    std::vector<Change> list = newest_[is_pull];
    const bool goes_on = !list.empty() && list.back().updated_at >= since - kOverlap && list.size() >= shown_;
    if (goes_on) list = all_changes(is_pull, "UPDATED_AT", since - kOverlap);
    for (const auto& change : list) {
      if (change.updated_at < since - kOverlap) continue;
      newest = std::max(newest, change.updated_at);
      const auto found = known.find(change.number);
      if (found == known.end() || found->second != change.updated_at) changed.insert(change.number);
    }
  }
  const auto& waiting = reader_.set_aside().waiting();
  changed.insert(waiting.begin(), waiting.end());
  fetch(changed);
  reader_.set_aside().tried();
  writer_.set_stream("changes", format_time(newest), "current");
  reader_.checkpoint();
}

std::vector<Change> ByGraphql::all_changes(bool is_pull, const char* order, Timestamp down_to) {
  std::vector<Change> list;
  std::string after;
  PageSize size(kLargestPage);
  while (true) {
    Json asked = variables({{"size", size.size()}, {"order", {{"field", order}, {"direction", "DESC"}}}});
    asked["after"] = after.empty() ? Json() : Json(after);
    try {
      const GraphqlAnswer answer = graphql_.ask(query(is_pull ? "pull_changes" : "issue_changes"), asked);
      const auto items = answer.repository().object("items");
      if (answer.is_partial() || !items) {
        if (size.halve()) continue;
        throw http::ServerTrouble("a list without items: " + answer.error, 0);
      }
      const auto page = changes_of(items);
      list.insert(list.end(), page.begin(), page.end());
      const std::string next = next_of(*items);
      size.good();
      if (next.empty() || next == after || (!page.empty() && page.back().updated_at < down_to)) return list;
      after = next;
    } catch (const http::ServerTrouble&) {
      if (!size.halve()) throw;
    }
  }
}

void ByGraphql::audit() {
  if (!counts_are_known_) return;
  for (const bool is_pull : {false, true}) {
    const auto here = reader_.stored(is_pull);
    const std::int64_t open_here =
        std::count_if(here.begin(), here.end(), [](const auto& each) { return each.second == "open"; });
    const std::int64_t there = is_pull ? open_pulls_ + closed_pulls_ : open_issues_ + closed_issues_;
    const std::int64_t open_there = is_pull ? open_pulls_ : open_issues_;
    writer_.stream_audit(is_pull ? "pulls-closed" : "issues-closed", there, static_cast<std::int64_t>(here.size()),
                         reader_.now());
    reader_.checkpoint();
    if (there == static_cast<std::int64_t>(here.size()) && open_there == open_here) continue;
    repair(is_pull, here);
  }
  if (!missing_items_.empty()) {
    for (const auto number : missing_items_)
      writer_.quarantine(fmt::format("item/{}", number), "the forge lists it but does not give it");
    add_coverage(fmt::format("{} could not be read", plural(static_cast<long long>(missing_items_.size()), "item")));
  }
}

void ByGraphql::repair(bool is_pull, const std::map<std::int64_t, std::string>& here) {
  std::set<std::int64_t> wanted, listed;
  for (const auto& change : all_changes(is_pull, "CREATED_AT", 0)) {
    listed.insert(change.number);
    const auto found = here.find(change.number);
    if (found == here.end() || found->second != change.state) wanted.insert(change.number);
  }
  fetch(wanted);
  for (const auto& [number, state] : here)
    if (!listed.contains(number)) reader_.check_gone(number * 2 + (is_pull ? 1 : 0));
  reader_.checkpoint();
}

}  // namespace resident::github
