#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/forge/item_sync.hpp>
#include <store/read/stored_items.hpp>

namespace resident::live {

namespace {

constexpr Timestamp kOverlap = 2 * kHour;  // clocks of forges differ, and their lists lag
constexpr int kPageSize = 100;             // forges with a smaller bound keep to it
constexpr std::size_t kItemsACheckpoint = 25;
constexpr int kTroublesInARow = 5;  // items that the server cannot answer for; then it is the server

std::string record_name(const ListedItem& item) {
  return fmt::format("{}/{}", item.is_pull ? "pull" : "issue", item.number);
}

class Run {
 public:
  Run(Api& api, ItemForge& forge, Writer& writer, const ItemStreamOptions& options)
      : api_(api), forge_(forge), writer_(writer), options_(options), progress_(options.stream, 0) {}

  ItemStreamResult run() {
    if (!options_.items.empty()) {
      const auto have = stored();
      for (const std::int64_t number : options_.items) {
        if (one(options_.stream == "pulls", number)) {
          result_.found.insert(number);
          continue;
        }
        for (const bool is_pull : {false, true})
          if (have.contains({number, is_pull}))
            writer_.tombstone({number * 2 + (is_pull ? 1 : 0), "deleted", "", options_.now});
      }
      writer_.checkpoint(writer_.cursor().value_or(""));
      return result_;
    }
    const auto cursor = writer_.stream_cursor(options_.stream);
    std::optional<Timestamp> since;
    if (cursor && writer_.stream_state(options_.stream) == "current") since = parse_time(*cursor);
    if (since) *since -= kOverlap;
    // A first sync that left older things out says so in its cursor, and one without --since fills them in.
    const auto limited = writer_.stream_cursor(options_.stream + "/since");
    if (options_.since && (!since || *since < *options_.since)) since = options_.since;
    if (!options_.since && limited && !limited->empty()) since.reset();
    retry_what_was_set_aside();
    list(since);
    const std::string until = newest_ ? format_time(*newest_) : cursor.value_or(format_time(options_.now));
    const bool first_with_since = options_.since && (!cursor || (limited && !limited->empty()));
    writer_.set_stream(options_.stream + "/since", first_with_since ? format_time(*options_.since) : "", "current");
    writer_.set_stream(options_.stream, until, "current");
    if (!first_with_since) audit();
    writer_.checkpoint(writer_.cursor().value_or(""));
    return result_;
  }

 private:
  void list(std::optional<Timestamp> since) {
    api_.each(forge_.list_address(options_.stream, since, kPageSize), [&](const json::Element& element) {
      take(element);
      return true;
    });
  }

  // One element of a list, or one item by itself.
  void take(const json::Element& element) {
    std::string name = fmt::format("{}/?", options_.stream);
    try {
      const json::Object object(element, "item");
      const ListedItem listed = forge_.listed(object, options_.stream);
      name = record_name(listed);
      if (!newest_ || listed.updated_at > *newest_) newest_ = listed.updated_at;
      numbers_.insert(listed.number);
      const std::string text = minified(element), print = fingerprint(text);
      if (!options_.anew && writer_.seen(name, print)) return;
      std::vector<std::pair<std::string, std::string>> problems;
      const ItemRecord item = forge_.item(object, listed, [&](const std::string& place, const std::string& reason) {
        problems.emplace_back(place, reason);
      });
      writer_.mark(name, print, text);
      for (const auto& [place, reason] : problems) writer_.quarantine(name + "#" + place, reason);
      writer_.item(item);
      troubles_ = 0;
      progress_.advance();
      if (++since_checkpoint_ >= kItemsACheckpoint) {
        writer_.checkpoint(writer_.cursor().value_or(""));
        since_checkpoint_ = 0;
      }
    } catch (const Error& error) {
      if (!is_of_one_record(error)) throw;
      if (dynamic_cast<const http::ServerTrouble*>(&error) && ++troubles_ >= kTroublesInARow) throw;
      writer_.quarantine(name, error.what());
    }
  }

  // Fetches one item by its number; false where the forge says that there is none.
  bool one(bool is_pull, std::int64_t number) {
    const auto page = api_.get(forge_.item_address(is_pull, number));
    if (!page) return false;
    const auto newest = newest_;
    take(page->root());
    newest_ = newest;  // it says nothing of the list
    return true;
  }

  void retry_what_was_set_aside() {
    const bool is_pull = options_.stream == "pulls";
    for (const std::int64_t number : numbers_set_aside(writer_, is_pull ? "pull/" : "issue/")) one(is_pull, number);
  }

  std::set<std::pair<std::int64_t, bool>> stored() {
    writer_.checkpoint(writer_.cursor().value_or(""));
    std::set<std::pair<std::int64_t, bool>> result;
    for (const StoredItem& item : stored_items(writer_))
      if (options_.items_of_both || item.is_pull == (options_.stream == "pulls"))
        result.emplace(item.number, item.is_pull);
    return result;
  }

  // Compares counts, and repairs what differs.
  void audit() {
    const auto page = api_.get(forge_.list_address(options_.stream, std::nullopt, 1), Shape::list);
    if (page && page->total()) result_.forge_count = *page->total();
    auto have = stored();
    if (result_.forge_count >= 0 && result_.forge_count != static_cast<std::int64_t>(have.size())) {
      numbers_.clear();
      list(std::nullopt);
      have = stored();
      for (const auto& [number, is_pull] : have) {
        if (numbers_.contains(number)) continue;
        if (one(is_pull, number)) continue;
        writer_.tombstone({number * 2 + (is_pull ? 1 : 0), "deleted", "", options_.now});
        ++result_.gone;
      }
      have = stored();
    }
    result_.store_count = static_cast<std::int64_t>(have.size());
    if (result_.forge_count < 0) return;
    writer_.stream_audit(options_.stream, result_.forge_count, result_.store_count, options_.now);
    if (result_.forge_count != result_.store_count)
      result_.coverage = fmt::format("the forge counts {} {}, the store holds {}", with_thousands(result_.forge_count),
                                     options_.stream, with_thousands(result_.store_count));
  }

  Api& api_;
  ItemForge& forge_;
  Writer& writer_;
  const ItemStreamOptions& options_;
  Progress progress_;
  ItemStreamResult result_;
  std::set<std::int64_t> numbers_;  // that a list showed
  std::optional<Timestamp> newest_;
  std::size_t since_checkpoint_ = 0;
  int troubles_ = 0;
};

}  // namespace

ItemStreamResult sync_items(Api& api, ItemForge& forge, Writer& writer, const ItemStreamOptions& options) {
  return Run(api, forge, writer, options).run();
}

}  // namespace resident::live
