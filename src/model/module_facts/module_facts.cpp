#include <fmt/format.h>

#include <algorithm>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <framework/learnt.hpp>
#include <model/module_facts/fact_draft.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr std::string_view kForm = "2", kName = "module_facts", kWorkForm = "1", kWorkName = "module_work";

}  // namespace

std::string_view name_of(ModulePart part) {
  switch (part) {
    case ModulePart::demand:
      return "demand";
    case ModulePart::cost:
      return "cost";
    case ModulePart::capacity:
      return "capacity";
    case ModulePart::health:
      return "health";
    case ModulePart::momentum:
      return "momentum";
  }
  return "";
}

const std::vector<FigureDefinition>& figure_definitions() {
  using P = ModulePart;
  using K = FigureKind;
  static const std::vector<FigureDefinition> list{
      {"issues_opened", P::demand, "Issues opened", K::count, "opened in the year before, bots' and spam left out"},
      {"pulls_opened", P::demand, "Pull requests opened", K::count,
       "opened in the year before, bots' and spam left out"},
      {"questions", P::demand, "Questions in channels", K::count,
       "threads of discussions, forums and lists in the year before that ask something (guide: channels) and whose "
       "text "
       "names the module or a file of it"},
      {"users", P::demand, "Projects that use it", K::count,
       "projects of a corpus whose imports name it, as `resident interest --project NAME --keep` counted last"},
      {"hours", P::cost, "Hours of work", K::hours,
       "in the year before, estimated from sessions of all acts (`resident effort`), in equal parts to the modules "
       "that "
       "an act was about"},
      {"review_rounds", P::cost, "Review rounds", K::number,
       "mean over pull requests closed in the year before: stretches of review by others, one ending where the author "
       "pushes; normal interval"},
      {"reverts", P::cost, "Reverts", K::share,
       "commits of the year before on the default branch that take another back (as `resident reverts` reads subjects "
       "and marks), of all that changed it"},
      {"ci_trouble", P::cost, "CI trouble", K::share,
       "pull requests opened in the year before with a failed run of CI, of those with any"},
      {"backports", P::cost, "Backports", K::count,
       "commits of the year before outside the default branch that say what they were picked from and changed it"},
      {"living_experts", P::capacity, "Active experts", K::count,
       "people with a point or more (commits and half the reviews, halved a year) who were active anywhere in the last "
       "365 days"},
      {"known_files", P::capacity, "Files that somebody here knows", K::share,
       "of its files with a known author, those of which at least one person with a tenth of the file's decayed "
       "knowledge is still active (`resident knowledge`)"},
      {"answered_requests", P::capacity, "Review requests answered", K::share,
       "requests to people in the year before (but the last 14 days) on its pull requests that were followed by that "
       "person's review within 14 days"},
      {"open_issues", P::health, "Open issues", K::count, "open at the moment"},
      {"open_pulls", P::health, "Open pull requests", K::count, "open at the moment"},
      {"open_days", P::health, "Median age of what is open", K::days,
       "days since it was opened (again); interval by order statistics (Conover)"},
      {"hotspots", P::health, "Largest hotspots", K::count,
       "commits of the year before to the file for which the product of the ranks of commits and of lines is largest "
       "(after Tornhill, 2015); the first three are named"},
      {"orphaned_lines", P::health, "Orphaned lines", K::share,
       "of the lines that stand, by people who were not active in the last 365 days (`resident ownership`)"},
      {"red_tests", P::health, "Tests that failed and passed on one commit", K::count,
       "tests named like a file of it, with both outcomes on one commit of the main branch in the last 90 days"},
      {"speed_events", P::health, "Benchmarks that became worse", K::count,
       "events of the year before (`resident speed`) at commits that changed it"},
      {"moving_pulls", P::momentum, "Open pull requests that move", K::count,
       "open, and anything was said or pushed in the last 30 days"},
      {"series", P::momentum, "Series of pull requests", K::count,
       "people who opened three or more of its pull requests in the last 90 days; they are named"},
      {"new_people", P::momentum, "People new to it", K::count,
       "with their first commit to it in the year before, who had one"},
      {"proposals", P::momentum, "Proposals about it", K::count, "enhancement proposals that name it"}};
  return list;
}

