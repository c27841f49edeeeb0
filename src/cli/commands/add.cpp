// resident add KIND LOCATION, resident sync: declares sources and brings them up to date.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <chrono>
#include <cli/command.hpp>
#include <cli/commands/add_results.hpp>
#include <cli/declare_source.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <net/token.hpp>
#include <random>
#include <set>
#include <sources/source.hpp>
#include <store/sync_lease.hpp>
#include <store/writer.hpp>
#include <thread>

namespace resident {

namespace {

constexpr std::int64_t kMostItems = 1000;  // asked for by number at once

void tell_of_items(const Invocation& invocation, const std::string& project, const SyncSummary& summary,
                   std::size_t asked) {
  invocation.err << fmt::format("{}: {} {}: {} asked for again, {} written\n", one_line(project), summary.kind,
                                one_line(redact(summary.location)), plural(static_cast<long long>(asked), "item"),
                                plural(summary.changed, "record"));
  if (!summary.coverage.empty()) invocation.err << "  " << one_line(summary.coverage) << "\n";
}

void tell(const Invocation& invocation, const std::string& project, const SyncSummary& summary) {
  invocation.err << fmt::format(
      "{}: {} {}: {}\n", one_line(project), summary.kind, one_line(redact(summary.location)),
      summary.changed ? fmt::format("{} new or changed", with_thousands(summary.changed)) : "nothing new");
  if (summary.quarantined)
    invocation.err << fmt::format("  {} set aside with the reason; `resident doctor` lists them\n",
                                  plural(summary.quarantined, "record was", "records were"));
  if (!summary.coverage.empty()) invocation.err << "  " << one_line(summary.coverage) << "\n";
  for (const auto& [place, items] : summary.taken_over)
    invocation.err << fmt::format("  {} had come from {}; what this source says of {} counts now\n",
                                  plural(items, "item"), one_line(place), items == 1 ? "it" : "them");
}

// Sources that came before what they read of this one's kind: a list of patches before the clone that has their
// commits; where it brought nothing, those that were cut off the last time. One that fails takes nothing away from the
// one that was added.
void sync_what_reads(const Invocation& invocation, Database& database, std::int64_t project, const std::string& name,
                     const std::string& kind, bool brought, const BotRules& bots, const SyncOptions& options) {
  for (const std::int64_t source : sources_that_read(database, project, kind)) {
    const auto rows =
        database.query("SELECT kind, state FROM source WHERE project_id = :project AND source_id = :source",
                       {{"project", project}, {"source", source}});
    if (!rows->next()) continue;
    const std::string its_kind = rows->string(0);
    const bool is_due = brought || rows->text(1) == "syncing";
    try {
      SyncSummary summary;
      if (is_due) summary = sync_source(database, project, source, bots, invocation.clock.now(), options);
      if (summary.changed > 0) tell(invocation, name, summary);
      sync_what_reads(invocation, database, project, name, its_kind, summary.changed > 0, bots, options);
    } catch (const Error& error) {
      invocation.err << fmt::format("{}: {}\n", one_line(name), one_line(redact(error.what())));
    }
  }
}

// What was declared now and gave nothing is no source, nor is a project that was made for it one.
void withdraw(Database& database, std::int64_t project, std::int64_t source, bool is_new_project) {
  if (rows_of_source(database, project, source) > 0) return;
  if (is_new_project)
    remove_project(database, project);
  else
    withdraw_source(database, project, source);
}

// Where all of a new source was set aside, it is some other file.
void refuse_what_cannot_be_read(Database& database, std::int64_t project, std::int64_t source,
                                const SyncSummary& summary) {
  const auto reason =
      database.text("SELECT min(reason) FROM quarantine WHERE project_id = :project AND source_id = :source",
                    {{"project", project}, {"source", source}});
  throw Error(ErrorKind::usage,
              fmt::format("nothing in {} can be read as {}: {}", one_line(redact(summary.location)), summary.kind,
                          one_line(reason.value_or("no record of it"))),
              "it was not added; check the kind and the place (`resident add --help` lists the kinds)");
}

std::string project_name(const Invocation& invocation, const SourceKind& kind, const std::string& location) {
  std::string name = invocation.project;
  if (name.empty() && kind.project_name) name = kind.project_name(location);
  if (name.empty()) {
    name = std::filesystem::path(location).lexically_normal().filename().string();
    if (name.empty() || name == "." || name == "/")
      name = std::filesystem::absolute(location).lexically_normal().parent_path().filename().string();
    for (const std::string_view ending : {".git", ".zst", ".gz", ".xz", ".tar", ".json", ".jsonl", ".mbox"})
      if (name.ends_with(ending) && name.size() > ending.size()) name.resize(name.size() - ending.size());
  }
  return name;
}

struct SyncWishes {
  std::string memory = "512M", since;
  unsigned jobs = 0;
  bool no_lines = false, no_pulls = false;
  std::optional<double> max_wait;

