// resident interest PATH…: which modules the projects of a corpus use.
#include <fmt/format.h>

#include <algorithm>
#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/row_list.hpp>
#include <map>
#include <model/modules.hpp>
#include <optional>
#include <sources/files/files.hpp>
#include <sources/interest/corpus.hpp>
#include <sources/interest/own_modules.hpp>
#include <sources/interest/tally.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

using interest::Language;
using interest::Tally;

struct InterestWishes {
  std::vector<std::string> paths, languages;
  interest::TallyOptions tally;
  std::string own_folder, downloads_file, views_file, counted;
  unsigned depth = 1, jobs = 0;
  std::uint64_t most = 0;
  bool keep = false;
};

// What is asked for beside the corpus: the project whose modules these are, and how much each thing weighs.
struct Joined {
  std::optional<interest::OwnModules> own;
  std::unordered_map<std::string, std::string> parts;        // of the store: by name of the module
  std::unordered_map<std::string, double> downloads, views;  // by project, by module
};

struct Reading {
  interest::CorpusReport corpus;
  std::vector<Tally> tallies;
  std::int64_t projects = 0, users = 0, relative = 0;
};

// As indexes of packages compare names (PEP 503).
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : to_lower(name)) {
    const bool is_dash = c == '-' || c == '_' || c == '.';
    if (!is_dash || !plain.ends_with('-')) plain += is_dash ? '-' : c;
  }
  return plain;
}

std::unordered_map<std::string, double> read_weights(const std::string& file, const char* key, const char* value,
                                                     bool is_name) {
  std::unordered_map<std::string, double> weights;
  if (file.empty()) return weights;
  const CsvTable table(read_whole_file(file == "-" ? "/dev/stdin" : file), file == "-" ? "what is piped in" : file);
  const std::size_t keys = table.need_column(key), values = table.need_column(value);
  for (std::size_t row = 0; row < table.size(); ++row)
    weights[is_name ? plain_name(table.text(row, keys)) : table.text(row, keys)] +=
        table.number(row, values).value_or(0);
  return weights;
}

Joined join(const Invocation& invocation, const InterestWishes& wishes) {
  Joined joined;
  joined.downloads = read_weights(wishes.downloads_file, "project", "downloads", true);
  joined.views = read_weights(wishes.views_file, "module", "views", false);
  if (!wishes.own_folder.empty()) {
    joined.own.emplace(interest::paths_below(wishes.own_folder));
  } else if (!invocation.project.empty()) {
    const auto database = invocation.open(Access::read);
    const Context context = invocation.context(*database);
    const ModuleMap modules(context);
    std::vector<std::string> paths;
    for (const std::int64_t id : modules.in_head()) paths.push_back(modules.path(id));
    joined.own.emplace(paths);
    for (const auto& module : joined.own->all()) joined.parts[module.name] = modules.module_of_path(module.path);
  }
  if (joined.own && joined.own->all().empty())
    throw Error("the project has no modules that imports could name", "it takes files of Python, C or C++");
  return joined;
}

Reading read(const InterestWishes& wishes) {
  interest::CorpusOptions options;
  options.paths = wishes.paths;
  options.depth = wishes.depth;
  options.workers = wishes.jobs > 0 ? wishes.jobs : processor_count();
  if (wishes.languages.empty()) {
    for (const Language& language : interest::languages()) options.languages.push_back(&language);
  }
  for (const std::string& name : wishes.languages) options.languages.push_back(&interest::language_named(name));
  Reading reading;
  reading.tallies.assign(options.workers, Tally(wishes.tally));
  std::vector<interest::Mentions> mentions(options.workers);
  reading.corpus = interest::read_corpus(options, [&](unsigned worker, const interest::CorpusFile& file) {
    mentions[worker].clear();
    mentions[worker].wants_attributes = wishes.tally.names;
    file.language->scan(file.text, mentions[worker]);
    reading.tallies[worker].add(*file.language, file.project, file.path, file.text, mentions[worker]);
  });
  reading.projects = Tally::projects(reading.tallies);
  reading.users = Tally::users(reading.tallies);
  for (const Tally& tally : reading.tallies) reading.relative += tally.relative();
  return reading;
}

