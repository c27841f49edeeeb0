// How issues and pull requests of a forge are kept up to date, whatever the forge:
// the list of what was touched since the last time (with an overlap), and for each
// item that is new or different its details. What differs between forges is an
// ItemForge.
//
// An interrupted run goes on: items that were read before are known by their
// fingerprints, and the stream's cursor moves only when a list was read to its end.
// What the list's order or pages do meanwhile does not matter: after each list the
// forge's own count is compared with the store's, and where they differ the whole
// list is gone through once, without details of what is known; what it no longer
// holds and the forge denies becomes a tombstone.
#pragma once

#include <set>
#include <sources/forge/api.hpp>
#include <sources/forge/item_parts.hpp>
#include <vector>

namespace resident::live {

struct ListedItem {
  std::int64_t number = 0;
  bool is_pull = false;
  Timestamp updated_at = 0;
};

using Problem = json::Problem;

class ItemForge {
 public:
  virtual ~ItemForge() = default;
  // Address of a list, newest change first where the forge can; since: touched at or after it.
  virtual std::string list_address(const std::string& stream, std::optional<Timestamp> since, int page_size) const = 0;
  // Address of one item as the list shows it.
  virtual std::string item_address(bool is_pull, std::int64_t number) const = 0;
  virtual ListedItem listed(const json::Object& object, const std::string& stream) const = 0;
  // The whole item, asking for what the list does not tell. Parts that cannot be read go to problem.
  virtual ItemRecord item(const json::Object& object, const ListedItem& listed, const Problem& problem) = 0;
};

struct ItemStreamOptions {
  std::string stream;  // "issues", "pulls"
  std::optional<Timestamp> since;
  std::vector<std::int64_t> items;  // these alone
  bool items_of_both = false;       // which may be of either kind: the forge has one row of numbers for both
  bool anew = false;                // those also where they look as they did
  Timestamp now = 0;
};

struct ItemStreamResult {
  std::int64_t forge_count = -1, store_count = 0;  // -1: the forge does not say
  std::int64_t gone = 0;
  std::set<std::int64_t> found;  // of the items that were asked for alone
  std::string coverage;          // a sentence where the counts differ in the end
};

ItemStreamResult sync_items(Api& api, ItemForge& forge, Writer& writer, const ItemStreamOptions& options);

}  // namespace resident::live