  SyncOptions options(const Invocation& invocation, const Config& config) const {
    SyncOptions options{jobs, parse_memory(memory), !no_lines, !no_pulls};
    options.config = &config;
    options.clock = &invocation.clock;
    options.messages = &invocation.err;
    options.max_wait = max_wait;
    if (since.empty()) return options;
    options.since = parse_time(since);
    if (!options.since)
      throw Error(ErrorKind::usage, fmt::format("--since: {} is not a date", one_line(since)),
                  "write it like 2024-01-31, or 2024-01-31T10:00:00Z");
    return options;
  }
};

// "12,15-20", in order, each once.
std::vector<std::int64_t> item_numbers(const std::string& text) {
  constexpr std::int64_t kLargest = 999'999'999;
  const auto number = [](std::string_view part) -> std::optional<std::int64_t> {
    if (part.starts_with('#')) part.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (problem != std::errc() || end != part.data() + part.size() || value < 1 || value > kLargest)
      return std::nullopt;
    return value;
  };
  std::set<std::int64_t> numbers;
  for (const auto piece : split(text, ',')) {
    const std::string_view part = trim(piece);
    const std::size_t dash = part.find('-');
    const auto first = number(trim(part.substr(0, dash)));
    const auto last = dash == std::string_view::npos ? first : number(trim(part.substr(dash + 1)));
    if (!first || !last || *last < *first)
      throw Error(ErrorKind::usage, fmt::format("--items: \"{}\" is no number of an item", one_line(std::string(part))),
                  "write them like 12,15-20");
    if (static_cast<std::int64_t>(numbers.size()) + *last - *first >= kMostItems)
      throw Error(ErrorKind::usage, fmt::format("--items takes {} items at most", with_thousands(kMostItems)),
                  "`resident sync` alone asks for all that changed");
    for (std::int64_t each = *first; each <= *last; ++each) numbers.insert(each);
  }
  return {numbers.begin(), numbers.end()};
}

std::shared_ptr<SyncWishes> add_sync_options(OptionSet& app) {
  auto wishes = std::make_shared<SyncWishes>();
  app.add_option("--memory", wishes->memory, "Bound for the caches, e.g. 256M or 2G; 512M without it")
      ->type_name("SIZE");
  takes_whole_number(app.add_option("--jobs", wishes->jobs, "Threads; one a core without it")->type_name("N"), 0, 1024);
  app.add_flag("--no-lines", wishes->no_lines,
               "Leave out for now who wrote which line; a later sync without it fills it in");
  app.add_flag(
      "--no-pulls", wishes->no_pulls,
      "Leave out for now what only heads of pull requests reach in a clone; a later sync without it fills it in");
  app.add_option("--since", wishes->since,
                 "From a forge: leave out what was not touched since; a later sync without it fills it in")
      ->type_name("DATE");
  takes_number(
      app.add_option("--max-wait", wishes->max_wait,
                     "Rather than wait longer than this for a forge's limit, stop with exit code 5; run again to go on")
          ->type_name("SECONDS"),
      0, 1e9);
  return wishes;
}

// `add git CLONE`, or in one word `add github:OWNER/NAME`; the place as it is written down.
std::pair<const SourceKind*, std::string> kind_and_place(std::string kind, std::string location) {
  if (const std::size_t colon = kind.find(':'); colon != std::string::npos && location.empty()) {
    location = kind.substr(colon + 1);
    kind.resize(colon);
  }
  const SourceKind& chosen = find_source_kind(kind);
  if (location.empty())
    throw Error(ErrorKind::usage, fmt::format("where is it? {} needs {}", kind, chosen.argument),
                fmt::format("resident add {} {}", kind, chosen.argument));
  if (chosen.is_path() && !std::filesystem::exists(location))
    throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(location)), "check the path");
  return {&chosen, place_of(chosen, location)};
}