std::string coverage_of(const Reading& reading, const InterestWishes& wishes) {
  std::string text =
      fmt::format("{} of {} in {}", plural(static_cast<std::int64_t>(reading.corpus.files), "file"),
                  plural(static_cast<std::int64_t>(reading.corpus.bytes), "byte"), plural(reading.projects, "project"));
  if (reading.relative > 0 && !wishes.tally.relative)
    text += fmt::format("; {} of a project's own modules left out",
                        plural(reading.relative, "relative import", "relative imports"));
  if (reading.corpus.unreadable > 0)
    text += fmt::format("; {} could not be read, of which the first is {}: {}",
                        plural(static_cast<std::int64_t>(reading.corpus.unreadable), "place"),
                        one_line(reading.corpus.problems.front().path), reading.corpus.problems.front().reason);
  return text + ".";
}

std::string claim_of(const Reading& reading, const InterestWishes& wishes, const std::vector<interest::Use>& uses) {
  if (uses.empty() || uses.front().projects == 0)
    return fmt::format("None of {} uses any of what was asked for.", plural(reading.projects, "project"));
  const interest::Use& first = uses.front();
  const std::string what = first.name.empty() ? first.module : fmt::format("{} of {}", first.name, first.module);
  const std::string all =
      plural(std::count_if(uses.begin(), uses.end(), [](const auto& use) { return use.projects > 0; }),
             wishes.tally.names ? "name" : "module");
  if (reading.projects == 1)  // of one project alone nothing is used by more
    return fmt::format("The one project uses {}; {} stands in most of its files ({}).", all, what,
                       with_thousands(first.files));
  return fmt::format("{} is used by {} of {}, and no other by more; {} in all.", what, with_thousands(first.projects),
                     plural(reading.projects, "project"), all);
}

// The uses, and of a project that is asked about the modules that nobody uses.
std::vector<interest::Use> uses_of(const Reading& reading, const InterestWishes& wishes, const Joined& joined) {
  std::vector<double> weights;
  for (const std::string& project : reading.corpus.projects) {
    const auto found = joined.downloads.find(plain_name(project));
    weights.push_back(found == joined.downloads.end() ? 0 : found->second);
  }
  auto uses = Tally::joined(reading.tallies, weights);
  if (!joined.own) return uses;
  std::unordered_set<std::string> used;
  for (const auto& use : uses) used.insert(use.module);
  for (const auto& module : joined.own->all()) {
    const bool is_read = wishes.languages.empty() || std::find(wishes.languages.begin(), wishes.languages.end(),
                                                               module.language->name) != wishes.languages.end();
    const bool is_asked = wishes.tally.wholes.empty() ||
                          std::any_of(wishes.tally.wholes.begin(), wishes.tally.wholes.end(), [&](const auto& whole) {
                            return interest::is_part(*module.language, module.name, whole);
                          });
    if (is_read && is_asked && !used.contains(module.name))
      uses.push_back({module.language, module.name, {}, 0, 0, 0, 0});
  }
  return uses;
}

void add_columns(Result& result, const InterestWishes& wishes, const Joined& joined) {
  result.columns = {{"module", "Module"}};
  if (wishes.tally.names) result.columns.push_back({"name", "Name"});
  if (!joined.parts.empty()) result.columns.push_back({"part", "Part of the project"});
  result.columns.push_back({"projects", "Projects", ColumnType::integer});
  result.columns.push_back({"files", "Files", ColumnType::integer});
  result.columns.push_back({"count", "Times", ColumnType::integer});
  if (!wishes.downloads_file.empty()) result.columns.push_back({"downloads", "Downloads", ColumnType::number});
  if (!wishes.views_file.empty()) result.columns.push_back({"views", "Page views", ColumnType::number});
  if (wishes.languages.size() != 1) result.columns.push_back({"language", "Language"});
}

std::vector<Cell> row_of(const interest::Use& use, const InterestWishes& wishes, const Joined& joined) {
  std::vector<Cell> row{use.module};
  if (wishes.tally.names) row.emplace_back(use.name);
  if (!joined.parts.empty()) {
    const auto part = joined.parts.find(use.module);
    row.emplace_back(part == joined.parts.end() ? std::string() : one_line(part->second));
  }
  row.insert(row.end(), {use.projects, use.files, use.count});
  if (!wishes.downloads_file.empty()) row.emplace_back(use.weight);
  if (!wishes.views_file.empty()) {
    const auto views = joined.views.find(use.module);
    row.push_back(views == joined.views.end() ? Cell() : Cell(views->second));
  }
  if (wishes.languages.size() != 1) row.emplace_back(std::string(use.language->name));
  return row;
}

