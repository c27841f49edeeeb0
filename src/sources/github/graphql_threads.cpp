// Reading GitHub over GraphQL: discussions, and the checks of open pull requests.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/by_graphql.hpp>
#include <sources/github/graphql_objects.hpp>
#include <sources/github/queries.hpp>

namespace resident::github {

void ByGraphql::discussions() {
  const Timestamp since = parse_time(writer_.stream_cursor("discussions").value_or("")).value_or(0);
  if (discussed_at_ != 0 && discussed_at_ <= since) return;  // nothing new
  Timestamp newest = since;
  std::string after;
  PageSize size(kDiscussionPage);
  while (true) {
    Json asked = variables({{"size", size.size()}});
    asked["after"] = after.empty() ? Json() : Json(after);
    try {
      const GraphqlAnswer answer = whole_answer(query("discussions"), asked);
      const auto items = answer.repository().object("items");
      if (!items) break;
      bool reached = false;
      nodes_of(items, [&](const json::Object& node, const json::Element& element) {
        const Timestamp updated = node.time("updatedAt").value_or(0);
        newest = std::max(newest, updated);
        reached = reached || updated < since - kOverlap;
        try {
          once(fmt::format("discussion/{}", node.integer("number").value_or(0)), element,
               [&] { write_discussion(node); });
        } catch (const Error& error) {
          if (error.kind() != ErrorKind::failed) throw;
          writer_.quarantine(fmt::format("discussion/{}", node.integer("number").value_or(0)), error.what());
        }
      });
      const std::string next = next_of(*items);
      size.good();
      if (next.empty() || next == after || reached) break;
      after = next;
    } catch (const http::ServerTrouble& trouble) {
      if (size.halve()) continue;
      // What comes after them is not held up; the next sync begins with them again.
      add_coverage("discussions could not be read to the end");
      writer_.quarantine("discussions", trouble.what());
      return reader_.checkpoint();
    }
  }
  writer_.readmit("discussions");
  writer_.set_stream("discussions", format_time(newest), "current");
  reader_.checkpoint();
}

void ByGraphql::write_discussion(const json::Object& node) {
  ThreadRecord thread = graphql_discussion(node);
  const auto first = node.object("comments");
  std::string after = first ? next_of(*first) : std::string();
  for (int round = 0; round < kMostRounds && !after.empty(); ++round) {
    const GraphqlAnswer more = whole_answer(query("more_remarks"), {{"id", node.text("id")}, {"after", after}});
    const auto discussion = json::Object(more.data, "data").object("node");
    const auto comments = discussion ? discussion->object("comments") : std::nullopt;
    if (!comments) break;
    add_graphql_remarks(*comments, thread);
    after = next_of(*comments);
  }
  writer_.thread(thread);
}

void ByGraphql::open_checks() {
  std::string after;
  PageSize size(kCheckPage);
  while (true) {
    Json asked = variables({{"size", size.size()}});
    asked["after"] = after.empty() ? Json() : Json(after);
    try {
      const GraphqlAnswer answer = whole_answer(query("open_checks"), asked);
      const auto items = answer.repository().object("items");
      if (!items) break;
      nodes_of(items, [&](const json::Object& node, const json::Element&) { checks_of(node); });
      const std::string next = next_of(*items);
      size.good();
      if (next.empty() || next == after) break;
      after = next;
    } catch (const http::ServerTrouble&) {
      // Checks are worth less than the rest: without them the sync goes on, and says so.
      if (size.halve()) continue;
      add_coverage("the checks of open pull requests could not be read");
      break;
    }
  }
  reader_.checkpoint();
}

void ByGraphql::checks_of_some() {
  for (std::size_t begin = 0; begin < some_open_.size(); begin += kItemBatch) {
    const std::size_t count = std::min(kItemBatch, some_open_.size() - begin);
    Json asked = base_;
    for (std::size_t i = 0; i < count; ++i) asked[fmt::format("n{}", i)] = some_open_[begin + i];
    try {
      const GraphqlAnswer answer = whole_answer(checks_query(count), asked);
      for (std::size_t i = 0; i < count; ++i)
        if (const auto pull = answer.repository().object(fmt::format("i{}", i))) checks_of(*pull);
    } catch (const http::ServerTrouble&) {
      return;  // checks are worth less than the rest; the next sync reads them
    }
  }
}

void ByGraphql::checks_of(const json::Object& pull) {
  const std::int64_t item_id = pull.integer("number").value_or(0) * 2 + 1;
  nodes_of(pull.object("commits"), [&](const json::Object& node, const json::Element&) {
    const auto commit = node.object("commit");
    const auto rollup = commit ? commit->object("statusCheckRollup") : std::nullopt;
    if (!rollup) return;
    for (const auto& run : graphql_checks(*rollup, commit->text("oid"), item_id)) {
      const std::string print = fmt::format("{}/{}/{}", run.status, run.conclusion, run.finished_at.value_or(0));
      if (writer_.seen(run.key, print)) continue;
      writer_.ci_run(run);
      writer_.mark(run.key, print);
    }
  });
}

}  // namespace resident::github
