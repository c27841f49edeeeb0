// `module`: the dossier of one module: a sentence on whether it needs help, its history in one picture, and what is
// known of its demand, cost, capacity, health and momentum.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/module/need_shown.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <framework/next_command.hpp>
#include <map>
#include <model/experts.hpp>
#include <model/module_facts/module_facts.hpp>

namespace resident {

namespace {

constexpr std::size_t kOpenShown = 50, kPeopleShown = 20;

std::string number_text(double value, FigureKind kind) {
  switch (kind) {
    case FigureKind::count:
      return with_thousands(std::llround(value));
    case FigureKind::share:
      return fmt::format("{:.0f} %", 100 * value);
    case FigureKind::hours:
      return with_thousands(std::llround(value)) + " h";
    case FigureKind::days:
      return format_duration(value * static_cast<double>(kDay));
    case FigureKind::number:
      break;
  }
  return fmt::format("{:.2g}", value);
}

const char* unit_name(FigureKind kind) {
  switch (kind) {
    case FigureKind::count:
      return "count";
    case FigureKind::share:
      return "share";
    case FigureKind::hours:
      return "hours";
    case FigureKind::days:
      return "days";
    case FigureKind::number:
      break;
  }
  return "number";
}

std::string answer_of(const ModuleFigure& figure, FigureKind kind, const People& people, bool are_named) {
  if (!figure.value) return "not known: " + figure.lacking;
  std::string text = number_text(*figure.value, kind);
  if (figure.low && figure.high)
    text += fmt::format(" ({} to {})", number_text(*figure.low, kind), number_text(*figure.high, kind));
  if (figure.before) text += fmt::format("; a year earlier {}", number_text(*figure.before, kind));
  std::vector<std::string> names;
  for (const auto person : figure.people)
    if (are_named) names.push_back(people.name(person));
  if (!names.empty()) text += fmt::format(": {}", fmt::join(names, ", "));
  if (!figure.words.empty()) text += ": " + figure.words;
  return text;
}

// What shows the rows behind a figure.
std::string evidence_of(std::string_view key, const std::string& module) {
  static const std::map<std::string_view, const char*> commands{{"hours", "resident effort --by module"},
                                                                {"living_experts", "resident experts"},
                                                                {"known_files", "resident knowledge --module"},
                                                                {"orphaned_lines", "resident ownership --module"},
                                                                {"hotspots", "resident hotspots"},
                                                                {"reverts", "resident reverts"},
                                                                {"backports", "resident backports"},
                                                                {"questions", "resident inbox"},
                                                                {"users", "resident interest PATH… --each"},
                                                                {"red_tests", "resident ci tests --kind flaky"},
                                                                {"speed_events", "resident speed"},
                                                                {"proposals", "resident proposals"},
                                                                {"open_issues", "module_open, the rows below"},
                                                                {"open_pulls", "module_open, the rows below"},
                                                                {"open_days", "module_open, the rows below"},
                                                                {"moving_pulls", "module_open, the rows below"}};
  const auto found = commands.find(key);
  if (found == commands.end()) return "the queries below";
  const std::string_view command = found->second;
  const bool takes_module = command.ends_with("--module") || command.ends_with("experts");
  return takes_module ? fmt::format("{} {}", command, module) : std::string(command);
}

class Dossier {
 public:
  explicit Dossier(const Context& context)
      : context_(context),
        people_(load_people(context)),
        book_(kept_module_book(context, people_)),
        model_(learn_module_need(book_.work, half_life_argument(context))),
        name_(wanted()) {
    facts_ = book_.facts.find(name_);
    work_ = book_.work.find(name_);
    need_ = model_.find(name_);
  }

  std::vector<Result> make() { return {history(), figures(), knowers(), open()}; }

 private:
  std::string wanted() const {
    std::string name = context_.argument("module");
    while (name.size() > 1 && name.ends_with('/')) name.pop_back();
    if (name.empty())
      throw Error(ErrorKind::usage, "a dossier needs the name of a module", "`resident modules` lists them");
    if (book_.facts.find(name)) return name;
    std::vector<std::string> names;
    for (const auto& each : book_.facts.modules) names.push_back(each.name);
    if (names.empty())
      throw Error(ErrorKind::usage, "no modules are known that anything could be told of", why_no_code(context_));
    const std::string nearest = near_miss(name, names);
    throw Error(
        ErrorKind::usage, fmt::format("there is no module {}", one_line(name)),
        nearest.empty() ? "`resident modules` lists the modules" : fmt::format("did you mean {}?", one_line(nearest)));
  }