// What is said of all files of a place of benchmarks, as it stands behind its path: "#sha=abc&machine=m".
std::string measured_text(const std::array<std::string, 3>& measured) {
  constexpr std::array<std::string_view, 3> kKeys{"sha", "at", "machine"};
  std::string text;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (measured[i].empty()) continue;
    if (measured[i].find_first_of("#&\n") != std::string::npos)
      throw Error(ErrorKind::usage, fmt::format("--{}: {} is none", kKeys[i], one_line(measured[i])));
    if (kKeys[i] == "at" && !parse_time(measured[i]))
      throw Error(ErrorKind::usage, fmt::format("--at: {} is not a date", one_line(measured[i])),
                  "write it like 2024-01-31, or 2024-01-31T10:00:00Z");
    text += fmt::format("{}{}={}", text.empty() ? "#" : "&", kKeys[i], measured[i]);
  }
  return text;
}

// What only results of tests and benchmarks take.
void refuse_what_is_of_others(const std::string& kind, const ResultOptions& run, const std::string& machine,
                              std::size_t places) {
  const bool are_results = kind == "results", are_benchmarks = kind == "benchmarks";
  const bool has_shared = !run.asked.sha.empty() || !run.at.empty();
  const bool has_own = !run.asked.branch.empty() || !run.asked.builder.empty() || !run.pull.empty();
  if (has_own && !are_results)
    throw Error(ErrorKind::usage, "--branch, --builder and --pull are for results of tests",
                "resident add results PLACE… --sha SHA");
  if (!machine.empty() && !are_benchmarks)
    throw Error(ErrorKind::usage, "--machine is for benchmarks", "resident add benchmarks PLACE --machine NAME");
  if (has_shared && !are_results && !are_benchmarks)
    throw Error(ErrorKind::usage, "--sha and --at are for results of tests and for benchmarks",
                "resident add results PLACE… --sha SHA");
  if (places > 1 && !are_results)
    throw Error(ErrorKind::usage, fmt::format("{} takes one place", one_line(kind)),
                "add each with a command of its own");
}

// A pipe, as of <(a process substitution) or /dev/stdin.
bool is_stream(const SourceKind& kind, const std::string& place) {
  return kind.is_path() && !std::filesystem::is_regular_file(place) && !std::filesystem::is_directory(place);
}

std::function<int()> declare_add(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  auto kind = std::make_shared<std::string>();
  auto locations = std::make_shared<std::vector<std::string>>();
  std::string kinds;
  for (const auto* each : source_kinds())
    kinds += fmt::format("\n  {} {}: {}", each->name, each->argument, each->description);
  app.add_option("kind", *kind, "The kind of source; or KIND:LOCATION, as in github:OWNER/NAME")
      ->required()
      ->type_name("KIND");
  app.add_option("location", *locations, "Where it is; results: places, as many as there are")->type_name("LOCATION");
  app.add_option("--project", invocation.project, "The project it belongs to; without it, the location's last part")
      ->type_name("NAME");
  auto no_sync = std::make_shared<bool>(false);
  app.add_flag("--no-sync", *no_sync, "Only declare it");
  app.footer("The kinds are:" + kinds +
             "\nAdding a source again changes nothing but brings it up to date.\nExample: resident add git ~/cpython "
             "--project cpython");
  const auto wishes = add_sync_options(app);
  const auto run = add_result_run_options(app);
  const auto machine = std::make_shared<std::string>();
  app.add_option("--machine", *machine, "benchmarks: what the machine is called")->type_name("NAME");
  return [&invocation, kind, locations, no_sync, wishes, run, machine] {
    const std::string location = locations->empty() ? std::string() : locations->front();
    const bool are_results = *kind == "results", are_benchmarks = *kind == "benchmarks";
    refuse_what_is_of_others(*kind, *run, *machine, locations->size());
    if (are_results && invocation.project.empty())
      throw Error(ErrorKind::usage, "reports do not say which project they are of",
                  "give its name with --project NAME");
    const auto [chosen, place] = kind_and_place(
        *kind, are_benchmarks ? location + measured_text({run->asked.sha, run->at, *machine}) : location);
    if (are_results) return add_results_of(invocation, run->wanted(*locations));
    if (is_stream(*chosen, place) && chosen->name != "jsonl")
      throw Error(
          ErrorKind::usage, fmt::format("{} is neither a file nor a folder", one_line(place)),
          fmt::format("write what comes through it to a file; only jsonl is read from a pipe, not {}", chosen->name));
    if (is_stream(*chosen, place) && invocation.project.empty())
      throw Error(ErrorKind::usage, "a pipe does not say which project it is", "give its name with --project NAME");
    const std::string name = project_name(invocation, *chosen, place);
    const Config config = invocation.load_config();
    const SyncOptions options = wishes->options(invocation, config);
    const BotRules bots = config.project(name).bots;
    const auto database = invocation.open(Access::write);
    const std::vector<std::string> known = project_names(*database);
    const bool is_new_project = std::find(known.begin(), known.end(), name) == known.end();
    const std::int64_t project = declare_project(*database, name);
    if (chosen->name == "git") mind_other_clone(invocation.err, *database, project, place);
    const std::int64_t source = ensure_source(*database, project, std::string(chosen->name), place);
    const bool is_new = !database->text(
        "SELECT cursor FROM source WHERE project_id = :project AND source_id = :source AND state <> 'new'",
        {{"project", project}, {"source", source}});
    // What was read through a pipe of the same name says nothing about what is there now.
    database->execute(
        "UPDATE source SET cursor = NULL WHERE project_id = :project AND source_id = :source AND cursor = "
        ":read_once",
        {{"project", project}, {"source", source}, {"read_once", std::string(kReadOnce)}});
    if (*no_sync) return 0;
    try {
      const SyncSummary summary = sync_source(*database, project, source, bots, invocation.clock.now(), options);
      // What reads commits may wait for the clone that has them, and says so.
      const bool waits = find_source_kind(summary.kind).turn == 2 && !summary.coverage.empty();
      if (is_new && summary.changed == 0 && summary.quarantined > 0 && !waits)
        refuse_what_cannot_be_read(*database, project, source, summary);
      tell(invocation, name, summary);
      sync_what_reads(invocation, *database, project, name, summary.kind, summary.changed > 0, bots, options);
    } catch (const Error& error) {
      if (is_new && (error.kind() == ErrorKind::usage || error.kind() == ErrorKind::failed))
        withdraw(*database, project, source, is_new_project);
      throw;
    }
    return 0;
  };
}

