#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <learn/labels/history.hpp>
#include <set>
#include <unordered_map>

namespace resident::labels {

namespace {

constexpr std::size_t kLeastInGroup = 10;  // issues a label of an exclusive group is learnt from, at least
constexpr std::size_t kLeastAlone = 20;    // and one by itself
constexpr std::size_t kMostAlone = 30;     // labels by themselves that are learnt, the commonest
constexpr double kExclusive = 0.9;         // of the issues with a label of a group have one alone

// What kind of thing an issue is, whatever a project calls it; 0: no such label.
int kind_of_type(const std::string& label) {
  static const Pattern bug(R"((?i)(?:^|[-:/ ])(?:bug|defect|bug report|crash|type-bug)s?$)"),
      feature(R"((?i)(?:^|[-:/ ])(?:feature|enhancement|feature[- ]request|improvement|new feature|wish(?:list)?)s?$)"),
      question(R"((?i)(?:^|[-:/ ])(?:question|support|usage|help)s?$)"),
      documentation(R"((?i)(?:^|[-:/ ])(?:docs?|documentation)$)");
  return bug.found_in(label)             ? 1
         : feature.found_in(label)       ? 2
         : question.found_in(label)      ? 3
         : documentation.found_in(label) ? 4
                                         : 0;
}

std::string prefix_of(const std::string& label) {
  static const Pattern prefix(R"(^([A-Za-z][A-Za-z0-9 ]{0,20}?)(?:\s*[:/]\s*|-)\S)");
  std::string found;
  return prefix.found_in(label, &found) ? to_lower(found) : std::string();
}

}  // namespace

std::vector<std::string> LabelledItem::known_by(Timestamp moment) const {
  std::vector<std::string> result;
  for (const auto& [label, since] : labels)
    if (since <= moment) result.push_back(label);
  return result;
}

LabelHistory load_label_history(const Context& context) {
  LabelHistory history;
  const Parameters parameters = context.parameters();
  std::unordered_map<std::int64_t, std::size_t> place;
  std::vector<Timestamp> without_event;  // since when labels without an event are known
  for (const auto rows = context.database.query(
           "SELECT item_id, number, created_at, title, body, COALESCE(closed_at, updated_at, created_at) FROM item "
           "WHERE "
           "project_id = :project AND kind = 'issue' AND created_at <= :as_of ORDER BY created_at, item_id",
           parameters);
       rows->next();) {
    place.emplace(rows->integer(0), history.items.size());
    LabelledItem item;
    item.item_id = rows->integer(0);
    item.number = rows->integer(1);
    item.created_at = rows->integer(2);
    item.title = rows->string(3);
    item.body = rows->string(4);
    history.items.push_back(std::move(item));
    without_event.push_back(std::max(rows->integer(2), rows->integer(5)));
  }
  // Titles as they were given: who renames an issue has often seen what it is.
  for (const auto rows = context.database.query(
           "SELECT item_id, detail FROM event WHERE project_id = :project AND kind = 'renamed' AND occurred_at IS NOT "
           "NULL ORDER BY item_id, occurred_at DESC, position DESC",
           {{"project", context.project_id}});
       rows->next();) {
    const auto found = place.find(rows->integer(0));
    const auto arrow = rows->text(1).find(" → ");
    if (found != place.end() && arrow != std::string_view::npos)
      history.items[found->second].title = std::string(rows->text(1).substr(0, arrow));
  }
  // All events, also those after the moment: a label whose first event is later was not there before.
  std::set<std::pair<std::size_t, std::string>> has_event;
  for (const auto rows = context.database.query(
           "SELECT item_id, kind, label, occurred_at FROM event WHERE project_id = :project AND kind IN ('labeled', "
           "'unlabeled') "
           "AND label IS NOT NULL AND occurred_at IS NOT NULL ORDER BY item_id, occurred_at, position",
           {{"project", context.project_id}});
       rows->next();) {
    const auto found = place.find(rows->integer(0));
    if (found == place.end()) continue;
    const std::string label = rows->string(2);
    const bool sets = rows->text(1) == "labeled";
    // Taken away first: it was there from the beginning.
    if (has_event.emplace(found->second, label).second && !sets)
      history.items[found->second].labels.emplace(label, history.items[found->second].created_at);
    if (rows->integer(3) > context.as_of) continue;
    auto& labels = history.items[found->second].labels;
    if (sets)
      labels.emplace(label, rows->integer(3));
    else
      labels.erase(label);
  }
  std::size_t timed = 0, untimed = 0;
  for (const auto& item : history.items) timed += item.labels.size();
  for (const auto rows = context.database.query(
           "SELECT item_id, name FROM item_label WHERE project_id = :project ORDER BY item_id, name",
           {{"project", context.project_id}});
       rows->next();) {
    const auto found = place.find(rows->integer(0));
    if (found == place.end() || has_event.contains({found->second, rows->string(1)})) continue;
    if (without_event[found->second] > context.as_of) continue;
    history.items[found->second].labels.emplace(rows->string(1), without_event[found->second]);
    ++untimed;
  }
  history.is_timed = timed >= untimed && timed > 0;
  return history;
}

std::vector<LabelGroup> label_groups(const LabelHistory& history, Timestamp moment, const std::string& undecidable) {
  const Pattern left_out(undecidable);
  std::map<std::string, std::size_t> counts;
  for (const auto& item : history.items)
    for (const auto& label : item.known_by(moment)) ++counts[label];
  std::map<std::string, std::vector<std::string>> candidates;
  for (const auto& [label, count] : counts) {
    if (!undecidable.empty() && left_out.found_in(label)) continue;
    if (count < kLeastInGroup) continue;
    std::string group = prefix_of(label);
    if (kind_of_type(label)) group = "type";
    if (!group.empty()) candidates[group].push_back(label);
  }
  std::vector<std::pair<std::size_t, LabelGroup>> exclusive, alone;
  std::set<std::string> grouped;
  for (auto& [name, labels] : candidates) {
    if (labels.size() < 2) continue;
    // Without the label that most often stands beside another, until they exclude each other.
    while (labels.size() > 1) {
      std::size_t some = 0, one = 0;
      std::map<std::string, std::size_t> beside;
      for (const auto& item : history.items) {
        std::vector<std::string> borne;
        for (const auto& label : labels)
          if (const auto found = item.labels.find(label); found != item.labels.end() && found->second <= moment)
            borne.push_back(label);
        some += !borne.empty();
        one += borne.size() == 1;
        if (borne.size() > 1)
          for (const auto& label : borne) ++beside[label];
      }
      if (static_cast<double>(one) >= kExclusive * static_cast<double>(some)) {
        exclusive.push_back({some, {name, labels}});
        grouped.insert(labels.begin(), labels.end());
        break;
      }
      // By share of its own uses, so that the common ones stay.
      const auto worst = std::max_element(labels.begin(), labels.end(), [&](const auto& a, const auto& b) {
        return static_cast<double>(beside[a]) / static_cast<double>(counts[a]) <
               static_cast<double>(beside[b]) / static_cast<double>(counts[b]);
      });
      labels.erase(worst);
    }
  }
  for (const auto& [label, count] : counts)
    if (count >= kLeastAlone && !grouped.contains(label) && (undecidable.empty() || !left_out.found_in(label)))
      alone.push_back({count, {label, {label}}});
  const auto by_size = [](const auto& a, const auto& b) {
    return (a.second.name == "type") != (b.second.name == "type") ? a.second.name == "type"
           : a.first != b.first                                   ? a.first > b.first
                                                                  : a.second.name < b.second.name;
  };
  std::sort(exclusive.begin(), exclusive.end(), by_size);
  std::sort(alone.begin(), alone.end(), by_size);
  if (alone.size() > kMostAlone) alone.resize(kMostAlone);
  std::vector<LabelGroup> result;
  for (auto& each : exclusive) result.push_back(std::move(each.second));
  for (auto& each : alone) result.push_back(std::move(each.second));
  return result;
}

}  // namespace resident::labels
