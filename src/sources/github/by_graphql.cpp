// Reading GitHub over GraphQL: the order in which it is asked, what a sync begins with, and the small things.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/by_graphql.hpp>
#include <sources/github/graphql_objects.hpp>
#include <sources/github/queries.hpp>
#include <store/read/stored_project.hpp>

namespace resident::github {

std::string ByGraphql::run() {
  if (!reader_.options().items.empty()) {
    fetch(std::set<std::int64_t>(reader_.options().items.begin(), reader_.options().items.end()));
    checks_of_some();
    reader_.after_items(reader_.options().items, missing_items_);
    return reader_.items_sentence(missing_items_);
  }
  const bool is_first =
      writer_.stream_state("issues-closed") != "current" || writer_.stream_state("pulls-closed") != "current";
  head(is_first ? 1 : kHeadPage);
  if (!writer_.stream_cursor("changes")) {
    // By the forge's own clock: what changes from here on is asked for once all is filled.
    Timestamp newest = 0;
    for (const auto& list : newest_)
      for (const auto& change : list) newest = std::max(newest, change.updated_at);
    writer_.set_stream("changes", format_time(newest), "filling");
    reader_.checkpoint();
  }
  if (is_first) {
    if (reader_.options().messages) estimate();
    reader_.begin_progress(total());
    fill("pulls-open", "pulls", {"OPEN"}, "UPDATED_AT");
    fill("issues-open", "issues", {"OPEN"}, "UPDATED_AT");
    fill("pulls-closed", "pulls", {"CLOSED", "MERGED"}, "CREATED_AT");
    fill("issues-closed", "issues", {"CLOSED"}, "CREATED_AT");
    head(kHeadPage);
  }
  changes();
  auto unknown = reader_.inline_comments();
  if (!unknown.empty() && !reader_.options().since) {
    fetch(unknown);
    reader_.inline_comments();
  }
  if (discussions_ > 0) discussions();
  if (open_pulls_ > 0) open_checks();
  reader_.workflow_runs();
  if (const std::string waiting = reader_.artifacts(); !waiting.empty()) add_coverage(waiting);
  if (!reader_.options().since) audit();
  reader_.checkpoint();
  if (const std::string failing = reader_.set_aside().sentence(); !failing.empty()) add_coverage(failing);
  return coverage_;
}

void ByGraphql::head(int size) {
  for (PageSize page(size);;) {
    try {
      return read_head(page.size());
    } catch (const http::ServerTrouble&) {
      if (!page.halve()) throw;
    }
  }
}

void ByGraphql::read_head(int size) {
  const GraphqlAnswer answer = graphql_.ask(query("head"), variables({{"size", size}}));
  const json::Object repository = answer.repository();
  shown_ = static_cast<std::size_t>(size);
  follow(repository.text("nameWithOwner"), repository.text("url"));
  const auto count = [&](const char* key) {
    const auto connection = repository.object(key);
    return connection ? connection->integer("totalCount").value_or(0) : 0;
  };
  open_issues_ = count("openIssues"), closed_issues_ = count("closedIssues"), open_pulls_ = count("openPulls");
  closed_pulls_ = count("closedPulls") + count("mergedPulls"), discussions_ = count("discussions");
  counts_are_known_ = !answer.is_partial();
  discussed_at_ = 0;
  nodes_of(repository.object("discussions"),
           [&](const json::Object& node, const json::Element&) { discussed_at_ = node.time("updatedAt").value_or(0); });
  newest_[0] = changes_of(repository.object("newestIssues"));
  newest_[1] = changes_of(repository.object("newestPulls"));
  small_things(repository);
}

void ByGraphql::follow(const std::string& name, const std::string& url) {
  if (name.empty()) return;
  if (!url.empty()) writer_.project(url, false);
  reader_.checkpoint();
  if (to_lower(name) == to_lower(reader_.location().path)) return;
  move_source(writer_, reader_.place_of(name));
}

void ByGraphql::small_things(const json::Object& repository) {
  labels(repository.object("labels"));
  milestones(repository.object("milestones"));
  releases(repository.object("releases"));
  for (const char* key : {"labels", "milestones", "releases"}) {
    auto connection = repository.object(key);
    std::string after = connection ? next_of(*connection) : std::string();
    while (!after.empty()) {
      const std::string_view name = key;
      const GraphqlAnswer more = graphql_.ask(query("small_things"), variables({{"labels", name == "labels"},
                                                                                {"milestones", name == "milestones"},
                                                                                {"releases", name == "releases"},
                                                                                {"after", after}}));
      const auto page = more.repository().object(key);
      if (!page) break;
      if (name == "labels") labels(page);
      if (name == "milestones") milestones(page);
      if (name == "releases") releases(page);
      after = next_of(*page);
    }
  }
  for (const char* key : {"ownersHidden", "ownersRoot", "ownersDocs"}) {
    const auto blob = repository.object(key);
    if (!blob || !blob->has("text")) continue;
    reader_.owners(blob->text("text"));
    break;
  }
}

void ByGraphql::once(const std::string& name, const json::Element& element, const std::function<void()>& write) {
  const std::string print = fingerprint(simdjson::minify(element));
  if (writer_.seen(name, print)) return;
  write();
  writer_.mark(name, print);
}

void ByGraphql::labels(const std::optional<json::Object>& connection) {
  nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
    once("label/" + node.text("name"), element, [&] {
      writer_.label({node.required_text("name"), node.text("color"), node.text("description")});
    });
  });
}

void ByGraphql::milestones(const std::optional<json::Object>& connection) {
  nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
    once("milestone/" + node.text("title"), element, [&] {
      writer_.milestone({node.required_text("title"), to_lower(node.text("state")), node.time("dueOn")});
    });
  });
}

void ByGraphql::releases(const std::optional<json::Object>& connection) {
  nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
    once("release/" + node.text("tagName"), element, [&] { writer_.release(graphql_release(node)); });
  });
}

void ByGraphql::estimate() const {
  const std::int64_t pages =
      (open_issues_ + 99) / 100 + (closed_issues_ + 99) / 100 + (open_pulls_ + 99) / 100 + (closed_pulls_ + 99) / 100;
  *reader_.options().messages << fmt::format(
      "{}: {} and {}: about {} requests of GraphQL (of 5,000 points an hour), and one of REST for each hundred "
      "inline comments\n",
      reader_.location().path, plural(open_issues_ + closed_issues_, "issue"),
      plural(open_pulls_ + closed_pulls_, "pull request"), with_thousands(pages + pages / 5 + 3));
}

std::string read_by_graphql(Reader& reader) {
  return ByGraphql(reader).run();
}

}  // namespace resident::github