struct Task {
  std::int64_t project, source;
  std::string name, kind, location;
};

// All sources, or those of one project by its name or number.
std::vector<Task> tasks_of(Database& database, const std::string& name, std::int64_t project = 0) {
  std::vector<Task> tasks;
  for (const auto rows =
           database.query("SELECT s.project_id, s.source_id, p.name, s.kind, s.location FROM source s JOIN project "
                          "p ON p.project_id = s.project_id WHERE (:name = '' OR p.name = :name) AND (:project = 0 OR "
                          "p.project_id = :project) ORDER BY s.project_id, s.source_id",
                          {{"name", name}, {"project", project}});
       rows->next();)
    tasks.push_back({rows->integer(0), rows->integer(1), rows->string(2), rows->string(3), rows->string(4)});
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
    return std::pair(a.project, find_source_kind(a.kind).turn) < std::pair(b.project, find_source_kind(b.kind).turn);
  });
  return tasks;
}

struct Failures {
  int failed = 0, refused = 0;  // refused: for want of a right
};

// One source that fails does not keep the others waiting.
void sync_tasks(const Invocation& invocation, Database& database, const Config& config, const SyncOptions& options,
                const std::vector<Task>& tasks, Failures& failures) {
  for (const auto& task : tasks) {
    try {
      const SyncSummary summary = sync_source(database, task.project, task.source, config.project(task.name).bots,
                                              invocation.clock.now(), options);
      if (options.items.empty())
        tell(invocation, task.name, summary);
      else
        tell_of_items(invocation, task.name, summary, options.items.size());
    } catch (const Error& error) {
      ++failures.failed;
      if (error.kind() == ErrorKind::authentication) ++failures.refused;
      invocation.err << fmt::format("{}: {}\n", one_line(task.name), one_line(redact(error.what())));
      if (!error.hint().empty()) invocation.err << "  " << one_line(redact(error.hint())) << "\n";
    }
  }
}

void throw_of(const Failures& failures, std::size_t sources) {
  if (failures.failed)
    throw Error(failures.refused == failures.failed ? ErrorKind::authentication : ErrorKind::incomplete,
                fmt::format("{} of {} failed", failures.failed, plural(static_cast<long long>(sources), "source")),
                "`resident doctor` says what to do; running it again resumes");
}

struct WorkerWishes {
  bool is_worker = false, once = false;
  std::int64_t every = 15;  // minutes
  std::int64_t lease = SyncLease::kSeconds;
};

std::string worker_name() {
  std::array<char, 256> machine{};
  gethostname(machine.data(), machine.size() - 1);
  return fmt::format("{} {} {:08x}", machine.data(), getpid(), std::random_device{}());
}

