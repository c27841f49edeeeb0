#include <fmt/format.h>

#include <algorithm>
#include <framework/page_memo.hpp>
#include <model/flow_items.hpp>
#include <model/modules.hpp>

namespace resident {

namespace {

constexpr int kNewcomerItems = 1;

class Loader {
 public:
  Loader(const Context& context, const People& people) : context_(context), people_(people) {}

  std::vector<FlowItem> load(FlowDetail detail) {
    items();
    stretches();
    if (detail != FlowDetail::openings) {
      responses(
          "SELECT item_id, author_id, min(created_at) AS at FROM comment WHERE project_id = :project AND created_at "
          "<= :as_of AND is_command = 0 GROUP BY item_id, author_id",
          false);
      responses(
          "SELECT item_id, author_id, min(submitted_at) AS at FROM review WHERE project_id = :project AND "
          "submitted_at <= :as_of AND is_command = 0 GROUP BY item_id, author_id",
          true);
    }
    if (detail == FlowDetail::everything) {
      labels();
      modules();
    }
    kinds();
    return std::move(items_);
  }

 private:
  FlowItem* find(std::int64_t id) {
    const auto found = place_.find(id);
    return found == place_.end() ? nullptr : &items_[found->second];
  }

  void items() {
    const auto spam = spam_items(context_);
    const auto rows = context_.database.query(
        "SELECT i.item_id, i.number, i.kind, i.author_id, i.created_at, i.merged_at, i.additions, i.deletions, "
        "i.is_draft FROM item i WHERE i.project_id = :project AND i.created_at < :as_of AND NOT EXISTS "
        "(SELECT "
        "1 FROM item_tombstone d WHERE d.project_id = i.project_id AND d.item_id = i.item_id) ORDER BY i.created_at, "
        "i.item_id",
        context_.parameters());
    while (rows->next()) {
      FlowItem item;
      item.id = rows->integer(0);
      item.author = people_.person(rows->optional_integer(3));
      if (spam.contains(item.id) || people_.bots.contains(item.author)) continue;
      item.number = rows->integer(1);
      item.is_pull = rows->text(2) == "pull";
      item.created = rows->integer(4);
      item.is_draft = rows->integer(8) == 1;
      if (const auto merged = rows->optional_integer(5); merged && *merged <= context_.as_of) item.merged = merged;
      if (!rows->is_null(6) || !rows->is_null(7)) item.size = rows->integer(6) + rows->integer(7);
      place_.emplace(item.id, items_.size());
      items_.push_back(std::move(item));
    }
  }

  void stretches() {
    const auto rows = context_.database.query(
        "SELECT item_id, opened_at, closed_at FROM item_interval WHERE project_id = :project AND opened_at < :as_of "
        "ORDER BY item_id, opened_at",
        context_.parameters());
    while (rows->next()) {
      FlowItem* item = find(rows->integer(0));
      if (item == nullptr) continue;
      OpenStretch stretch{rows->integer(1), rows->optional_integer(2)};
      if (stretch.closed && *stretch.closed > context_.as_of) stretch.closed.reset();
      item->stretches.push_back(stretch);
    }
    for (auto& item : items_) {
      if (item.stretches.empty()) item.stretches.push_back({item.created, item.merged});
      item.closed = item.stretches.back().closed;
    }
  }

  void responses(std::string_view sql, bool is_review) {
    const auto rows = context_.database.query(sql, context_.parameters());
    while (rows->next()) {
      FlowItem* item = find(rows->integer(0));
      if (item == nullptr || rows->is_null(2)) continue;
      const std::int64_t person = people_.person(rows->optional_integer(1)), at = rows->integer(2);
      if (person == 0 || person == item->author || people_.bots.contains(person)) continue;
      if (!item->responded || at < *item->responded) {
        item->responded = at;
        item->responder = person;
      }
      if (is_review && (!item->reviewed || at < *item->reviewed)) item->reviewed = at;
    }
  }

  void labels() {
    const auto rows = context_.database.query(
        "SELECT item_id, name FROM item_label WHERE project_id = :project ORDER BY item_id, name",
        context_.parameters());
    while (rows->next())
      if (FlowItem* item = find(rows->integer(0))) item->labels.push_back(rows->string(1));
  }

  void modules() {
    ModuleMap map(context_);
    const auto rows = context_.database.query(
        "SELECT item_id, path_id FROM item_file WHERE project_id = :project ORDER BY item_id, path_id",
        context_.parameters());
    std::int64_t now = 0;
    std::map<std::string, int> count;
    const auto finish = [&] {
      if (FlowItem* item = find(now))
        for (int most = 0; const auto& [module, files] : count)
          if (files > most) {
            most = files;
            item->module = module;
          }
      count.clear();
    };
    while (rows->next()) {
      if (rows->integer(0) != now) {
        finish();
        now = rows->integer(0);
      }
      if (!map.knows(rows->integer(1))) continue;
      if (const auto& module = map.module_of(rows->integer(1)); !module.empty()) ++count[module];
    }
    finish();
  }

  // In order of creation, so that what was known at each opening is what has been counted before it.
  void kinds() {
    std::unordered_map<std::int64_t, int> before;
    for (auto& item : items_) {
      const int count = before[item.author]++;
      if (item.author != 0 && people_.maintainers.contains(item.author))
        item.author_kind = AuthorKind::core;
      else if (count < kNewcomerItems)
        item.author_kind = AuthorKind::newcomer;
    }
  }

  const Context& context_;
  const People& people_;
  std::vector<FlowItem> items_;
  std::unordered_map<std::int64_t, std::size_t> place_;
};

}  // namespace

const char* author_kind_name(AuthorKind kind) {
  switch (kind) {
    case AuthorKind::newcomer:
      return "newcomer";
    case AuthorKind::core:
      return "core";
    case AuthorKind::regular:
      break;
  }
  return "regular";
}

std::vector<FlowItem> load_flow_items(const Context& context, const People& people, FlowDetail detail) {
  return Loader(context, people).load(detail);
}

std::shared_ptr<const std::vector<FlowItem>> shared_flow_items(const Context& context, const People& people,
                                                               FlowDetail detail) {
  if (!context.argument(PageMemo::kArgument).empty()) detail = std::max(detail, FlowDetail::times);
  return PageMemo::shared<std::vector<FlowItem>>(context, fmt::format("flow items {}", static_cast<int>(detail)), [&] {
    return std::make_shared<const std::vector<FlowItem>>(load_flow_items(context, people, detail));
  });
}

std::string gap_note(std::vector<Timestamp> moments, std::string_view what) {
  constexpr std::size_t kFewest = 20;
  if (moments.size() < kFewest) return {};
  std::sort(moments.begin(), moments.end());
  std::vector<Timestamp> gaps;
  std::size_t longest = 1;
  for (std::size_t i = 1; i < moments.size(); ++i) {
    gaps.push_back(moments[i] - moments[i - 1]);
    if (gaps.back() > moments[longest] - moments[longest - 1]) longest = i;
  }
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  const Timestamp gap = moments[longest] - moments[longest - 1];
  if (gap < 13 * kWeek || gap < 30 * std::max<Timestamp>(*middle, 1)) return {};
  return fmt::format(
      "No {} from {} to {}: if that is a gap in the data, what is said of those weeks, and of trends across them, is "
      "not so.",
      what, format_date(moments[longest - 1]), format_date(moments[longest]));
}

}  // namespace resident
