// What the GraphQL and the REST way of reading GitHub share: the writer, the client,
// where the repository is, remembering records, inline comments, what became of items
// that are gone, and telling how far it is.
#pragma once

#include <base/progress.hpp>
#include <map>
#include <net/forge.hpp>
#include <set>
#include <sources/forge/github_objects.hpp>
#include <sources/github/set_aside.hpp>
#include <sources/source.hpp>

namespace resident::github {

// The last minutes are asked for again: clocks of a forge's machines differ.
inline constexpr Timestamp kOverlap = 5 * kMinute;

struct Page {
  std::unique_ptr<json::Parser> parser;
  json::Array items;
  std::string next;            // address of the next page; ""
  std::int64_t last_page = 0;  // as the Link header says; 0: nothing
  std::string etag;            // of the answer; "" where it has none
  bool is_unchanged = false;   // it is what the entity tag that was sent along stood for: no items are told
};

// One object over REST.
struct Document {
  std::unique_ptr<json::Parser> parser;
  json::Element root;
  std::string permanent_url;  // where it has moved to, if it has
  int status = 0;             // 200, or why it is not there: 404, 410, 422, 451

  bool is_there() const { return status < 300; }
  json::Object object() const { return json::Object(root, "answer"); }
};

class Reader {
 public:
  Reader(const SyncOptions& options, ForgeLocation location, http::Client& client, Writer& writer);

  const SyncOptions& options() const { return options_; }
  const ForgeLocation& location() const { return location_; }
  // Where a repository of that name (OWNER/NAME) of the same forge is, as it is written down.
  std::string place_of(const std::string& name) const;
  Writer& writer() { return writer_; }
  http::Client& client() { return client_; }
  SetAside& set_aside() { return set_aside_; }
  std::string repository_url(const std::string& rest = {}) const;
  Timestamp now() { return client_.waiter().now(); }

  // One page of a list over REST, as ListWalk asks for it; nothing where it is not there (404, 410, 451). An answer
  // that is no list is asked for again. etag: "unchanged" is an answer, too.
  std::optional<Page> page_of_size(const std::string& url, const std::string& etag = {});
  // An object that has this key; an answer that has not is asked for again.
  Document document(const std::string& url, std::string_view key);
  // Throws where the forge answers nothing at all: then it is no fault of the one thing that it failed at.
  void look_whether_it_answers();
  // Every object of all pages; what a page repeats, or the next one does, counts once. False where the list is not
  // there. Throws where a part of it cannot be had.
  bool each(const std::string& url, const std::function<void(const json::Object&)>& read);
  // The same past places at which the forge fails, which are set aside under the list's name; false where there are
  // any. first: its first page, if that was read already.
  bool each_past_gaps(const std::string& url, const std::string& name,
                      const std::function<void(const json::Object&)>& read, std::optional<Page> first = std::nullopt);
  // The same for a list that a former sync may have read: nothing is read where it is unchanged (ETag), which with a
  // token costs nothing of the budget. Lists of several pages are always read: a first page that is the same says
  // nothing of the others.
  void each_if_changed(const std::string& url, const std::string& name,
                       const std::function<void(const json::Object&)>& read);

  // Whether the record was read before as it is now, and need not be read anew.
  bool is_known(const std::string& name, const std::string& print) const {
    return !options_.anew && writer_.seen(name, print);
  }
  // Writes the item unless this very text of it was read before. problems: parts that could not be read.
  void item(ItemRecord&& record, const std::string& print,
            const std::vector<std::pair<std::string, std::string>>& problems);
  static std::string item_record(bool is_pull, std::int64_t number);

  // Inline comments of all pull requests, changed since the last time; and, where the forge has another number of them,
  // all. Returns pull requests that are not known yet.
  std::set<std::int64_t> inline_comments();
  // Workflow runs since the last time, newest first, and the jobs of those that failed lately.
  void workflow_runs();
  // Reports in the artifacts of runs that workflow_runs() found to have ended, where the configuration names some.
  // Needs a token: GitHub gives artifacts to nobody without. What waits for a later sync or is left out, in a sentence.
  std::string artifacts();
  bool wants_artifacts() const;
  void labels_milestones_releases_owners();  // over REST
  void owners(const std::string& text);

  // For a number that the store has and the forge's lists do not: a tombstone, if the forge says that it is gone.
  void check_gone(std::int64_t item_id);
  // After items were read by number: inline comments, where pull requests are among them, and what became of items that
  // the store has and the forge did not give.
  void after_items(const std::vector<std::int64_t>& numbers, const std::set<std::int64_t>& missing);
  // What a run for some items alone says in the end: what is missing, at what the forge failed.
  std::string items_sentence(const std::set<std::int64_t>& missing) const;
  // Numbers of items of this source that stand (no tombstones), with their state.
  std::map<std::int64_t, std::string> stored(bool is_pull);

  void begin_progress(std::int64_t total);
  void advance();
  // Commits what there is: also before the forge is asked after something was looked up, since nobody else can write to
  // the store while a transaction waits for an answer.
  void checkpoint() { writer_.checkpoint("github"); }

 private:
  void keep_validators();
  std::map<std::string, std::string> validators_ = {};  // entity tags of lists whose rows the next checkpoint commits
  void inline_comment(const json::Object& object, std::set<std::int64_t>& unknown, std::set<std::string>* seen);
  void all_inline_comments(std::set<std::int64_t>& unknown, std::size_t gaps);
  void wait_for_artifacts();
  std::vector<std::string> ended_runs_ = {};  // newest first, of those that still have artifacts
  std::size_t left_out_runs_ = 0;             // of these, whose artifacts are never asked for
  std::vector<std::string> runs_that_failed(const std::optional<std::string>& known);

  const SyncOptions& options_;
  ForgeLocation location_;
  http::Client& client_;
  Writer& writer_;
  SetAside set_aside_;
  std::unique_ptr<Progress> progress_;
};

// The two ways. Each returns a sentence of what is missing, or nothing.
std::string read_by_graphql(Reader& reader);
std::string read_by_rest(Reader& reader);
// One item alone, for where the other way fails at it; false: the forge does not have it. What REST fails at, too, is
// set aside.
bool read_one_by_rest(Reader& reader, std::int64_t number);

}  // namespace resident::github