Result result_of(const Reading& reading, const InterestWishes& wishes, const Joined& joined) {
  const auto uses = uses_of(reading, wishes, joined);
  Result result;
  result.name = "interest";
  result.title = "User interest";
  result.question = "Which modules do other projects use?";
  result.claim = claim_of(reading, wishes, uses);
  add_columns(result, wishes, joined);
  for (const auto& use : uses) {
    if (wishes.most > 0 && result.rows.size() == wishes.most) break;
    result.rows.push_back(row_of(use, wishes, joined));
  }
  if (result.rows.size() < uses.size())
    result.notes.push_back(fmt::format("{} more are left out by --limit.", uses.size() - result.rows.size()));
  result.sample_size = reading.projects;
  result.definition =
      "Projects: folders and archives directly under each path (--project-depth), each counted once however often it "
      "uses a module; one of the same name is the same project. Files: that use it. Times: statements that name it.";
  result.method = "Static: what the text says, run or not; strings and comments say nothing.";
  if (!wishes.downloads_file.empty())
    result.definition += " Downloads: the sum over the projects that use it, as the file has them by project.";
  if (joined.own) {
    const auto unused = std::count_if(uses.begin(), uses.end(), [](const auto& use) { return use.projects == 0; });
    result.notes.push_back(fmt::format("{} of the project's own modules are used by none of these.", unused));
  }
  result.coverage = coverage_of(reading, wishes);
  result.evidence.push_back({"every place: the same command with --each"});
  return result;
}

Result places_of(Reading& reading, const InterestWishes& wishes) {
  Result result;
  result.name = "interest_places";
  result.title = "Places of use";
  result.question = "Where is it used?";
  result.columns = {{"project", "Project"}, {"file", "File"}, {"line", "Line", ColumnType::integer},
                    {"module", "Module"},   {"name", "Name"}, {"conditional", "Conditional"}};
  const auto places = Tally::places(reading.tallies);
  for (const auto& place : places) {
    if (wishes.most > 0 && result.rows.size() == wishes.most) break;
    result.rows.push_back({one_line(clean_text(reading.corpus.projects[place.project])), place.file, place.line,
                           place.module, place.name, place.conditional ? "yes" : ""});
  }
  if (result.rows.size() < places.size())
    result.notes.push_back(fmt::format("{} more are left out by --limit.", places.size() - result.rows.size()));
  result.claim =
      fmt::format("{} of {} use it, at {}.", with_thousands(reading.users), plural(reading.projects, "project"),
                  plural(static_cast<std::int64_t>(places.size()), "place"));
  result.sample_size = reading.projects;
  result.definition = "A row for each name that a statement takes of a module.";
  result.coverage = coverage_of(reading, wishes);
  return result;
}

// The day of the corpus: today, or as given.
Timestamp counted_at(const Invocation& invocation, const InterestWishes& wishes) {
  if (wishes.counted.empty()) return invocation.clock.now();
  const auto at = parse_time(wishes.counted);
  if (!at || *at > invocation.clock.now())
    throw Error(ErrorKind::usage, "--counted is no day that has come", "the day of the corpus, as in 2023-01-09");
  return *at;
}

// By part of the project: of its names the one that most projects use, since who uses several is counted with each.
void keep_uses(const Invocation& invocation, const Reading& reading, const InterestWishes& wishes,
               const Joined& joined) {
  struct Most {
    std::int64_t projects = 0, files = 0;
    double downloads = 0;
  };
  std::map<std::string, Most> parts;
  for (const auto& [module, part] : joined.parts)
    if (!part.empty()) parts[part];
  for (const auto& use : uses_of(reading, wishes, joined)) {
    const auto part = joined.parts.find(use.module);
    if (part == joined.parts.end() || part->second.empty()) continue;
    Most& most = parts[part->second];
    if (std::pair(use.projects, use.files) > std::pair(most.projects, most.files))
      most.projects = use.projects, most.files = use.files;
    most.downloads = std::max(most.downloads, use.weight);
  }
  const Timestamp at = counted_at(invocation, wishes);
  const auto database = invocation.open(Access::write);
  const Context context = invocation.context(*database);
  const Parameters project{{"project", context.project_id}};
  std::vector<std::vector<Value>> rows, counts;
  for (const auto& [part, most] : parts) {
    rows.push_back({context.project_id, part, most.projects, most.files, reading.projects, at});
    counts.push_back({context.project_id, part, at, most.projects, reading.projects,
                      wishes.downloads_file.empty() ? Value() : Value(most.downloads)});
  }
  Transaction transaction(*database);
  const auto newest = database->integer("SELECT max(counted_at) FROM module_use WHERE project_id = :project", project);
  if (!newest || *newest <= at) {
    database->execute("DELETE FROM module_use WHERE project_id = :project", project);
    database->insert({"module_use",
                      {"project_id", "module", "projects", "files", "corpus_projects", "counted_at"},
                      {"project_id", "module"}},
                     rows);
  }
  database->insert({"module_use_count",
                    {"project_id", "module", "counted_at", "projects", "corpus_projects", "downloads"},
                    {"project_id", "module", "counted_at"}},
                   counts);
  transaction.commit();
  invocation.err << fmt::format("kept for `resident module` and `resident impact`: users of {} on {}\n",
                                plural(static_cast<long long>(rows.size()), "module"), format_date(at));
}