  std::string sentence() const {
    const std::string shown = one_line(name_);
    std::string text;
    if (!need_ || need_->needed_last_year <= 0) {
      text = fmt::format("Whether {} needs help cannot be said: {}.", shown,
                         need_ && !need_->why_not.empty() ? need_->why_not : "nothing of its work is known");
    } else if (!model_.is_trusted()) {
      text = fmt::format("{} got {} h of work in the last year, where {} {} h", shown,
                         with_thousands(std::llround(need_->hours_last_year)),
                         book_.work.has_items ? "what came needed" : "its usual pace is",
                         with_thousands(std::llround(need_->needed_last_year)));
      text += !need_->is_said() ? "."
                                : fmt::format(
                                      "; {} are expected in the next 12 months and {} needed, but how likely it "
                                      "falls short cannot be told here any better than for all modules alike.",
                                      hours_text(need_->supplied), hours_text(need_->needed));
    } else {
      const char* word = need_->probability >= 0.75   ? "is likely to get"
                         : need_->probability >= 0.5  ? "may well get"
                         : need_->probability >= 0.25 ? "may get"
                                                      : "is unlikely to get";
      text = fmt::format("{} {} fewer hours than it needs within 12 months: {}, with {} needed and {} expected.", shown,
                         word, probability_text(*need_), hours_text(need_->needed), hours_text(need_->supplied));
    }
    const auto* experts = facts_->find("living_experts");
    if (experts && experts->value) {
      std::vector<std::string> names;
      for (const auto person : experts->people) names.push_back(people_.name(person));
      text += names.empty() ? " Nobody who knows it well is still active."
                            : fmt::format(" Who knows it: {}.", fmt::join(names, ", "));
    }
    if (need_ && work_)
      if (const std::string reasons = reasons_of(*need_, *work_); !reasons.empty())
        text += fmt::format(" Seen: {}.", reasons);
    return text;
  }

  Result history() {
    Result result = context_.result("module", "Module " + one_line(name_), "Does this module need help, and why?");
    const bool has_items = book_.work.has_items;
    result.columns = {{"quarter", "Quarter from", ColumnType::date, "", "a quarter of 365 days, back from the moment"},
                      {"hours", "Hours of work", ColumnType::number, "hours"}};
    if (has_items) {
      result.columns.push_back(
          {"came", "Came", ColumnType::number, "items", "opened, in parts where of several modules"});
      result.columns.push_back({"closed", "Closed", ColumnType::number, "items"});
      result.columns.push_back({"open", "Open at its end", ColumnType::number, "items"});
    }
    result.columns.push_back({"changes", "Changes", ColumnType::integer, "commits"});
    const auto round = [](double value) { return std::round(10 * value) / 10; };
    if (work_)
      for (std::size_t i = book_.work.quarters; i-- > 0;) {
        std::vector<Cell> row{book_.work.start_of(i), round(work_->hours[i])};
        if (has_items)
          row.insert(row.end(), {round(work_->arrivals[i]), round(work_->resolved[i]), round(work_->open[i])});
        row.emplace_back(static_cast<std::int64_t>(std::llround(work_->changes[i])));
        result.rows.push_back(std::move(row));
      }
    result.chart = {Chart::Kind::line, "quarter", {"hours"}, "", "", "", "a quarter: hours, items, commits"};
    if (has_items)
      for (const char* each : {"came", "open"}) result.chart.y.emplace_back(each);
    else
      result.chart.y.emplace_back("changes");
    result.claim = sentence();
    result.sample_size = static_cast<std::int64_t>(result.rows.size());
    result.definition = need_definition(book_.work);
    result.method = need_method(model_);
    result.uncertainty =
        backtest_text(model_) + " Hours: 80 % from past errors; ways of counting them differ by a factor of three.";
    result.notes.push_back(fmt::format("As of the beginning of {} (UTC).", format_date(book_.work.moment)));
    result.notes.push_back("`resident need` holds it against the other modules.");
    add_evidence(result);
    return result;
  }

  void add_evidence(Result& result) const {
    // Rules may put any path into a module; a folder's name is the beginning of its paths.
    if (!context_.config.modules.empty() || name_.starts_with('(')) return;
    std::string prefix;
    for (const char c : name_) prefix += c == '\'' ? "''" : std::string(1, c);
    const std::string paths = fmt::format("substr(p.path, 1, {}) = '{}/'", name_.size() + 1, prefix);
    result.evidence.push_back(
        {"its changes",
         fmt::format("SELECT c.committed_at, c.sha, c.subject, p.path FROM git_commit c JOIN file_change f USING "
                     "(project_id, commit_id) JOIN path p USING (project_id, path_id) WHERE c.project_id = {} AND "
                     "c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= {} AND {} ORDER BY c.committed_at "
                     "DESC",
                     context_.project_id, book_.work.moment, paths),
         {}});
    if (!book_.work.has_items) return;
    result.evidence.push_back(
        {"its pull requests",
         fmt::format("SELECT DISTINCT i.number, i.title, i.created_at, i.state FROM item i JOIN item_file f USING "
                     "(project_id, item_id) JOIN path p USING (project_id, path_id) WHERE i.project_id = {} AND "
                     "i.created_at <= {} AND {} ORDER BY i.created_at DESC",
                     context_.project_id, book_.work.moment, paths),
         {}});
  }

