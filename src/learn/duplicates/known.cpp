// What is known of an issue's duplicates, and the issues' texts, from the store.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <framework/learnt.hpp>
#include <learn/duplicates/known.hpp>
#include <learn/duplicates/replay.hpp>
#include <limits>
#include <map>
#include <model/open_items.hpp>
#include <unordered_map>

namespace resident::duplicates {

namespace {

// A remark "duplicate of #N" counts when the item was closed within these days of it.
constexpr Timestamp kClosedWithin = 14 * kDay;
constexpr std::size_t kLongestBody = 16000;  // bytes; what is beyond is mostly logs

struct Item {
  Timestamp created_at = 0, closed_at = 0;
  std::int64_t number = 0;
};

// Of this repository; 0: it names none, or another's.
std::int64_t number_in(std::string_view detail, const ReferenceRules& rules) {
  const Reference found = single_reference(detail, rules);
  return found.is_own() ? found.number : 0;
}

// "duplicate of #12": the number behind those words, in what the writer says. `doubt` outweighs it.
std::int64_t duplicate_named(std::string_view body, const ReferenceRules& rules) {
  static const Pattern remark(R"((?i)\bdup(?:licate|e)?s?\s+(?:of|to)\s*:?\s*(?:(?:issue|bug|pr)\s*)?)");
  static const Pattern doubt(
      R"((?i)(?:\bnot|n't|\b(?:might|may|could) be|\bis (?:this|it)|possibl[ey]|perhaps|maybe)\s+(?:an?\s+|the\s+)?\W*dup|dup\w*\s+of\s+\S+\s*\?)");
  const std::string words = spoken_text(body, Markup::markdown);
  if (doubt.found_in(words)) return 0;
  const auto references = references_in_spoken(words, rules);
  std::string_view found[1];
  for (std::size_t from = 0; !references.empty() && from < words.size();) {
    if (!remark.search(words, from, Pattern::Anchor::none, found)) break;
    auto behind = static_cast<std::size_t>(found[0].data() - words.data()) + found[0].size();
    while (behind < words.size() && words[behind] == kTransparent) ++behind;
    for (const auto& each : references)
      if (each.begin == behind && each.is_own()) return each.number;
    from = behind;
  }
  return 0;
}

}  // namespace

std::vector<text::ItemText> load_item_texts(const Context& context, Timestamp from) {
  std::vector<text::ItemText> items;
  Parameters parameters = context.parameters();
  parameters.emplace_back("from", from);
  for (const auto rows = context.database.query(
           "SELECT i.item_id, i.author_id, i.created_at, i.title, i.body FROM item i WHERE i.project_id = :project AND "
           "i.kind = 'issue' AND i.created_at <= :as_of AND i.created_at >= :from ORDER BY i.created_at, i.item_id",
           parameters);
       rows->next();)
    items.push_back({rows->integer(0), rows->integer(1), rows->integer(2), rows->string(3),
                     std::string(rows->text(4).substr(0, kLongestBody))});
  // Titles as they were: the first renaming after the moment holds the former title.
  std::unordered_map<std::int64_t, std::string> former;
  for (const auto rows = context.database.query(
           "SELECT item_id, detail FROM event WHERE project_id = :project AND kind = 'renamed' AND occurred_at > "
           ":as_of ORDER BY item_id, occurred_at DESC, position DESC",
           context.parameters());
       rows->next();)
    if (const auto arrow = rows->text(1).find(" → "); arrow != std::string_view::npos)
      former[rows->integer(0)] = std::string(rows->text(1).substr(0, arrow));
  for (auto& item : items)
    if (const auto found = former.find(item.item_id); found != former.end()) item.title = found->second;
  return items;
}

namespace {

constexpr std::string_view kForm = "2", kName = "duplicate_marks";  // of what is kept
constexpr Timestamp kAlways = std::numeric_limits<Timestamp>::min();

std::string pack(const std::vector<KnownDuplicate>& known) {
  Packer packer;
  packer.whole(known.size());
  for (const auto& each : known) {
    packer.signed_whole(each.item_id);
    packer.signed_whole(each.of);
    packer.signed_whole(each.known_at);
  }
  return packer.take();
}

std::vector<KnownDuplicate> unpack_marks(std::string_view bytes) {
  Unpacker unpacker(bytes);
  std::vector<KnownDuplicate> known(unpacker.count(3));
  for (auto& each : known) {
    each.item_id = unpacker.signed_whole();
    each.of = unpacker.signed_whole();
    each.known_at = unpacker.signed_whole();
  }
  unpacker.finish();
  return known;
}

// What was said of the first lives of items, in the tracker that the project left: it holds of the second lives.
template <class Mark>
void read_moved_marks(const Context& context, const ReferenceRules& rules, const Parameters& parameters,
                      const Mark& mark) {
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> numbers;  // by first life: the number here
  for (const auto rows = context.database.query(
           "SELECT tracker, first_number, item_id FROM item_move WHERE project_id = :project AND is_joined = 1 AND "
           "first_is_pull = 0 AND first_project_id IS NOT NULL",
           context.parameters());
       rows->next();)
    numbers[{rows->string(0), rows->integer(1)}] = rows->integer(2) / 2;
  if (numbers.empty()) return;
  for (const auto rows = context.database.query(
           "SELECT m.item_id, m.tracker, e.detail, e.occurred_at FROM item_move m JOIN event e ON e.project_id = "
           "m.first_project_id AND e.item_id = m.first_item_id WHERE m.project_id = :project AND m.is_joined = 1 AND "
           "m.first_is_pull = 0 AND e.kind = 'marked_as_duplicate' AND e.occurred_at <= :as_of AND e.occurred_at >= "
           ":since AND NOT EXISTS "
           "(SELECT 1 FROM event u WHERE u.project_id = e.project_id AND u.item_id = e.item_id AND u.kind = "
           "'unmarked_as_duplicate' AND u.detail = e.detail AND u.occurred_at >= e.occurred_at AND u.occurred_at <= "
           ":as_of) ORDER BY m.item_id, e.occurred_at",
           parameters);
       rows->next();)
    if (const auto other = numbers.find({rows->string(1), number_in(rows->text(2), rules)}); other != numbers.end())
      mark(rows->integer(0), other->second, rows->integer(3));
}

// From what was known before: only what happened since is read.
std::vector<KnownDuplicate> read_since(const Context& context, const std::vector<KnownDuplicate>& before,
                                       Timestamp since) {
  const bool is_all = since == kAlways;
  const ReferenceRules rules = context.reference_rules();
  std::unordered_map<std::int64_t, Item> issues;  // by item_id
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", is_all ? since : since - kDay);
  const auto each = [&](std::string_view sql, const auto& take) {
    for (const auto rows = context.database.query(sql, parameters); rows->next();) take(*rows);
  };
  each(
      "SELECT item_id, created_at, closed_at, number FROM item WHERE project_id = :project AND kind = 'issue' AND "
      "created_at <= :as_of",
      [&](Rows& row) {
        issues[row.integer(0)] = {row.integer(1), row.integer(2), row.integer(3)};
      });
  std::map<std::pair<std::int64_t, std::int64_t>, Timestamp> marks;
  for (const auto& known : before) marks.emplace(std::pair(known.item_id, known.of), known.known_at);
  const auto mark = [&](std::int64_t item, std::int64_t number, Timestamp at) {
    std::int64_t other = number * 2;
    if (number <= 0 || other == item || !issues.contains(item) || !issues.contains(other)) return;
    const auto earlier = [&](std::int64_t a, std::int64_t b) {
      return std::pair(issues[a].created_at, a) < std::pair(issues[b].created_at, b);
    };
    if (earlier(item, other)) std::swap(item, other);
    const auto [found, is_new] = marks.emplace(std::pair(item, other), at);
    if (!is_new) found->second = std::min(found->second, at);
  };
  each(
      "SELECT item_id, kind, detail, occurred_at FROM event WHERE project_id = :project AND kind IN "
      "('marked_as_duplicate', 'unmarked_as_duplicate') AND occurred_at <= :as_of AND occurred_at >= :since ORDER BY "
      "item_id, occurred_at, "
      "position",
      [&](Rows& row) {
        const std::int64_t number = number_in(row.text(2), rules);
        if (row.text(1) == "marked_as_duplicate") return mark(row.integer(0), number, row.integer(3));
        marks.erase({row.integer(0), number * 2});
        marks.erase({number * 2, row.integer(0)});
      });
  read_moved_marks(context, rules, parameters, mark);
  // A remark counts only with a closing about then, so since a moment only what was closed since can be new.
  const std::string closed_since =
      is_all
          ? ""
          : "AND item_id IN (SELECT item_id FROM item_interval WHERE project_id = :project AND closed_at >= :since) ";
  each("SELECT item_id, body, created_at FROM comment WHERE project_id = :project AND created_at <= :as_of " +
           closed_since +
           "AND (lower(body) LIKE '%duplicate%' OR lower(body) LIKE '%dup of%' OR lower(body) LIKE '%dupe of%')",
       [&](Rows& row) {
         const auto found = issues.find(row.integer(0));
         if (found == issues.end()) return;
         const Timestamp closed = found->second.closed_at;
         const Timestamp said = row.integer(2);
         if (closed == 0 || closed > context.as_of || closed < said - kDay || closed > said + kClosedWithin) return;
         if (const std::int64_t number = duplicate_named(row.text(1), rules))
           mark(row.integer(0), number, std::max(said, closed));
       });
  std::vector<KnownDuplicate> result;
  for (const auto& [pair, at] : marks) result.push_back({pair.first, pair.second, at});
  return result;
}

}  // namespace

std::vector<KnownDuplicate> read_known_duplicates(const Context& context) {
  return read_since(context, {}, kAlways);
}

std::vector<KnownDuplicate> load_known_duplicates(const Context& context) {
  const Timestamp moment = learning_moment(context.as_of);
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  const std::string basis = fmt::format(
      "{}: {} issues, {} marks, {} comments, {} moved by {}", kForm,
      count("item WHERE project_id = :project AND kind = 'issue' AND created_at"),
      count("event WHERE project_id = :project AND kind IN ('marked_as_duplicate', 'unmarked_as_duplicate') AND "
            "occurred_at"),
      count("comment WHERE project_id = :project AND created_at"),
      context.database
          .integer("SELECT count(*) FROM item_move WHERE project_id = :project AND is_joined = 1", context.parameters())
          .value_or(0),
      format_date(moment));
  const auto marks = kept_or_made(
      context, kName, basis, unpack_marks, [&] { return read_known_duplicates(when_learning(context)); }, pack);
  return read_since(context, marks, moment);
}

}  // namespace resident::duplicates