const ModuleFigure* ModuleFacts::Module::find(std::string_view key) const {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const auto& each) { return each.key == key; });
  return found == figures.end() ? nullptr : &*found;
}

const ModuleFacts::Module* ModuleFacts::find(const std::string& name) const {
  const auto found = std::find_if(modules.begin(), modules.end(), [&](const auto& each) { return each.name == name; });
  return found == modules.end() ? nullptr : &*found;
}

FactDraft::FactDraft(const Context& its_context, const People& its_people, ModulePlaces& its_places,
                     const ModuleWork& its_work)
    : context(its_context), people(its_people), places(its_places), work(its_work) {
  for (const auto& [name, files] : places.map().files())
    if (const auto module = places.find(name); module && files > 0) modules_.emplace_back(*module, name);
  std::sort(modules_.begin(), modules_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
}

ModuleFigure& FactDraft::figure(ModulePlaces::Module module, std::string_view key) {
  auto& figures = figures_[module];
  const auto found = figures.find(key);
  if (found != figures.end()) return found->second;
  ModuleFigure& added = figures[std::string(key)];
  added.key = std::string(key);
  return added;
}

void FactDraft::count(ModulePlaces::Module module, std::string_view key, std::int64_t count,
                      std::optional<std::int64_t> n) {
  ModuleFigure& each = figure(module, key);
  each.value = static_cast<double>(count);
  each.n = n;
}

void FactDraft::share(ModulePlaces::Module module, std::string_view key, std::int64_t part, std::int64_t whole,
                      std::string_view none) {
  ModuleFigure& each = figure(module, key);
  each.n = whole;
  const auto interval = stats::wilson_interval(part, whole);
  if (!interval) {
    each.lacking = std::string(none);
    return;
  }
  each.value = static_cast<double>(part) / static_cast<double>(whole);
  each.low = interval->low, each.high = interval->high;
}

void FactDraft::lacking(std::string_view key, const std::string& why) {
  for (const auto& [module, name] : modules_) figure(module, key).lacking = why;
}

bool FactDraft::exists(std::string_view table, std::string_view condition) const {
  return context.database
      .integer(fmt::format("SELECT 1 FROM {} WHERE project_id = :project{}{} LIMIT 1", table,
                           condition.empty() ? "" : " AND ", condition),
               {{"project", context.project_id}})
      .has_value();
}

ModuleFacts FactDraft::take() {
  ModuleFacts facts;
  facts.moment = context.as_of;
  for (const auto& [module, name] : modules_) {
    ModuleFacts::Module& into = facts.modules.emplace_back();
    into.name = name;
    for (const auto& definition : figure_definitions()) into.figures.push_back(figure(module, definition.key));
    into.open_items = std::move(open_[module]);
  }
  std::array<std::int64_t, 4> ways{};
  std::int64_t without = 0;
  for (const auto& item : places.items())
    item.place.modules.empty() ? ++without : ++ways[static_cast<std::size_t>(item.place.how)];
  if (!places.items().empty())
    facts.places = fmt::format(
        "Of {} issues and pull requests {} are put to modules by files, {} by commits, {} by labels, {} by their text; "
        "{} to none.",
        with_thousands(static_cast<long long>(places.items().size())), with_thousands(ways[0]), with_thousands(ways[1]),
        with_thousands(ways[2]), with_thousands(ways[3]), with_thousands(without));
  if (const std::string left_out = places.map().left_out_sentence(); !left_out.empty())
    facts.places += (facts.places.empty() ? "" : " ") + left_out;
  return facts;
}

ModuleFacts load_module_facts(const Context& context, const People& people, ModulePlaces& places,
                              const ModuleWork& work) {
  FactDraft draft(context, people, places, work);
  for (const auto& [module, name] : draft.modules()) {
    const auto* of = work.find(name);
    ModuleFigure& hours = draft.figure(module, "hours");
    if (!of || work.quarters < kQuartersAYear) {
      hours.lacking = "less than a year is known";
      continue;
    }
    double now = 0, before = 0;
    for (std::size_t quarter = 0; quarter < kQuartersAYear; ++quarter) {
      now += of->hours[quarter];
      if (work.quarters >= 2 * kQuartersAYear) before += of->hours[kQuartersAYear + quarter];
    }
    hours.value = now;
    if (work.quarters >= 2 * kQuartersAYear) hours.before = before;
  }
  add_item_facts(draft);
  add_code_facts(draft);
  add_measured_facts(draft);
  return draft.take();
}

std::string pack_module_facts(const ModuleFacts& facts) {
  Packer packer;
  const auto optional = [&](const std::optional<double>& value) {
    packer.whole(value.has_value());
    if (value) packer.number(*value);
  };
  packer.signed_whole(facts.moment);
  packer.text(facts.places);
  packer.whole(facts.modules.size());
  for (const auto& module : facts.modules) {
    packer.text(module.name);
    packer.numbers(module.open_items);
    packer.whole(module.figures.size());
    for (const auto& figure : module.figures) {
      packer.text(figure.key);
      for (const auto* value : {&figure.value, &figure.low, &figure.high, &figure.before}) optional(*value);
      packer.whole(figure.n.has_value());
      packer.signed_whole(figure.n.value_or(0));
      packer.text(figure.lacking);
      packer.text(figure.words);
      packer.numbers(figure.people);
    }
  }
  return packer.take();
}

ModuleFacts unpack_module_facts(std::string_view bytes) {
  Unpacker unpacker(bytes);
  ModuleFacts facts;
  facts.moment = unpacker.signed_whole();
  facts.places = std::string(unpacker.text());
  facts.modules.resize(unpacker.count(3));
  for (auto& module : facts.modules) {
    module.name = std::string(unpacker.text());
    module.open_items = unpacker.numbers<std::int64_t>();
    module.figures.resize(unpacker.count(10));
    for (auto& figure : module.figures) {
      figure.key = std::string(unpacker.text());
      for (auto* value : {&figure.value, &figure.low, &figure.high, &figure.before})
        if (unpacker.whole() != 0) *value = unpacker.number();
      const bool has_n = unpacker.whole() != 0;
      const std::int64_t n = unpacker.signed_whole();
      if (has_n) figure.n = n;
      figure.lacking = std::string(unpacker.text());
      figure.words = std::string(unpacker.text());
      figure.people = unpacker.numbers<std::int64_t>();
    }
  }
  unpacker.finish();
  return facts;
}

namespace {

// Which corpus was counted last: no source tells of it.
std::string users_basis(const Context& context) {
  for (const auto rows =
           context.database.query("SELECT count(*), coalesce(sum(projects), 0), coalesce(max(counted_at), "
                                  "0) FROM module_use WHERE project_id = :project",
                                  {{"project", context.project_id}});
       rows->next();)
    if (rows->integer(0) > 0)
      return fmt::format("; users {} of {} at {}", rows->integer(1), rows->integer(0), rows->integer(2));
  return {};
}

}  // namespace

ModuleBook kept_module_book(const Context& context, const People& people) {
  const std::string basis = module_basis(context, kForm) + users_basis(context),
                    work_basis = module_basis(context, kWorkForm);
  if (const auto work = read_learnt(context, kWorkName, work_basis))
    if (const auto facts = read_learnt(context, kName, basis)) try {
        return {unpack_module_work(*work), unpack_module_facts(*facts)};
      } catch (const Error&) {
        // Broken: made anew.
      }
  const Context then = at_module_moment(context);
  ModulePlaces places(then, people);
  ModuleBook book;
  book.work = load_module_work(then, people, places);
  book.facts = load_module_facts(then, people, places, book.work);
  keep_learnt(context, kWorkName, work_basis, module_moment(context), pack_module_work(book.work));
  keep_learnt(context, kName, basis, module_moment(context), pack_module_facts(book.facts));
  return book;
}

}  // namespace resident