  Result figures() {
    Result result = context_.result("module_figures", "Figures", "What is known of it?");
    result.columns = {{"part", "Part"},
                      {"figure", "Figure"},
                      {"answer", "Answer"},
                      {"n", "Of", ColumnType::integer, "", "so many were counted"},
                      {"key", "Key", ColumnType::text, "", "", "", true},
                      {"value", "Value", ColumnType::number, "", "", "", true},
                      {"low", "Low", ColumnType::number, "", "95 %", "", true},
                      {"high", "High", ColumnType::number, "", "95 %", "", true},
                      {"before", "A year earlier", ColumnType::number, "", "", "", true},
                      {"unit", "Unit", ColumnType::text, "", "", "", true},
                      {"lacking", "Lacking", ColumnType::text, "", "why there is no value", "", true},
                      {"definition", "Definition", ColumnType::text, "", "", "", true},
                      {"evidence", "Rows behind it", ColumnType::text, "", "", "", true}};
    const auto number = [](const std::optional<double>& value) { return value ? Cell(*value) : Cell(); };
    std::int64_t known = 0;
    std::vector<std::string> definitions;
    for (const auto& definition : figure_definitions()) {
      const ModuleFigure* figure = facts_->find(definition.key);
      if (!figure) continue;
      known += figure->value.has_value();
      definitions.push_back(fmt::format("{}: {}", definition.title, definition.definition));
      result.rows.push_back({std::string(name_of(definition.part)), std::string(definition.title),
                             answer_of(*figure, definition.kind, people_, context_.people_shown != PeopleShown::nobody),
                             figure->n ? Cell(*figure->n) : Cell(), std::string(definition.key), number(figure->value),
                             number(figure->low), number(figure->high), number(figure->before),
                             std::string(unit_name(definition.kind)), figure->lacking,
                             std::string(definition.definition), evidence_of(definition.key, name_)});
    }
    result.sample_size = static_cast<std::int64_t>(result.rows.size());
    result.claim =
        fmt::format("{} of {} are known of it.", known, plural(static_cast<long long>(result.rows.size()), "figure"));
    result.definition = fmt::format("{}.", fmt::join(definitions, ". "));
    result.uncertainty =
        "In brackets: 95 % intervals (shares: Wilson; medians: order statistics; means: normal). The others are counts "
        "of all that is known.";
    result.coverage += (result.coverage.empty() ? "" : "; ") + book_.facts.places;
    result.method = "counted over all modules at once, as of the beginning of the day, and kept for it";
    add_evidence(result);
    return result;
  }

  // Who works on it. Hours of single persons are for whoever has the store and asks for them.
  Result knowers() {
    const bool with_hours = flag_argument(context_, "people");
    Result result = context_.result("module_people", "Who works on it", "On how many people does it live?");
    result.columns = {{"person", "Person"},
                      {"last_quarter", "Last quarter here", ColumnType::date, "", "its first day"},
                      {"active", "Active in the project", ColumnType::text, "", "in the last 365 days"}};
    if (with_hours)
      result.columns.insert(result.columns.end(),
                            {{"hours", "Hours, 1 year", ColumnType::number, "hours"},
                             {"hours_before", "The year before", ColumnType::number, "hours"},
                             {"share", "Share", ColumnType::share, "", "of the last year's hours"}});
    result.set_roles({{"person", ColumnRole::person}});
    struct Line {
      std::int64_t person;
      double now, before;
      std::size_t last;
    };
    std::vector<Line> lines;
    double all = 0;
    if (work_)
      for (const auto& worker : work_->workers) {
        Line line{worker.person, 0, 0, worker.quarters.front()};
        for (std::size_t i = 0; i < worker.quarters.size(); ++i) {
          if (worker.quarters[i] < kQuartersAYear)
            line.now += worker.hours[i];
          else if (worker.quarters[i] < 2 * kQuartersAYear)
            line.before += worker.hours[i];
        }
        all += line.now;
        if (line.now > 0 || line.before > 0) lines.push_back(line);
      }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.now != b.now ? a.now > b.now : a.before > b.before; });
    std::int64_t now = 0;
    double covered = 0;
    std::int64_t half = 0;
    for (const Line& line : lines) {
      now += line.now > 0;
      if (covered < all / 2) covered += line.now, ++half;
      if (result.rows.size() == kPeopleShown) continue;
      const auto seen = book_.work.active.find(line.person);
      const bool is_here = seen != book_.work.active.end() && (seen->second & 0xf) != 0;
      std::vector<Cell> row{people_.name(line.person), book_.work.start_of(line.last),
                            std::string(is_here ? "yes" : "no")};
      if (with_hours)
        row.insert(row.end(),
                   {std::round(10 * line.now) / 10, std::round(10 * line.before) / 10, all > 0 ? line.now / all : 0});
      result.rows.push_back(std::move(row));
    }
    result.claim = now == 0 ? "Nobody worked on it in the last year."
                            : fmt::format("{} worked on it in the last year; half of the hours are {}.",
                                          plural(now, "person", "people"),
                                          half == 1 ? "one person's" : fmt::format("those of {} people", half));
    if (lines.size() > kPeopleShown)
      result.notes.push_back(fmt::format("The first {} of {}.", kPeopleShown, lines.size()));
    result.sample_size = static_cast<std::int64_t>(lines.size());
    result.definition =
        "In order of the hours of the last year, as in the figures; `resident experts` ranks by what people committed "
        "and reviewed instead. Whose hours they are is told with --people alone, to whoever has the store.";
    result.method = need_method(model_);
    return result;
  }

