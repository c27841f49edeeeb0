// Items that another is linked to: named in its text, naming it, or said to be the same.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/item/dossier.hpp>
#include <base/text.hpp>
#include <learn/duplicates/known.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kMostLinked = 50;
constexpr const char *kNamed = "this names it", *kCloses = "this says that it closes it";

// By number, and by kind where the forge numbers issues and merge requests apart.
using Ways = std::map<std::pair<std::int64_t, ReferenceKind>, std::vector<std::string>>;

void add_to(std::vector<std::string>& list, const std::string& how) {
  if (std::find(list.begin(), list.end(), how) == list.end()) list.push_back(how);
}

void add(Ways& ways, std::int64_t number, ReferenceKind kind, const std::string& how) {
  add_to(ways[{number, kind}], how);
}

std::vector<std::string> ways_to(const Ways& ways, std::int64_t number, bool is_pull) {
  std::vector<std::string> list;
  for (const ReferenceKind kind : {ReferenceKind::any, is_pull ? ReferenceKind::pull : ReferenceKind::issue})
    if (const auto found = ways.find({number, kind}); found != ways.end())
      for (const auto& how : found->second) add_to(list, how);
  return list;
}

void take_text(const DossierSubject& subject, const ReferenceRules& rules, Ways& ways) {
  for (const std::string* part : {&subject.title, &subject.body})
    for (const auto& each : find_references(*part, Markup::markdown, rules))
      if (each.is_own()) add(ways, each.number, each.kind, each.closes ? kCloses : kNamed);
}

// The forge notes a reference on the item that is named.
void take_references(const Context& context, const DossierSubject& subject, const ReferenceRules& rules, Ways& ways) {
  const auto names = own_names(subject.number, subject.is_pull, rules);
  const Parameters parameters{{"project", context.project_id},
                              {"as_of", context.as_of},
                              {"item", subject.id},
                              {"name", names.front()},
                              {"whole", names.back()}};
  for (const auto rows = context.database.query(
           "SELECT e.detail, i.number, e.item_id, i.kind FROM event e JOIN item i ON i.project_id = e.project_id AND "
           "i.item_id = e.item_id WHERE e.project_id = :project AND e.kind = 'cross-referenced' AND e.occurred_at <= "
           ":as_of AND (e.item_id = :item OR e.detail = :name OR lower(e.detail) = :whole)",
           parameters);
       rows->next();) {
    if (rows->integer(2) != subject.id) {
      add(ways, rows->integer(1), rows->text(3) == "pull" ? ReferenceKind::pull : ReferenceKind::issue, kNamed);
      continue;
    }
    const Reference source = single_reference(rows->text(0), rules);
    if (source.number && source.is_own()) add(ways, source.number, source.kind, "names this");
  }
}

}  // namespace

Result linked_result(const Context& context, const DossierSubject& subject, const DossierMeans& means) {
  Ways ways;
  const ReferenceRules rules = context.reference_rules();
  take_text(subject, rules, ways);
  take_references(context, subject, rules, ways);
  std::map<std::int64_t, std::string> same;  // by item
  std::vector<duplicates::KnownDuplicate> loaded;
  if (!means.duplicates) loaded = duplicates::load_known_duplicates(context);
  for (const auto& known : means.duplicates ? *means.duplicates : loaded) {
    if (known.item_id == subject.id) same[known.of] = "this is marked as a duplicate of it";
    if (known.of == subject.id) same[known.item_id] = "is marked as a duplicate of this";
  }
  Result result = context.result("linked", "Linked items", "Which issues and pull requests belong to it?");
  result.columns = {{"number", "Item", ColumnType::item, "", "", "url"},
                    {"kind", "Kind", ColumnType::text},
                    {"title", "Title", ColumnType::text},
                    {"state", "State", ColumnType::text},
                    {"how", "How", ColumnType::text},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  std::int64_t open = 0, left_out = 0;
  if (!ways.empty() || !same.empty()) {
    std::vector<std::int64_t> numbers, items;
    for (const auto& [way, how] : ways) numbers.push_back(way.first);
    for (const auto& [item, how] : same) items.push_back(item);
    // Newest first, those that are open before all others.
    for (const auto rows = context.database.query(
             fmt::format("SELECT i.item_id, i.number, i.kind, i.title, i.url, i.merged_at, (SELECT count(*) FROM "
                         "item_interval v WHERE v.project_id = i.project_id AND v.item_id = i.item_id AND v.opened_at "
                         "<= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)) AS is_open FROM item i WHERE "
                         "i.project_id = :project AND i.created_at <= :as_of AND (i.number IN ({}) OR i.item_id IN "
                         "({})) ORDER BY 7 DESC, i.created_at DESC, i.item_id",
                         numbers.empty() ? "-1" : fmt::format("{}", fmt::join(numbers, ", ")),
                         items.empty() ? "-1" : fmt::format("{}", fmt::join(items, ", "))),
             context.parameters());
         rows->next();) {
      std::vector<std::string> how = ways_to(ways, rows->integer(1), rows->text(2) == "pull");
      const auto marked = same.find(rows->integer(0));
      if (rows->integer(0) == subject.id || (how.empty() && marked == same.end())) continue;
      if (result.rows.size() == kMostLinked) {
        ++left_out;
        continue;
      }
      if (std::find(how.begin(), how.end(), kCloses) != how.end()) std::erase(how, kNamed);
      if (marked != same.end()) how.push_back(marked->second);
      const auto merged = rows->optional_integer(5);
      const bool is_open = rows->integer(6) > 0;
      open += is_open;
      const bool is_pull = rows->text(2) == "pull";
      std::string url = rows->string(4);
      if (url.empty()) url = context.item_url(rows->text(2), rows->integer(1));
      result.rows.push_back({rows->integer(1), std::string(is_pull ? "pull request" : "issue"), rows->string(3),
                             std::string(is_open                              ? "open"
                                         : merged && *merged <= context.as_of ? "merged"
                                                                              : "closed"),
                             fmt::format("{}", fmt::join(how, "; ")), std::move(url)});
    }
  }
  const auto count = static_cast<long long>(result.rows.size()) + left_out;
  result.claim = count == 0 ? fmt::format("Nothing is known to be linked to #{}.", subject.number)
                            : fmt::format("{} linked to it; {} of {} open.", plural(count, "item is", "items are"),
                                          open, left_out ? "those shown" : "them");
  if (left_out) result.notes.push_back(fmt::format("{} older ones are left out.", left_out));
  result.definition =
      "Numbers of this repository in its title and own words (no quotes, no code), references that the forge noted, "
      "and marks of duplicates. Texts are those of today.";
  result.method = "both ways: what this item names, and what names it";
  return result;
}

}  // namespace resident
