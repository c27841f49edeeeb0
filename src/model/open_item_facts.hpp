// What open items are told of their authors, reviewers, locks and former titles, looked up once in a project however
// many items there are, and only when one asks.
#pragma once

#include <model/open_items.hpp>
#include <model/presence.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace resident {

class OpenItemFacts {
 public:
  // number: of the one item that is asked for; 0: of all.
  OpenItemFacts(const Context& context, const People& people, std::int64_t number)
      : context_(context), people_(people), presence_(context, people), number_(number) {}

  // Whether most of the author's pull requests in the two years before were merged by themselves.
  bool merges_own(std::int64_t author) {
    if (!has_merges_) load_merges();
    const auto found = merged_.find(author);
    return found != merged_.end() && 2 * found->second.first > found->second.second;
  }
  bool has_item_before(const OpenItem& item) { return is_before(item, first_item_); }
  bool has_merged_before(const OpenItem& item) { return is_before(item, first_merged_); }
  const Presence& presence() const { return presence_; }
  // As of the moment; nothing where no event tells.
  std::optional<bool> is_locked(std::int64_t item_id) {
    if (!has_locks_) load_locks();
    const auto found = locked_.find(item_id);
    return found == locked_.end() ? std::nullopt : std::optional(found->second);
  }
  // What it was called at the moment, where it was renamed since; nullptr: it was not.
  const std::string* former_title(std::int64_t item_id) {
    if (!has_titles_) load_titles();
    const auto found = titles_.find(item_id);
    return found == titles_.end() ? nullptr : &found->second;
  }

 private:
  using Firsts = std::unordered_map<std::int64_t, Timestamp>;

  bool is_before(const OpenItem& item, const Firsts& first) {
    if (!has_firsts_) load_firsts(item.author);
    const auto found = first.find(item.author);
    return found != first.end() && found->second < item.created_at;
  }

  void load_locks();
  void load_titles();
  void load_merges();
  void load_firsts(std::int64_t author);

  const Context& context_;
  const People& people_;
  Presence presence_;
  std::int64_t number_;
  bool has_merges_ = false, has_locks_ = false, has_firsts_ = false, has_titles_ = false;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> merged_;  // own and all, by author
  Firsts first_item_, first_merged_;
  std::unordered_map<std::int64_t, bool> locked_;
  std::unordered_map<std::int64_t, std::string> titles_;
};

}  // namespace resident