  Result open() {
    Result result = context_.result("module_open", "Open", "What waits here, longest first?");
    result.columns = {{"number", "Item", ColumnType::item, "", "", "url"},
                      {"kind", "Kind"},
                      {"title", "Title"},
                      {"waiting", "Open for", ColumnType::duration},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    const auto& open = facts_->open_items;
    const std::size_t shown = std::min(open.size(), kOpenShown);
    if (shown > 0) {
      std::map<std::int64_t, std::vector<Cell>> rows;
      for (const auto found = context_.database.query(
               fmt::format(
                   "SELECT i.item_id, i.number, i.kind, i.title, i.url, max(v.opened_at) FROM item i JOIN "
                   "item_interval v ON v.project_id = i.project_id AND v.item_id = i.item_id WHERE "
                   "i.project_id = :project AND v.opened_at <= :as_of AND i.item_id IN ({}) GROUP BY i.item_id, "
                   "i.number, i.kind, i.title, i.url",
                   fmt::join(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(shown), ", ")),
               context_.parameters());
           found->next();) {
        std::string url = found->string(4);
        if (url.empty()) url = context_.item_url(found->text(2), found->integer(1));
        rows[found->integer(0)] = {found->integer(1), std::string(found->text(2) == "pull" ? "pull request" : "issue"),
                                   found->string(3), context_.as_of - found->integer(5), url};
      }
      for (std::size_t i = 0; i < shown; ++i)
        if (const auto found = rows.find(open[i]); found != rows.end()) result.rows.push_back(found->second);
    }
    result.sample_size = static_cast<std::int64_t>(open.size());
    result.claim = !book_.work.has_items ? "No issues and pull requests are known."
                   : open.empty()
                       ? "Nothing is open."
                       : fmt::format("{} open.", plural(static_cast<long long>(open.size()), "item is", "items are"));
    if (open.size() > shown) result.notes.push_back(fmt::format("The {} that wait longest.", shown));
    result.definition = "Issues and pull requests that are put to this module: " +
                        std::string(
                            "pull requests by the files they change, issues by label, by what their text names, "
                            "or by the commits that name them.");
    result.method = "as of the beginning of the day";
    return result;
  }

  const Context& context_;
  People people_;
  ModuleBook book_;
  NeedModel model_;
  std::string name_;
  const ModuleFacts::Module* facts_ = nullptr;
  const ModuleWork::Module* work_ = nullptr;
  const ModuleNeed* need_ = nullptr;
};

std::vector<Result> analyse_module(const Context& context) {
  return Dossier(context).make();
}

}  // namespace

extern const Analysis module_analysis;
const Analysis module_analysis{
    "module",
    "Module",
    "Does this module need help, and why?",
    {{"module", "NAME", "as `resident modules` calls it"},
     {"half-life", "DAYS", "in which what was long ago counts half; knowledge_half_life_days without it"},
     {"people", "", "hours by person, too: for whoever has the store; no page shows them"}},
    analyse_module,
    {groups::kCode, "One module: its need of help, demand, cost, capacity, health and momentum",
     "What the store does not know is said to be lacking.\nExample: resident module src/net", "module"},
    {{"module", 10, {{"module", std::string(kPageSubject)}}}}};

}  // namespace resident
