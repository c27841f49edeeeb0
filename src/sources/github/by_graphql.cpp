// Reading GitHub over GraphQL: whole items with the first hundred entries of their
// timelines, a hundred a request. Open ones first, so that the queues are of use in the
// first minute; then the closed ones, newest first. What changes meanwhile is caught at the
// end, since changes are counted from the moment the first request went out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <nlohmann/json.hpp>
#include <sources/github/graphql_client.hpp>
#include <sources/github/graphql_objects.hpp>
#include <sources/github/queries.hpp>
#include <sources/github/reader.hpp>

namespace resident::github {

namespace {

using Json = nlohmann::json;

constexpr int kLargestPage = 100, kCheckPage = 50, kDiscussionPage = 10;
constexpr int kHeadPage = 50;            // changes that the first request of a sync shows
constexpr std::size_t kItemBatch = 25;   // whole items asked for by number in one request
constexpr std::size_t kEntryBatch = 20;  // timelines continued in one request
constexpr int kPartialAttempts = 4;      // of a query that is answered by half
constexpr int kGrowAfter = 3;            // good pages until a page grows again
constexpr int kMostRounds = 1000;        // of continuing timelines: 100,000 entries

struct Long {
  ItemRecord item;
  std::string id, after, print;
  std::vector<std::pair<std::string, std::string>> problems;
};

struct Change {
  std::int64_t number = 0;
  Timestamp updated_at = 0;
  std::string state;  // open, closed
};

// A page that halves when the forge cannot make it, and grows again.
class PageSize {
 public:
  explicit PageSize(int size) : size_(size), largest_(size) {}
  int size() const { return size_; }
  // False: it cannot be smaller.
  bool halve() {
    good_ = 0;
    if (size_ == 1) return false;
    size_ = std::max(1, size_ / 2);
    return true;
  }
  void good() {
    if (++good_ < kGrowAfter) return;
    good_ = 0;
    size_ = std::min(largest_, size_ * 2);
  }

 private:
  int size_, largest_, good_ = 0;
};

class ByGraphql {
 public:
  explicit ByGraphql(Reader& reader)
      : reader_(reader), writer_(reader.writer()), graphql_(reader.client(), reader.location().graphql_url) {
    const std::size_t slash = reader.location().path.find('/');
    base_ = {{"owner", reader.location().path.substr(0, slash)}, {"name", reader.location().path.substr(slash + 1)}};
  }

