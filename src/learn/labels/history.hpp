// The issues of a project with their labels, and since when each label is known: by
// the event that set it, or, where the source keeps none, since the issue was closed, else
// updated, else opened. And which labels exclude each other (one type an issue) and
// which stand by themselves.
#pragma once

#include <framework/analysis.hpp>
#include <learn/labels/features.hpp>
#include <map>
#include <string>
#include <vector>

namespace resident::labels {

struct LabelledItem {
  std::int64_t item_id = 0, number = 0;
  Timestamp created_at = 0;
  std::string title, body;                  // the title as it was given, before any renaming; the text as it is today
  std::map<std::string, Timestamp> labels;  // that it bears at the context's moment, and since when
  std::vector<std::string> known_by(Timestamp moment) const;
};

struct LabelHistory {
  std::vector<LabelledItem> items;  // issues in order of creation
  bool is_timed = false;            // most labels have an event that says when
};

// As of the context's moment.
LabelHistory load_label_history(const Context& context);

struct LabelGroup {
  std::string name;                 // "type", the common prefix, or the label itself
  std::vector<std::string> labels;  // exclusive: of two or more an issue bears one; else a single one
  bool is_exclusive() const { return labels.size() > 1; }
};

// From what was known by the moment: exclusive groups first, the biggest first.
std::vector<LabelGroup> label_groups(const LabelHistory& history, Timestamp moment, const std::string& undecidable);

}  // namespace resident::labels
