#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <framework/queue_choice.hpp>

namespace resident {

namespace {

constexpr std::int64_t kMostDays = 36'500;

std::string text_of(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text ? *text : std::string();
}

std::optional<std::int64_t> number_of(const Cell& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number ? std::optional(*number) : std::nullopt;
}

// Whether one of a list of names ("a, b") is that, whatever the case; a name may have a comma in it.
bool has_name(const std::string& list, const std::string& name) {
  return fmt::format(", {}, ", to_lower(list)).find(fmt::format(", {}, ", to_lower(name))) != std::string::npos;
}

// A name that the project has nowhere is a slip, not a queue without entries.
void refuse_unknown(const Context& context, const char* what, const std::string& wanted, const char* sql) {
  if (wanted.empty()) return;
  const std::string lower = to_lower(wanted);
  std::vector<std::string> names;
  for (const auto rows = context.database.query(sql, {{"project", context.project_id}}); rows->next();) {
    names.push_back(to_lower(rows->text(0)));
    if (names.back() == lower) return;
  }
  const std::string nearest = near_miss(lower, names);
  throw Error(ErrorKind::usage, fmt::format("the project has no {} called {}", what, one_line(clean_text(wanted, 80))),
              nearest.empty() ? fmt::format("it takes the {}'s name as it stands in the project", what)
                              : fmt::format("did you mean {}?", one_line(nearest)));
}

}  // namespace

bool QueueChoice::takes(const std::string& labels, const std::string& by, std::optional<std::int64_t> age) const {
  if (!label.empty() && !has_name(labels, label)) return false;
  if (!author.empty() && to_lower(by) != to_lower(author)) return false;
  return older_days == 0 || (age && *age > older_days * kDay);
}

std::string QueueChoice::text() const {
  std::vector<std::string> wanted;
  if (!label.empty()) wanted.push_back("labelled " + label);
  if (!author.empty()) wanted.push_back("by " + author);
  if (older_days > 0) wanted.push_back(fmt::format("older than {}", plural(older_days, "day")));
  return fmt::format("{}", fmt::join(wanted, ", "));
}

QueueChoice queue_choice(const Context& context) {
  QueueChoice choice{context.argument("label"), context.argument("author"),
                     context.whole_number("older", 0, 0, kMostDays)};
  const std::string order = one_of_argument(context, "sort", {"rank", "age", "waiting"});
  if (order == "age") choice.order = QueueChoice::Order::age;
  if (order == "waiting") choice.order = QueueChoice::Order::waiting;
  return choice;
}

const std::vector<std::string_view>& queue_choice_names() {
  static const std::vector<std::string_view> names{"label", "author", "older", "sort"};
  return names;
}

std::vector<AnalysisParameter> with_queue_choice(std::vector<AnalysisParameter> own) {
  own.push_back({"label", "NAME", "only what has this label"});
  own.push_back({"author", "LOGIN", "only what they opened"});
  own.push_back({"older", "DAYS", "only what was opened longer ago"});
  own.push_back({"sort", "ORDER", "rank (as it stands), age or waiting: longest first"});
  return own;
}

void choose_rows(const Context& context, const QueueChoice& choice, const QueueChoiceColumns& columns, Result& queue) {
  const std::size_t all = queue.rows.size(), labels = queue.column(columns.labels),
                    author = queue.column(columns.author), age = queue.column(columns.age);
  std::erase_if(queue.rows, [&](const auto& row) {
    return !choice.takes(text_of(row.at(labels)), text_of(row.at(author)), number_of(row.at(age)));
  });
  if (queue.rows.empty() && choice.narrows()) {
    refuse_unknown(
        context, "label", choice.label,
        "SELECT DISTINCT name FROM item_label WHERE project_id = :project UNION SELECT name FROM label WHERE "
        "project_id = :project");
    refuse_unknown(context, "person", choice.author,
                   "SELECT login FROM person WHERE project_id = :project AND login IS NOT NULL UNION SELECT name FROM "
                   "person WHERE project_id = :project");
  }
  if (choice.order != QueueChoice::Order::rank) {
    const std::size_t by = choice.order == QueueChoice::Order::age ? age : queue.column(columns.waiting);
    // Longest first; nothing, which is the least of optionals, stands behind.
    std::stable_sort(queue.rows.begin(), queue.rows.end(),
                     [&](const auto& a, const auto& b) { return number_of(a.at(by)) > number_of(b.at(by)); });
  }
  if (choice.narrows())
    queue.notes.insert(queue.notes.begin(), fmt::format("{} of {} rows: {}.", queue.rows.size(), all, choice.text()));
}

}  // namespace resident
