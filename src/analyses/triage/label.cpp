// resident label NAME: what bears a label now, since when, and how often it is given and taken away.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/queue_choice.hpp>
#include <map>
#include <model/queues/heard.hpp>
#include <model/queues/review.hpp>

namespace resident {

namespace {

constexpr int kMonths = 36;

// The label as the project writes it, whatever the case it was typed in.
std::string spelling_of(const Context& context, const std::string& typed) {
  std::vector<std::string> all;
  for (const auto rows = context.database.query(
           "SELECT DISTINCT name FROM item_label WHERE project_id = :project UNION SELECT DISTINCT label FROM event "
           "WHERE project_id = :project AND kind = 'labeled' AND label IS NOT NULL",
           {{"project", context.project_id}});
       rows->next();)
    all.push_back(rows->string(0));
  if (std::find(all.begin(), all.end(), typed) != all.end()) return typed;
  for (const std::string& each : all)
    if (to_lower(each) == to_lower(typed)) return each;
  const std::string meant = near_miss(typed, all);
  throw Error(ErrorKind::usage, fmt::format("no item has or had the label {}", fit_width(one_line(typed), 60)),
              meant.empty() ? "the triage queue shows the labels there are" : fmt::format("did you mean {}?", meant));
}

Result items_result(const Context& context, const std::string& label) {
  Result result =
      context.result("label", "Labelled " + one_line(label), "What is open with this label, and since when?");
  result.columns = {{"kind", "Kind"},
                    {"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"labelled", "Labelled for", ColumnType::duration, "", "since the label was set last"},
                    {"author", "Author"},
                    {"labels", "Labels"},
                    {"age", "Age", ColumnType::duration},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"kind", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"author", ColumnRole::person},
                    {"labels", ColumnRole::label}});
  const People people = load_people(context);
  std::int64_t pulls = 0;
  for (const OpenItem& item : load_open_items(context, people, "")) {
    if (!item.labels.contains(label)) continue;
    std::string others;
    for (const std::string& each : item.labels)
      if (each != label) others += (others.empty() ? "" : ", ") + each;
    pulls += item.is_pull;
    result.rows.push_back({std::string(item.is_pull ? "pull request" : "issue"), item.number, item.title,
                           std::max<Timestamp>(0, context.as_of - labelled_at(item, label)), people.name(item.author),
                           others, std::max<Timestamp>(0, context.as_of - item.began_at), item.url});
  }
  std::stable_sort(result.rows.begin(), result.rows.end(), [](const auto& a, const auto& b) {
    return std::get<std::int64_t>(a[3]) > std::get<std::int64_t>(b[3]);
  });
  const auto count = static_cast<std::int64_t>(result.rows.size());
  result.claim =
      count == 0 ? fmt::format("Nothing that is open has the label {}.", one_line(label))
                 : fmt::format("{} with the label {}: {} and {}; longest {}.", plural(count, "open item", "open items"),
                               one_line(label), plural(count - pulls, "issue"), plural(pulls, "pull request"),
                               waiting_text(context.as_of - std::get<std::int64_t>(result.rows[0][3]), context.as_of));
  choose_rows(context, queue_choice(context), {"author", "labels", "age", "labelled"}, result);
  result.sample_size = count;
  result.definition =
      "Open issues and pull requests that bear the label as of the moment, longest labelled first. Where no event "
      "tells "
      "when the label was set, since the item was opened.";
  result.method = "labels of today with all that happened later undone";
  return result;
}

Result months_result(const Context& context, const std::string& label) {
  Result result = context.result("label_months", "Given and taken away", "How often is the label given?");
  result.columns = {{"month", "Month", ColumnType::date},
                    {"given", "Given", ColumnType::integer},
                    {"taken", "Taken away", ColumnType::integer}};
  // At a month's very beginning the one before is the newest.
  const Timestamp now = start_of_month(context.as_of - 1), from = add_months(now, 1 - kMonths);
  std::map<Timestamp, std::pair<std::int64_t, std::int64_t>> months;
  for (Timestamp month = from; month <= now; month = add_months(month, 1)) months[month];
  Parameters parameters = context.parameters();
  parameters.emplace_back("from", from);
  parameters.emplace_back("label", label);
  std::int64_t given = 0, taken = 0;
  for (const char* kind : {"labeled", "unlabeled"}) {
    const auto rows = context.database.query(
        fmt::format(
            "SELECT occurred_at FROM event WHERE project_id = :project AND kind = '{}' AND occurred_at >= :from "
            "AND occurred_at <= :as_of AND label = :label",
            kind),
        parameters);
    const bool is_given = std::string_view(kind) == "labeled";
    while (rows->next()) {
      auto& month = months[start_of_month(rows->integer(0))];
      ++(is_given ? month.first : month.second);
      ++(is_given ? given : taken);
    }
  }
  while (months.size() > 1 && months.begin()->second == std::pair<std::int64_t, std::int64_t>())
    months.erase(months.begin());
  for (const auto& [month, counts] : months) result.rows.push_back({month, counts.first, counts.second});
  result.chart = {Chart::Kind::line, "month", {"given", "taken"}, "", "", "", "times per month"};
  result.claim = fmt::format("Given {} and taken away {} in the last {} months.", plural(given, "time"),
                             plural(taken, "time"), kMonths);
  result.sample_size = given + taken;
  result.definition = "Events `labeled` and `unlabeled` of the tracker, by month.";
  result.method = "counted from the timeline; labels that an item was opened with have no event at some forges";
  return result;
}

std::vector<Result> analyse_label(const Context& context) {
  const std::string typed = context.argument("name");
  if (typed.empty())
    throw Error(ErrorKind::usage, "label needs the name of a label", "for example `resident label bug`");
  const std::string label = spelling_of(context, typed);
  return {items_result(context, label), months_result(context, label)};
}

}  // namespace

extern const Analysis label_analysis;
const Analysis label_analysis{"label",
                              "A label",
                              "What is open with this label, since when, and how often is it given?",
                              {{"name", "NAME", "the label"},
                               {"author", "LOGIN", "only what they opened"},
                               {"older", "DAYS", "only what was opened longer ago"},
                               {"sort", "ORDER", "rank (labelled longest), age or waiting: longest first"}},
                              analyse_label,
                              {groups::kProject, "One label: what bears it, since when, and how often it is given",
                               "Example: resident label bug --older 90", "name"},
                              {{"label", 10, {{"name", std::string(kPageSubject)}}}}};

}  // namespace resident