void declare_options(OptionSet& app, InterestWishes& wishes) {
  app.add_option("paths", wishes.paths, "Folders of projects, archives, object stores of git, or files")
      ->type_name("PATH")
      ->required();
  app.add_option("--language", wishes.languages, "Only files of this language; may be given several times")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--of", wishes.tally.wholes, "Only this module and its parts; may be given several times")
      ->type_name("MODULE")
      ->allow_extra_args(false);
  app.add_option("--in", wishes.own_folder,
                 "Sources of the project that is asked about: only its modules count, also those that nobody uses; "
                 "--project NAME does the same for a project in the store")
      ->type_name("FOLDER");
  app.add_option("--downloads", wishes.downloads_file,
                 "A CSV file (project, downloads): for each module also the downloads of the projects that use it")
      ->type_name("FILE");
  app.add_option("--views", wishes.views_file, "A CSV file (module, views): page views beside each module")
      ->type_name("FILE");
  app.add_flag("--names", wishes.tally.names, "Also what is taken of each module");
  app.add_flag("--each", wishes.tally.each, "Every place, with file and line, instead of counts");
  app.add_flag("--keep", wishes.keep,
               "With --project: keeps the counts in the store, by module, for `resident module` and `resident need`");
  app.add_option("--counted", wishes.counted,
                 "With --keep: the day of which the corpus is; today without it. Several days make a series for "
                 "`resident impact --outcome adoption:MODULE`")
      ->type_name("DATE");
  app.add_flag("--relative", wishes.tally.relative, "Also modules that a project names relative to itself");
  takes_whole_number(app.add_option("--project-depth", wishes.depth,
                                    "How far below a path its projects stand; 1 without it, 0: each path is one")
                         ->type_name("N"),
                     0, 16);
  takes_whole_number(app.add_option("--jobs", wishes.jobs, "Threads; as many as processors without it")->type_name("N"),
                     1, 256);
  takes_whole_number(app.add_option("--limit", wishes.most, "No more rows than these; all without it")->type_name("N"),
                     1, 1'000'000'000);
}

std::function<int()> declare_interest(OptionSet& app, Invocation& invocation) {
  auto wishes = std::make_shared<InterestWishes>();
  declare_options(app, *wishes);
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  return [&invocation, wishes] {
    if (wishes->keep && (invocation.project.empty() || wishes->tally.names || wishes->tally.each ||
                         !wishes->tally.wholes.empty() || !wishes->languages.empty()))
      throw Error(ErrorKind::usage, "--keep keeps the users of a project's modules",
                  "give --project NAME, and leave --names, --each, --of and --language out");
    if (!wishes->counted.empty()) {
      if (!wishes->keep) throw Error(ErrorKind::usage, "--counted is for --keep", "the day of which the corpus is");
      counted_at(invocation, *wishes);
    }
    const Joined joined = join(invocation, *wishes);
    wishes->tally.own = joined.own ? &*joined.own : nullptr;
    Reading reading = read(*wishes);
    const Result result = wishes->tally.each ? places_of(reading, *wishes) : result_of(reading, *wishes, joined);
    if (wishes->keep) keep_uses(invocation, reading, *wishes, joined);
    if (!invocation.wants_own_json()) {
      invocation.print({result});
      return 0;
    }
    for (const auto& problem : reading.corpus.problems)
      invocation.err << fmt::format("not read: {}: {}\n", one_line(problem.path), problem.reason);
    print_row_list(invocation.out, result, invocation.json);
    return 0;
  };
}

}  // namespace

extern const Command interest_command;
const Command interest_command{"interest", "Which modules the projects of a corpus use, counted by project",
                               "Reads imports of source files without running or unpacking anything: folders, archives "
                               "and git object stores. Needs "
                               "no store.\nExample: resident interest ~/corpus --language python --of asyncio --names",
                               declare_interest};

}  // namespace resident