  std::string run() {
    if (!reader_.options().items.empty()) {
      fetch(std::set<std::int64_t>(reader_.options().items.begin(), reader_.options().items.end()));
      checks_of_some();
      reader_.after_items(reader_.options().items, missing_items_);
      return {};
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
    if (!reader_.options().since) audit();
    reader_.checkpoint();
    return coverage_;
  }

 private:
  Json variables(Json more) const {
    Json all = base_;
    all.update(more);
    return all;
  }
  std::int64_t total() const { return open_issues_ + closed_issues_ + open_pulls_ + closed_pulls_; }

  // --- what a sync begins with

  void head(int size) {
    for (PageSize page(size);;) {
      try {
        return read_head(page.size());
      } catch (const http::ServerTrouble&) {
        if (!page.halve()) throw;
      }
    }
  }

  void read_head(int size) {
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
    nodes_of(repository.object("discussions"), [&](const json::Object& node, const json::Element&) {
      discussed_at_ = node.time("updatedAt").value_or(0);
    });
    newest_[0] = changes_of(repository.object("newestIssues"));
    newest_[1] = changes_of(repository.object("newestPulls"));
    small_things(repository);
  }

  // A renamed repository goes on under its new name.
  void follow(const std::string& name, const std::string& url) {
    if (name.empty()) return;
    if (!url.empty()) writer_.project(url, false);
    reader_.checkpoint();
    if (to_lower(name) == to_lower(reader_.location().path)) return;
    writer_.flush();
    writer_.database().execute(
        "UPDATE source SET location = :location WHERE project_id = :project AND source_id = :source",
        {{"location", reader_.location().host == "github.com"
                          ? name
                          : reader_.location().web_url.substr(
                                0, reader_.location().web_url.size() - reader_.location().path.size()) +
                                name},
         {"project", writer_.project_id()},
         {"source", writer_.source_id()}});
  }

  void small_things(const json::Object& repository) {
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

  template <class Read>
  static void nodes_of(const std::optional<json::Object>& connection, const Read& read) {
    const auto nodes = connection ? connection->array("nodes") : std::nullopt;
    if (!nodes) return;
    for (const json::Element element : *nodes)
      if (!element.is_null()) read(json::Object(element, "node"), element);
  }

  static std::string next_of(const json::Object& connection) {
    const auto info = connection.object("pageInfo");
    return info && info->boolean("hasNextPage") ? info->text("endCursor") : std::string();
  }

  void once(const std::string& name, const json::Element& element, const std::function<void()>& write) {
    const std::string print = fingerprint(simdjson::minify(element));
    if (writer_.seen(name, print)) return;
    write();
    writer_.mark(name, print);
  }

  void labels(const std::optional<json::Object>& connection) {
    nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
      once("label/" + node.text("name"), element, [&] {
        writer_.label({node.required_text("name"), node.text("color"), node.text("description")});
      });
    });
  }
  void milestones(const std::optional<json::Object>& connection) {
    nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
      once("milestone/" + node.text("title"), element, [&] {
        writer_.milestone({node.required_text("title"), to_lower(node.text("state")), node.time("dueOn")});
      });
    });
  }
  void releases(const std::optional<json::Object>& connection) {
    nodes_of(connection, [&](const json::Object& node, const json::Element& element) {
      once("release/" + node.text("tagName"), element, [&] { writer_.release(graphql_release(node)); });
    });
  }

  void estimate() const {
    const std::int64_t pages =
        (open_issues_ + 99) / 100 + (closed_issues_ + 99) / 100 + (open_pulls_ + 99) / 100 + (closed_pulls_ + 99) / 100;
    *reader_.options().messages << fmt::format(
        "{}: {} and {}: about {} requests of GraphQL (of 5,000 points an hour), and one of REST for each hundred "
        "inline comments\n",
        reader_.location().path, plural(open_issues_ + closed_issues_, "issue"),
        plural(open_pulls_ + closed_pulls_, "pull request"), with_thousands(pages + pages / 5 + 3));
  }

  // --- items

