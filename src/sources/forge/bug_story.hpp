// A bug as mails, or a log of changes, tell it, step by step, made a record: fields with one value become labels
// ("severity: normal") with an event for each change, as those of other trackers do, so that an earlier day has that
// day's. Steps have to come in order of time.
#pragma once

#include <map>
#include <optional>
#include <sources/forge/tracker_sync.hpp>
#include <store/records.hpp>
#include <string>
#include <vector>

namespace resident::trackers {

// When something was done, and by whom; derived: nobody told of it, it follows from what came later.
struct Act {
  Timestamp at = 0;
  PersonRecord actor = {};
  bool is_derived = false;
};

class BugStory {
 public:
  BugStory() = default;
  explicit BugStory(std::int64_t number) { item_.number = number; }

  ItemRecord& item() { return item_; }
  const ItemRecord& item() const { return item_; }
  // As it was from the beginning.
  void begin(const std::string& field, const std::string& value);
  void begin_label(const std::string& label);
  // "" for no value.
  void set(const std::string& field, const std::string& value, const Act& act);
  std::string value(const std::string& field) const;
  void label(const std::string& label, bool is_on, const Act& act);
  bool has_label(const std::string& label) const;
  std::vector<std::string> labels_with(const std::string& prefix) const;
  // Neither does anything where it is so already.
  void close(const std::string& reason, const Act& act);
  void reopen(const Act& act);
  bool is_open() const { return item_.state == "open"; }
  // Nobody: unassigned.
  void assign(const PersonRecord& person, const Act& act);
  // Of which other one; 0: of none (any more). Tells nothing of its state.
  void duplicate_of(std::int64_t original, const Act& act);
  std::int64_t original() const { return original_; }
  void rename(const std::string& title, const Act& act);
  void event(const std::string& kind, const std::string& detail, const Act& act);
  void comment(const std::string& key, const std::string& body, const std::string& reply_to, const Act& act);
  bool has_comment(const std::string& key) const;
  // The record, whole; the story is spent.
  ItemRecord finish();

 private:
  EventRecord& add(const std::string& kind, const Act& act);

  ItemRecord item_;
  struct Field {
    std::string now;
    std::vector<FieldChange> changes;
  };
  std::map<std::string, Field> fields_;
  std::int64_t original_ = 0;
};

// All that a record tells: equal if it is the same again.
std::string print_of_item(const ItemRecord& item);

}  // namespace resident::trackers
