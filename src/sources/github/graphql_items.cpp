// Reading GitHub over GraphQL: whole items, page by page or by number, and the timelines that go on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/by_graphql.hpp>
#include <sources/github/graphql_objects.hpp>
#include <sources/github/queries.hpp>

namespace resident::github {

void ByGraphql::take(const json::Element& element) {
  std::string name = "item/?";
  try {
    const json::Object node(element, "item");
    const std::int64_t number = node.integer("number").value_or(0);
    const bool is_pull = node.text("__typename") == "PullRequest";
    name = Reader::item_record(is_pull, number);
    if (is_pull && node.text("pullState") == "OPEN" && !reader_.options().items.empty()) some_open_.push_back(number);
    Long one;
    one.item = graphql_item(
        node, [&](const std::string& place, const std::string& reason) { one.problems.emplace_back(place, reason); });
    one.print = fingerprint(simdjson::minify(element));
    one.id = node.text("id");
    const auto timeline = node.object("timelineItems");
    if (timeline) one.after = next_of(*timeline);
    if (one.after.empty()) {
      reader_.item(std::move(one.item), one.print, one.problems);
    } else if (reader_.is_known(name, long_print(one.print))) {
      reader_.set_aside().read(number);
    } else {
      long_.push_back(std::move(one));
    }
    reader_.advance();
  } catch (const Error& error) {
    writer_.quarantine(name, error.what());
  }
}

GraphqlAnswer ByGraphql::whole_answer(const std::string& text, const Json& asked) {
  for (int attempt = 1;; ++attempt) {
    GraphqlAnswer answer = graphql_.ask(text, asked);
    if (!answer.is_partial() || answer.error_type == "NOT_FOUND" || attempt == kPartialAttempts) return answer;
  }
}

void ByGraphql::finish_long() {
  std::size_t batch = kEntryBatch;
  for (int round = 0; round < kMostRounds && !long_.empty(); ++round) {
    const std::size_t count = std::min(batch, long_.size());
    std::vector<bool> is_pull;
    Json asked;
    for (std::size_t i = 0; i < count; ++i) {
      is_pull.push_back(long_[i].item.is_pull);
      asked[fmt::format("id{}", i)] = long_[i].id;
      asked[fmt::format("after{}", i)] = long_[i].after;
    }
    try {
      const GraphqlAnswer answer = whole_answer(more_entries_query(is_pull), asked);
      const json::Object data(answer.data, "data");
      bool is_missing = false;
      std::vector<Long> rest;
      for (std::size_t i = 0; i < count; ++i) {
        const auto node = data.object(fmt::format("i{}", i));
        const auto timeline = node ? node->object("timelineItems") : std::nullopt;
        if (!timeline) {
          is_missing = true;
          rest.push_back(std::move(long_[i]));
          continue;
        }
        continue_with(long_[i], *timeline);
        if (long_[i].after.empty()) {
          reader_.item(std::move(long_[i].item), long_print(long_[i].print), long_[i].problems);
        } else {
          rest.push_back(std::move(long_[i]));
        }
      }
      for (std::size_t i = count; i < long_.size(); ++i) rest.push_back(std::move(long_[i]));
      long_ = std::move(rest);
      if (is_missing && ++missing_ > 20)
        throw http::ServerTrouble("the forge keeps leaving out the rest of a timeline: " + answer.error, 0);
    } catch (const http::ServerTrouble&) {
      if (batch > 1) {
        batch = std::max<std::size_t>(1, batch / 2);
        continue;
      }
      const std::int64_t number = long_.front().item.number;
      go_around(number);
      long_.erase(long_.begin());
      batch = kEntryBatch;
      missing_ = 0;
    }
  }
}

void ByGraphql::go_around(std::int64_t number) {
  if (reader_.set_aside().has(number)) return;
  // One that is down answers nothing: then it is no fault of the item's.
  graphql_.ask(
      query("issue_changes"),
      variables({{"size", 1}, {"after", Json()}, {"order", {{"field", "UPDATED_AT"}, {"direction", "DESC"}}}}));
  if (!read_one_by_rest(reader_, number)) missing_items_.insert(number);
  reader_.checkpoint();
}

std::string ByGraphql::pass(const std::string& query_name, Json asked) {
  asked["size"] = 1;
  const GraphqlAnswer answer = graphql_.ask(query(query_name == "pulls" ? "pull_changes" : "issue_changes"), asked);
  const auto items = answer.repository().object("items");
  if (answer.is_partial() || !items) throw http::ServerTrouble("a list without items: " + answer.error, 0);
  for (const auto& change : changes_of(items)) go_around(change.number);
  return next_of(*items);
}

void ByGraphql::continue_with(Long& one, const json::Object& timeline) {
  add_graphql_entries(timeline, one.item, [&](const std::string& place, const std::string& reason) {
    one.problems.emplace_back(place, reason);
  });
  one.after = next_of(timeline);
}

void ByGraphql::fill(const std::string& stream, const std::string& query_name, const std::vector<std::string>& states,
                     const char* order) {
  if (writer_.stream_state(stream) == "current") return;
  // The cursor is the forge's, then the numbers of items whose timelines were still to be continued.
  std::string after = writer_.stream_cursor(stream).value_or("");
  if (const std::size_t bar = after.find('|'); bar != std::string::npos) {
    std::set<std::int64_t> numbers;
    for (const auto part : split(std::string_view(after).substr(bar + 1), ','))
      if (!part.empty()) numbers.insert(std::strtoll(std::string(part).c_str(), nullptr, 10));
    after.resize(bar);
    if (!numbers.empty()) fetch(numbers);
  }
  PageSize size(kLargestPage);
  int partial = 0;
  bool reached_since = false;
  while (true) {
    Json asked =
        variables({{"size", size.size()},
                   {"states", states},
                   {"order", {{"field", reader_.options().since ? "UPDATED_AT" : order}, {"direction", "DESC"}}}});
    asked["after"] = after.empty() ? Json() : Json(after);
    std::string next;
    try {
      const GraphqlAnswer answer = graphql_.ask(query(query_name), asked);
      const auto items = answer.repository().object("items");
      const auto nodes = items ? items->array("nodes") : std::nullopt;
      bool is_missing = !nodes;
      if (nodes)
        for (const json::Element element : *nodes) is_missing = is_missing || element.is_null();
      if (answer.is_partial() && ++partial < kPartialAttempts) continue;  // once more: most such errors pass
      if (answer.is_partial() && is_missing && size.halve()) {
        partial = 0;
        continue;
      }
      if (!nodes) throw http::ServerTrouble("a page without items: " + answer.error, 0);
      if (answer.is_partial()) writer_.quarantine(fmt::format("{} after {}", stream, after), answer.error);
      partial = 0;
      for (const json::Element element : *nodes) {
        if (element.is_null()) continue;
        if (is_before_since(element)) {
          reached_since = true;
        } else {
          take(element);
        }
      }
      next = next_of(*items);
      size.good();
    } catch (const http::ServerTrouble&) {
      if (size.halve()) continue;
      next = pass(query_name, asked);
      partial = 0;
    }
    if (next.empty() || reached_since) break;
    if (next == after) throw http::ServerTrouble("the forge's pages go in a circle", 0);
    after = next;
    if (long_.size() >= kEntryBatch) finish_long();
    std::vector<std::int64_t> waiting;
    for (const auto& one : long_) waiting.push_back(one.item.number);
    writer_.set_stream(stream, waiting.empty() ? after : fmt::format("{}|{}", after, fmt::join(waiting, ",")),
                       "filling");
    reader_.checkpoint();
  }
  finish_long();
  // With --since, a later sync without it fills in the rest.
  writer_.set_stream(stream, "", reader_.options().since ? "new" : "current");
  reader_.checkpoint();
}

bool ByGraphql::is_before_since(const json::Element& element) const {
  if (!reader_.options().since) return false;
  const auto updated = json::Object(element, "item").time("updatedAt");
  return updated && *updated < *reader_.options().since;
}

void ByGraphql::fetch(const std::set<std::int64_t>& numbers) {
  std::vector<std::int64_t> rest;
  for (const auto number : numbers)
    if (!reader_.set_aside().has(number)) rest.push_back(number);
  std::size_t batch = kItemBatch;
  int partial = 0;
  while (!rest.empty()) {
    const std::size_t count = std::min(batch, rest.size());
    Json asked = base_;
    for (std::size_t i = 0; i < count; ++i) asked[fmt::format("n{}", i)] = rest[i];
    try {
      const GraphqlAnswer answer = whole_answer(items_query(count), asked);
      const json::Object repository = answer.repository();
      // A number that is gone comes as null with an error, as does one that could not be read: once more, then it is
      // left.
      std::vector<std::int64_t> missing;
      for (std::size_t i = 0; i < count; ++i) {
        const auto item = repository.element(fmt::format("i{}", i));
        if (item) {
          take(*item);
        } else {
          missing.push_back(rest[i]);
        }
      }
      rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
      if (!missing.empty() && ++partial <= 3) rest.insert(rest.begin(), missing.begin(), missing.end());
      if (missing.empty()) partial = 0;
      if (partial > 3) {
        for (const auto number : missing) missing_items_.insert(number);
        partial = 0;
      }
    } catch (const http::ServerTrouble&) {
      if (batch > 1) {
        batch = std::max<std::size_t>(1, batch / 2);
        continue;
      }
      go_around(rest.front());
      rest.erase(rest.begin());
      batch = kItemBatch;
    }
    if (long_.size() >= kEntryBatch) finish_long();
  }
  finish_long();
}

}  // namespace resident::github