// Takes projects from the store, one after the other, beside any number of others who do the same.
int work(const Invocation& invocation, const Config& config, const SyncOptions& options, const WorkerWishes& wishes) {
  constexpr auto kPause = std::chrono::seconds(2);  // until it looks again
  const auto database = invocation.open(Access::write);
  const std::string name = worker_name();
  const std::int64_t every = wishes.every * 60, begun = SyncLease::now(*database);
  Failures failures;
  std::size_t sources = 0;
  while (!wishes.once || SyncLease::is_any_due(*database, begun, every)) {
    const auto lease = SyncLease::take(*database, invocation.open(Access::write), name, every, wishes.lease);
    if (!lease) {  // what others are at may be left to this one yet
      std::this_thread::sleep_for(kPause);
      continue;
    }
    const std::vector<Task> tasks = tasks_of(*database, {}, lease->project_id());
    sources += tasks.size();
    sync_tasks(invocation, *database, config, options, tasks, failures);
    if (lease->is_held())
      lease->done();
    else
      invocation.err << fmt::format("{}: another worker has taken it over\n", one_line(tasks.front().name));
  }
  throw_of(failures, sources);
  return 0;
}

std::shared_ptr<WorkerWishes> add_worker_options(OptionSet& app) {
  auto wishes = std::make_shared<WorkerWishes>();
  app.add_flag("--worker", wishes->is_worker,
               "Stay, and take projects from the store as they become due, beside any number of other workers");
  takes_whole_number(app.add_option("--every", wishes->every,
                                    "A worker's: how many minutes after its last time a project is due; 15 without it")
                         ->type_name("MINUTES"),
                     1, 525600);
  takes_whole_number(app.add_option("--lease", wishes->lease,
                                    "A worker's: after how many seconds without a sign of life others may take its "
                                    "project; 60 without it")
                         ->type_name("SECONDS"),
                     3, 86400);
  app.add_flag("--once", wishes->once, "A worker's: end when nothing is due");
  return wishes;
}

std::function<int()> declare_sync(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  const auto wishes = add_sync_options(app);
  const auto worker = add_worker_options(app);
  auto numbers = std::make_shared<std::string>();
  const OptionHandle option =
      app.add_option(
             "--items", *numbers,
             "From a forge: ask again for these alone, all of them, whatever they look like; numbers and ranges, "
             "as 12,15-20")
          ->type_name("NUMBERS")
          ->excludes("--since");
  return [&invocation, wishes, worker, numbers, option] {
    const std::vector<std::int64_t> items = option->count() == 0 ? std::vector<std::int64_t>() : item_numbers(*numbers);
    const Config config = invocation.load_config();
    SyncOptions options = wishes->options(invocation, config);  // a slip in a value is said before anything is read
    if (worker->is_worker) {
      if (!items.empty() || !invocation.project.empty())
        throw Error(ErrorKind::usage, "a worker takes whatever project is due", "leave out --project and --items");
      return work(invocation, config, options, *worker);
    }
    if (worker->once) throw Error(ErrorKind::usage, "--once is a worker's", "resident sync --worker --once");
    const auto database = invocation.open(Access::write);
    if (!invocation.project.empty()) invocation.context(*database);  // throws, with the nearest name
    std::vector<Task> tasks = tasks_of(*database, invocation.project);
    if (tasks.empty())
      throw Error(ErrorKind::usage, "there is no source to sync",
                  "add one with `resident add git CLONE --project NAME`");
    if (!items.empty()) {
      const Task other = tasks.front();
      std::erase_if(tasks, [](const Task& task) { return !find_source_kind(task.kind).takes_numbers; });
      if (tasks.empty())
        throw Error(
            ErrorKind::usage,
            fmt::format("--items: {} {} cannot be asked for single items", other.kind, one_line(other.location)),
            "only forges, trackers and forums that are read live can; `resident sync` reads all that is new here");
      if (std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) { return task.project != tasks[0].project; }))
        throw Error(ErrorKind::usage, "--items: several projects have items with such numbers",
                    "say which is meant with --project NAME");
    }
    options.items = items;
    options.anew = !items.empty();
    Failures failures;
    sync_tasks(invocation, *database, config, options, tasks, failures);
    throw_of(failures, tasks.size());
    return 0;
  };
}

}  // namespace

extern const Command add_command, sync_command;
const Command add_command{"add", "Declare a source of a project and import it", "", declare_add};
const Command sync_command{
    "sync", "Bring all sources up to date",
    "Reads only what is new; an interrupted run resumes, a repeated one changes "
    "nothing. --items asks a forge again for a few issues and pull requests that look stale, and "
    "moves nothing else. --worker stays and shares the projects of a store with other workers, on other machines too.\n"
    "Example: resident sync --project cpython; resident sync --worker --db postgresql://resident@db.example/resident",
    declare_sync};

}  // namespace resident
