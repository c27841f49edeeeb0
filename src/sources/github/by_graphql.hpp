// Reading GitHub over GraphQL: whole items with the first hundred entries of their
// timelines, a hundred a request. Open ones first, so that the queues are of use in the
// first minute; then the closed ones, newest first. What changes meanwhile is caught at the
// end, since changes are counted from the moment the first request went out.
// For its own files alone: by_graphql.cpp, graphql_items.cpp, graphql_changes.cpp, graphql_threads.cpp.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sources/github/graphql_client.hpp>
#include <sources/github/reader.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::github {

using Json = nlohmann::json;

inline constexpr int kLargestPage = 100, kCheckPage = 50, kDiscussionPage = 10;
inline constexpr int kHeadPage = 50;            // changes that the first request of a sync shows
inline constexpr std::size_t kItemBatch = 25;   // whole items asked for by number in one request
inline constexpr std::size_t kEntryBatch = 20;  // timelines continued in one request
inline constexpr int kPartialAttempts = 4;      // of a query that is answered by half
inline constexpr int kGrowAfter = 3;            // good pages until a page grows again
inline constexpr int kMostRounds = 1000;        // of continuing timelines: 100,000 entries

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

  std::string run();

 private:
  Json variables(Json more) const {
    Json all = base_;
    all.update(more);
    return all;
  }
  std::int64_t total() const { return open_issues_ + closed_issues_ + open_pulls_ + closed_pulls_; }

  void head(int size);
  void read_head(int size);
  // A renamed repository goes on under its new name.
  void follow(const std::string& name, const std::string& url);
  void small_things(const json::Object& repository);

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
  void once(const std::string& name, const json::Element& element, const std::function<void()>& write);
  void labels(const std::optional<json::Object>& connection);
  void milestones(const std::optional<json::Object>& connection);
  void releases(const std::optional<json::Object>& connection);
  void estimate() const;
  void add_coverage(const std::string& sentence) { coverage_ += (coverage_.empty() ? "" : "; ") + sentence; }

  // Reads one node; a timeline that goes on waits in long_.
  void take(const json::Element& element);
  // An item whose timeline goes on changes its own text with each entry: updatedAt is in it.
  static std::string long_print(const std::string& print) { return print + "+"; }
  // Half an answer is asked for again: most such errors pass. That something is not there does not.
  GraphqlAnswer whole_answer(const std::string& text, const Json& asked);
  // Continues timelines, several in a request, until all are whole; then writes their items.
  void finish_long();
  static void continue_with(Long& one, const json::Object& timeline);
  // One partition of the items, page by page; goes on where it stopped.
  void fill(const std::string& stream, const std::string& query_name, const std::vector<std::string>& states,
            const char* order);
  // Past the one item of a page at which the forge fails: that one is read otherwise; gives the next page's place.
  std::string pass(const std::string& query_name, Json asked);
  // An item at which the forge fails alone is read over REST, or set aside. Throws the trouble of a forge that answers
  // nothing at all.
  void go_around(std::int64_t number);
  bool is_before_since(const json::Element& element) const;
  // Whole items by number, several in a request.
  void fetch(const std::set<std::int64_t>& numbers);

  static std::vector<Change> changes_of(const std::optional<json::Object>& connection);
  // When the store last knew each item to have changed.
  std::map<std::int64_t, Timestamp> known_changes(bool is_pull);
  void changes();
  // Numbers, times and states, newest first, down to a moment.
  std::vector<Change> all_changes(bool is_pull, const char* order, Timestamp down_to);

  void discussions();
  void write_discussion(const json::Object& node);
  void open_checks();
  // The same for the open pull requests among those that were asked for by number.
  void checks_of_some();
  void checks_of(const json::Object& pull);

  // Counts at the forge against those in the store; where they differ, the numbers themselves, and what is missing or
  // gone.
  void audit();
  void repair(bool is_pull, const std::map<std::int64_t, std::string>& here);

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

}  // namespace resident::github