  // Reads one node; a timeline that goes on waits in long_.
  void take(const json::Element& element) {
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
      } else if (!writer_.seen(name, long_print(one.print))) {
        long_.push_back(std::move(one));
      }
      reader_.advance();
    } catch (const Error& error) {
      writer_.quarantine(name, error.what());
    }
  }

  // An item whose timeline goes on changes its own text with each entry: updatedAt is in it.
  static std::string long_print(const std::string& print) { return print + "+"; }

  // Half an answer is asked for again: most such errors pass. That something is not there does not.
  GraphqlAnswer whole_answer(const std::string& text, const Json& asked) {
    for (int attempt = 1;; ++attempt) {
      GraphqlAnswer answer = graphql_.ask(text, asked);
      if (!answer.is_partial() || answer.error_type == "NOT_FOUND" || attempt == kPartialAttempts) return answer;
    }
  }

  // Continues timelines, several in a request, until all are whole; then writes their items.
  void finish_long() {
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
        if (batch == 1) throw;
        batch = std::max<std::size_t>(1, batch / 2);
      }
    }
  }

  static void continue_with(Long& one, const json::Object& timeline) {
    add_graphql_entries(timeline, one.item, [&](const std::string& place, const std::string& reason) {
      one.problems.emplace_back(place, reason);
    });
    one.after = next_of(timeline);
  }

  // One partition of the items, page by page; goes on where it stopped.
  void fill(const std::string& stream, const std::string& query_name, const std::vector<std::string>& states,
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
        if (!size.halve()) throw;
        continue;
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

  bool is_before_since(const json::Element& element) const {
    if (!reader_.options().since) return false;
    const auto updated = json::Object(element, "item").time("updatedAt");
    return updated && *updated < *reader_.options().since;
  }

  // Whole items by number, several in a request.
  void fetch(const std::set<std::int64_t>& numbers) {
    std::vector<std::int64_t> rest(numbers.begin(), numbers.end());
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
        if (batch == 1) throw;
        batch = std::max<std::size_t>(1, batch / 2);
        continue;
      }
      if (long_.size() >= kEntryBatch) finish_long();
    }
    finish_long();
  }

  // --- what changed since

  static std::vector<Change> changes_of(const std::optional<json::Object>& connection) {
    std::vector<Change> list;
    nodes_of(connection, [&](const json::Object& node, const json::Element&) {
      list.push_back({node.integer("number").value_or(0), node.time("updatedAt").value_or(0),
                      node.text("state") == "OPEN" ? "open" : "closed"});
    });
    return list;
  }

  // When the store last knew each item to have changed.
  std::map<std::int64_t, Timestamp> known_changes(bool is_pull) {
    reader_.checkpoint();
    std::map<std::int64_t, Timestamp> known;
    for (const auto rows = writer_.database().query(
             "SELECT number, updated_at FROM item WHERE project_id = :project AND source_id = :source AND kind = :kind",
             {{"project", writer_.project_id()},
              {"source", writer_.source_id()},
              {"kind", std::string(is_pull ? "pull" : "issue")}});
         rows->next();)
      known.emplace(rows->integer(0), rows->integer(1));
    return known;
  }

  void changes() {
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
    fetch(changed);
    writer_.set_stream("changes", format_time(newest), "current");
    reader_.checkpoint();
  }

  // Numbers, times and states, newest first, down to a moment.
  std::vector<Change> all_changes(bool is_pull, const char* order, Timestamp down_to) {
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

  // --- the rest

  void discussions() {
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
      } catch (const http::ServerTrouble&) {
        if (!size.halve()) throw;
      }
    }
    writer_.set_stream("discussions", format_time(newest), "current");
    reader_.checkpoint();
  }

  void write_discussion(const json::Object& node) {
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

  void open_checks() {
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
        coverage_ = "the checks of open pull requests could not be read";
        break;
      }
    }
    reader_.checkpoint();
  }

  // The same for the open pull requests among those that were asked for by number.
  void checks_of_some() {
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

  void checks_of(const json::Object& pull) {
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

  // Counts at the forge against those in the store; where they differ, the numbers themselves, and what is missing or
  // gone.
  void audit() {
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
      coverage_ = fmt::format("{} could not be read", plural(static_cast<long long>(missing_items_.size()), "item"));
    }
  }

  void repair(bool is_pull, const std::map<std::int64_t, std::string>& here) {
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

  Reader& reader_;
  Writer& writer_;
  GraphqlClient graphql_;
  Json base_;
  std::int64_t open_issues_ = 0, closed_issues_ = 0, open_pulls_ = 0, closed_pulls_ = 0, discussions_ = 0;
  std::size_t shown_ = 0;       // changes that the first request was asked for
  Timestamp discussed_at_ = 0;  // last change of any discussion
  bool counts_are_known_ = false;
  std::vector<Change> newest_[2];  // issues, pull requests
  std::vector<Long> long_;         // items whose timelines go on
  std::set<std::int64_t> missing_items_;
  std::vector<std::int64_t> some_open_;  // open pull requests among those asked for by number
  int missing_ = 0;
  std::string coverage_;
};

}  // namespace

std::string read_by_graphql(Reader& reader) {
  return ByGraphql(reader).run();
}

}  // namespace resident::github
