// Items as a source's earlier runs stored them: what it compares a forge's answers with. What was flushed is seen.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <store/writer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident {

struct StoredItem {
  std::int64_t number = 0;
  bool is_pull = false;
  std::string state;
  Timestamp updated_at = 0;  // 0: not known
};

// The source's items that are not gone.
std::vector<StoredItem> stored_items(Writer& writer);
// When the source's issues, or its pull requests, changed last as the forge said, by number; also of those that are
// gone.
std::map<std::int64_t, Timestamp> item_updates(Writer& writer, bool is_pull);
// Items that this source said are gone.
std::set<std::int64_t> buried_items(Writer& writer);
// Of an item that is there after all.
void unbury(Writer& writer, std::int64_t item_id);
// Numbers of the records PREFIX + NUMBER that the source set aside, whole items, not parts of them.
std::set<std::int64_t> numbers_set_aside(Writer& writer, const std::string& prefix);
// The source's items by the newest commit of each; of several with one head, the one of the highest number.
std::map<std::string, std::int64_t> items_by_head(Writer& writer);
// Whose newest commit that is, in the whole project.
std::optional<std::int64_t> item_with_head(Writer& writer, const std::string& sha);
std::int64_t inline_comment_count(Writer& writer);
// The source's inline comments: their item, and their key.
std::vector<std::pair<std::int64_t, std::string>> inline_comments(Writer& writer);
// What this source said of who is and was in an item's attention set, in order; people of that provider.
std::vector<EventRecord> attention_events(Writer& writer, std::int64_t item_id, const std::string& provider);
bool was_converted(Writer& writer, std::int64_t item_id);  // to a discussion

// The validator (ETag) under which the source read an address last; "" for none.
std::string validator_of(Writer& writer, const std::string& url);
void keep_validators(Writer& writer, const std::map<std::string, std::string>& by_url);

}  // namespace resident
