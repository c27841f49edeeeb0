#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <store/message_mask.hpp>
#include <store/result_book.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestTestName = 1003;  // bytes; what readers of reports cut at, and the mark of it
constexpr std::size_t kLongestExample = 2000;
constexpr std::int64_t kGroup = 256;
constexpr std::size_t kMostOfATile = 65'536;  // results
constexpr std::int64_t kSmallTile = 16'384, kMostSmallTiles = 32;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

InsertTarget fresh(std::string_view table, std::vector<std::string_view> columns) {
  return {table, std::move(columns), {}, OnConflict::fail};
}

}  // namespace

ResultBook::ResultBook(Database& database, std::int64_t project_id, std::int64_t source_id)
    : database_(database), project_id_(project_id), source_id_(source_id) {}

void ResultBook::load() {
  if (loaded_) return;
  loaded_ = true;
  const Parameters project{{"project", project_id_}};
  key_of_test_.assign(1, nullptr);
  for (const auto rows = database_.query(
           "SELECT test_id, suite, name FROM ci_test WHERE project_id = :project ORDER BY test_id", project);
       rows->next();) {
    const auto [found, is_new] =
        tests_.emplace(fmt::format("{}\x1f{}", rows->text(1), rows->text(2)), rows->integer(0));
    key_of_test_.push_back(&found->first);
  }
  for (const auto rows =
           database_.query("SELECT name, configuration_id FROM ci_configuration WHERE project_id = :project", project);
       rows->next();)
    configurations_.emplace(rows->string(0), rows->integer(1));
  for (const auto rows =
           database_.query("SELECT run_key, run_number, print FROM test_run WHERE project_id = :project", project);
       rows->next();) {
    runs_.emplace(rows->string(0), std::pair(rows->integer(1), rows->string(2)));
    next_run_ = std::max(next_run_, rows->integer(1) + 1);
  }
  // Numbers of runs that were replaced still stand in tiles.
  next_run_ = std::max(
      next_run_,
      database_.integer("SELECT max(last_run) FROM result_tile WHERE project_id = :project", project).value_or(0) + 1);
  for (const auto rows =
           database_.query("SELECT masked, message_id FROM test_message WHERE project_id = :project", project);
       rows->next();)
    messages_.emplace(rows->string(0), rows->integer(1));
  next_test_ = static_cast<std::int64_t>(key_of_test_.size());
  next_configuration_ = static_cast<std::int64_t>(configurations_.size()) + 1;
  next_message_ = static_cast<std::int64_t>(messages_.size()) + 1;
  stored_tests_ = next_test_ - 1;
  stored_runs_ = next_run_ - 1;
  seen_.resize(key_of_test_.size(), {0, 0});
}

// The numbers were handed out from what was there at the start, as a Writer's are.
void ResultBook::check_alone() {
  const auto rows = database_.query(
      "SELECT (SELECT COALESCE(max(test_id), 0) FROM ci_test WHERE project_id = :project), (SELECT "
      "COALESCE(max(run_number), 0) FROM test_run WHERE project_id = :project)",
      {{"project", project_id_}});
  rows->next();
  if (rows->integer(0) != stored_tests_ || rows->integer(1) > stored_runs_)
    throw Error(ErrorKind::incomplete, "another sync of the same project has written meanwhile",
                "run the same command again; it resumes");
}

std::int64_t ResultBook::test_id(const std::string& suite, const std::string& name) {
  key_.assign(suite);
  key_ += '\x1f';
  key_ += name;
  // Runs tell of the same tests in the same order.
  if (const auto next = static_cast<std::size_t>(last_test_ + 1);
      next < key_of_test_.size() && *key_of_test_[next] == key_)
    return last_test_ = static_cast<std::int64_t>(next);
  if (const auto found = tests_.find(key_); found != tests_.end()) return last_test_ = found->second;
  const std::string clean_suite = clean_text(suite, kLongestTestName), clean_name = clean_text(name, kLongestTestName);
  std::string clean = fmt::format("{}\x1f{}", clean_suite, clean_name);
  if (clean != key_) {
    std::string given = key_;
    const std::int64_t id = test_id(clean_suite, clean_name);
    tests_.emplace(std::move(given), id);
    return id;
  }
  const std::int64_t id = next_test_++;
  const auto [found, is_new] = tests_.emplace(std::move(clean), id);
  key_of_test_.push_back(&found->first);
  seen_.emplace_back(0, 0);
  for (Value value : {Value(project_id_), Value(id), Value(clean_suite), Value(clean_name)})
    new_tests_.push_back(std::move(value));
  return last_test_ = id;
}

std::int64_t ResultBook::configuration_id(const std::string& name) {
  const std::string clean = clean_text(name, 300);
  const auto [found, is_new] = configurations_.emplace(clean, next_configuration_);
  if (is_new) {
    ++next_configuration_;
    for (Value value : {Value(project_id_), Value(found->second), Value(clean)})
      new_configurations_.push_back(std::move(value));
  }
  return found->second;
}

std::int64_t ResultBook::message_id(const std::string& message, Timestamp at) {
  const std::string hidden = blank_emails(message);
  std::string masked = mask_message(hidden);
  if (masked.empty()) return 0;
  const auto [found, is_new] = messages_.emplace(std::move(masked), next_message_);
  if (is_new) ++next_message_;
  Message& kept = new_messages_[found->second];
  if (kept.masked.empty() || at >= kept.last_at) kept = {found->first, clean_text(hidden, kLongestExample), at};
  return found->second;
}

std::uint32_t ResultBook::state_of(const std::vector<ci::Outcome>& attempts, std::int64_t message) {
  std::string key = std::to_string(message);
  for (const auto outcome : attempts) key += static_cast<char>('a' + static_cast<int>(outcome));
  const auto [found, is_new] = state_index_.emplace(std::move(key), static_cast<std::uint32_t>(states_.size()));
  if (is_new) states_.push_back({attempts, message});
  return found->second;
}

std::vector<ResultBook::Entry> ResultBook::entries_of(const TestRunRecord& record) {
  if (states_.empty()) state_of({ci::Outcome::pass}, 0);  // 0: nearly all are this
  std::vector<Entry> entries;
  entries.reserve(record.results.size());
  last_test_ = 0;
  for (const auto& result : record.results) {
    const std::int64_t id = test_id(result.suite, result.name);
    const std::vector<ci::Outcome> only{result.outcome};
    const auto& attempts = result.attempts.empty() ? only : result.attempts;
    const bool is_pass = attempts.size() == 1 && attempts.front() == ci::Outcome::pass;
    std::uint32_t state = 0;
    if (!is_pass) state = state_of(attempts, result.message.empty() ? 0 : message_id(result.message, record.at));
    auto& [run, place] = seen_[static_cast<std::size_t>(id)];
    if (run != next_run_) {
      run = next_run_, place = entries.size();
      entries.push_back({id, state, pack_duration(result.seconds)});
      continue;
    }
    Entry& entry = entries[place];
    std::vector<ci::Outcome> all = states_[entry.state].attempts;
    all.insert(all.end(), attempts.begin(), attempts.end());
    const std::int64_t message =
        states_[entry.state].message_id ? states_[entry.state].message_id : states_[state].message_id;
    entry.state = state_of(all, message);
  }
  return entries;
}

bool ResultBook::add(const TestRunRecord& record) {
  load();
  const std::string key = clean_text(record.key, 200);
  const std::vector<Entry> entries = entries_of(record);
  const std::int64_t configuration = configuration_id(record.configuration);
  std::uint64_t hash = mixed(static_cast<std::uint64_t>(configuration), static_cast<std::uint64_t>(record.at));
  std::vector<StoredFailure> failures;
  std::int64_t failed = 0;
  std::vector<bool> notable_known(states_.size()), notable(states_.size());
  for (const auto& entry : entries) {
    hash = mixed(mixed(hash, static_cast<std::uint64_t>(entry.test_id)), entry.state == 0 ? entry.duration : 1000U);
    if (entry.state == 0) continue;
    const TestState& state = states_[entry.state];
    for (const auto outcome : state.attempts) hash = mixed(hash, static_cast<std::uint64_t>(outcome));
    hash = mixed(hash, static_cast<std::uint64_t>(state.message_id));
    if (!notable_known[entry.state])
      notable_known[entry.state] = true, notable[entry.state] = is_notable(state.attempts);
    if (!notable[entry.state]) continue;
    failures.push_back({entry.test_id, state});
    failed += ci::is_failure(state.outcome()) ? 1 : 0;
  }
  const std::string incomplete = clean_text(record.incomplete, 1000);
  const std::string print = fmt::format(
      "{:016x} {}", hash,
      fingerprint(fmt::format("{}\n{}\n{}\n{}", record.sha, record.branch, record.item_id.value_or(0), incomplete))
          .substr(0, 12));
  if (const auto found = runs_.find(key); found != runs_.end()) {
    if (found->second.second == print) {
      // Its number stays free for the next run, which has seen nothing yet.
      for (const auto& entry : entries) seen_[static_cast<std::size_t>(entry.test_id)].first = 0;
      return false;
    }
    replaced_.push_back(found->second.first);
  }
  newest_ = std::max(newest_, record.at);
  const std::int64_t number = next_run_++;
  runs_[key] = {number, print};
  Run run{number, {}, std::move(failures)};
  run.row = {project_id_,
             number,
             key,
             source_id_,
             configuration,
             record.at,
             text_or_null(clean_text(record.sha, 64)),
             text_or_null(clean_text(record.branch, 300)),
             value_of(record.item_id),
             static_cast<std::int64_t>(entries.size()),
             failed,
             text_or_null(incomplete),
             print};
  const auto run_index = static_cast<std::uint32_t>(new_runs_.size());
  new_runs_.push_back(std::move(run));
  if (waiting_.size() <= static_cast<std::size_t>(configuration))
    waiting_.resize(static_cast<std::size_t>(configuration) + 1);
  auto& groups = waiting_[static_cast<std::size_t>(configuration)];
  for (const auto& entry : entries) {
    const auto group = static_cast<std::size_t>(entry.test_id / kGroup);
    if (groups.size() <= group) groups.resize(group + 1);
    groups[group].push_back(
        {run_index, entry.state, static_cast<std::uint8_t>(entry.test_id % kGroup), entry.duration});
  }
  pending_ += entries.size() + 1;
  return true;
}

void ResultBook::flush() {
  if (new_runs_.empty()) return;
  check_alone();
  write_names();
  write_runs();
  for (std::size_t configuration = 0; configuration < waiting_.size(); ++configuration)
    for (std::size_t group = 0; group < waiting_[configuration].size(); ++group)
      if (auto& waiting = waiting_[configuration][group]; !waiting.empty())
        write_tiles(static_cast<std::int64_t>(configuration), static_cast<std::int64_t>(group), waiting);
  new_runs_.clear();
  replaced_.clear();
  stored_tests_ = next_test_ - 1;
  stored_runs_ = next_run_ - 1;
  pending_ = 0;
}

void ResultBook::write_runs() {
  for (const auto number : replaced_)
    for (const std::string_view table : {"test_run", "test_failure"})
      database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND run_number = :run", table),
                        {{"project", project_id_}, {"run", number}});
  std::vector<Value> rows, failures;
  for (auto& run : new_runs_) {
    if (std::find(replaced_.begin(), replaced_.end(), run.number) != replaced_.end()) continue;
    rows.insert(rows.end(), std::make_move_iterator(run.row.begin()), std::make_move_iterator(run.row.end()));
    for (const auto& failure : run.failures)
      for (Value value :
           {Value(project_id_), Value(run.number), Value(failure.test_id), Value(attempts_text(failure.state.attempts)),
            failure.state.message_id ? Value(failure.state.message_id) : Value()})
        failures.push_back(std::move(value));
  }
  database_.insert_values(
      fresh("test_run", {"project_id", "run_number", "run_key", "source_id", "configuration_id", "at", "sha", "branch",
                         "item_id", "tests", "failed", "incomplete", "print"}),
      rows);
  database_.insert_values(fresh("test_failure", {"project_id", "run_number", "test_id", "attempts", "message_id"}),
                          failures);
}

void ResultBook::flush(Writer& writer) {
  if (newest_ > 0) writer.data_until(newest_);
  writer.flush();  // opens the transaction
  flush();
}

void ResultBook::write_names() {
  database_.insert_values(fresh("ci_test", {"project_id", "test_id", "suite", "name"}), new_tests_);
  database_.insert_values(fresh("ci_configuration", {"project_id", "configuration_id", "name"}), new_configurations_);
  new_tests_.clear();
  new_configurations_.clear();
  std::vector<Value> rows;
  for (auto& [id, message] : new_messages_)
    for (Value value : {Value(project_id_), Value(id), Value(std::move(message.masked)),
                        Value(std::move(message.example)), Value(message.last_at)})
      rows.push_back(std::move(value));
  database_.insert_values({"test_message",
                           {"project_id", "message_id", "masked", "example", "last_at"},
                           {"project_id", "message_id"},
                           OnConflict::replace},
                          rows);
  new_messages_.clear();
}

void ResultBook::write_tiles(std::int64_t configuration, std::int64_t group, std::vector<Waiting>& waiting) {
  // In the order of coming in, so by run: cut where a tile is full, then by test.
  std::vector<Value> rows;
  for (std::size_t begin = 0; begin < waiting.size();) {
    std::size_t end = std::min(begin + kMostOfATile, waiting.size());
    while (end < waiting.size() && end > begin && waiting[end].run == waiting[end - 1].run) ++end;
    std::stable_sort(
        waiting.begin() + static_cast<std::ptrdiff_t>(begin), waiting.begin() + static_cast<std::ptrdiff_t>(end),
        [](const Waiting& a, const Waiting& b) { return a.test != b.test ? a.test < b.test : a.run < b.run; });
    Tile tile;
    std::vector<std::uint32_t> runs;
    for (std::size_t i = begin; i < end; ++i) runs.push_back(waiting[i].run);
    std::sort(runs.begin(), runs.end());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    for (const auto run : runs) tile.runs.push_back(new_runs_[run].number);
    std::vector<std::uint32_t> place(runs.back() - runs.front() + 1);
    for (std::size_t i = 0; i < runs.size(); ++i) place[runs[i] - runs.front()] = static_cast<std::uint32_t>(i);
    std::unordered_map<std::uint32_t, std::uint32_t> states;
    tile.results.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const auto [found, is_new] = states.emplace(waiting[i].state, static_cast<std::uint32_t>(tile.states.size()));
      if (is_new) tile.states.push_back(states_[waiting[i].state]);
      tile.results.push_back(
          {place[waiting[i].run - runs.front()], found->second, waiting[i].test, waiting[i].duration});
    }
    write_tile_rows(configuration, group, tile, rows);
    begin = end;
  }
  database_.insert_values(fresh("result_tile", {"project_id", "configuration_id", "test_group", "first_run", "last_run",
                                                "results", "tile"}),
                          rows);
  if (waiting.size() < static_cast<std::size_t>(kSmallTile)) join_tiles(configuration, group);
  waiting.clear();
  if (waiting.capacity() > 4096) waiting.shrink_to_fit();
}

void ResultBook::write_tile_rows(std::int64_t configuration, std::int64_t group, const Tile& tile,
                                 std::vector<Value>& rows) {
  for (Value value :
       {Value(project_id_), Value(configuration), Value(group), Value(tile.runs.front()), Value(tile.runs.back()),
        Value(static_cast<std::int64_t>(tile.results.size())), Value(Blob{pack_tile(tile)})})
    rows.push_back(std::move(value));
}

// Many small tiles become one; results of runs that were replaced are left out.
void ResultBook::join_tiles(std::int64_t configuration, std::int64_t group) {
  const Parameters parameters{
      {"project", project_id_}, {"configuration", configuration}, {"group", group}, {"small", kSmallTile}};
  constexpr std::string_view kSmall =
      "FROM result_tile WHERE project_id = :project AND configuration_id = :configuration AND test_group = :group AND "
      "results < :small";
  if (database_.integer(fmt::format("SELECT count(*) {}", kSmall), parameters).value_or(0) < kMostSmallTiles) return;
  std::vector<std::string> tiles;
  for (const auto rows = database_.query(fmt::format("SELECT tile {} ORDER BY first_run", kSmall), parameters);
       rows->next();)
    tiles.push_back(std::get<Blob>(rows->value(0)).bytes);
  Tile joined;
  std::vector<std::pair<std::int64_t, TileResult>> results;  // by number of the run
  std::unordered_map<std::string, std::uint32_t> states;
  const auto is_stored = [&, known = std::unordered_map<std::int64_t, bool>()](std::int64_t run) mutable {
    const auto [found, is_new] = known.emplace(run, false);
    if (is_new)
      found->second = database_
                          .integer("SELECT count(*) FROM test_run WHERE project_id = :project AND run_number = :run",
                                   {{"project", project_id_}, {"run", run}})
                          .value_or(0) > 0;
    return found->second;
  };
  auto stored = is_stored;
  for (const auto& bytes : tiles)
    read_tile(bytes, -1, [&](std::int64_t run, std::uint8_t test, const TestState& state, std::uint8_t duration) {
      if (!stored(run)) return;
      std::string key = std::to_string(state.message_id);
      for (const auto outcome : state.attempts) key += static_cast<char>('a' + static_cast<int>(outcome));
      const auto [found, is_new] = states.emplace(std::move(key), static_cast<std::uint32_t>(joined.states.size()));
      if (is_new) joined.states.push_back(state);
      results.push_back({run, {0, found->second, test, duration}});
      joined.runs.push_back(run);
    });
  database_.execute(fmt::format("DELETE {}", kSmall), parameters);
  if (results.empty()) return;
  std::sort(joined.runs.begin(), joined.runs.end());
  joined.runs.erase(std::unique(joined.runs.begin(), joined.runs.end()), joined.runs.end());
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) {
    return a.second.test != b.second.test ? a.second.test < b.second.test : a.first < b.first;
  });
  for (auto& [run, result] : results) {
    result.run =
        static_cast<std::uint32_t>(std::lower_bound(joined.runs.begin(), joined.runs.end(), run) - joined.runs.begin());
    joined.results.push_back(result);
  }
  std::vector<Value> rows;
  write_tile_rows(configuration, group, joined, rows);
  database_.insert_values(fresh("result_tile", {"project_id", "configuration_id", "test_group", "first_run", "last_run",
                                                "results", "tile"}),
                          rows);
}

void move_test_results(Database& database) {
  struct Key {
    std::int64_t project, source;
    bool operator<(const Key& other) const { return std::tie(project, source) < std::tie(other.project, other.source); }
  };
  std::vector<Key> keys;
  for (const auto rows = database.query("SELECT DISTINCT project_id, source_id FROM test_result ORDER BY 1, 2");
       rows->next();)
    keys.push_back({rows->integer(0), rows->integer(1)});
  for (const auto& key : keys) {
    ResultBook book(database, key.project, key.source);
    TestRunRecord run;
    const auto put = [&] {
      if (!run.key.empty()) book.add(run);
      if (book.pending() > ResultBook::kMostPending) book.flush();
    };
    for (const auto rows =
             database.query("SELECT t.run_key, t.test, t.outcome, t.seconds, r.name, r.sha, r.branch, r.item_id, "
                            "COALESCE(r.finished_at, r.started_at, 0) FROM test_result t LEFT JOIN ci_run r ON "
                            "r.project_id = t.project_id AND r.run_key = t.run_key WHERE t.project_id = :project AND "
                            "t.source_id = :source ORDER BY 9, t.run_key, t.test",
                            {{"project", key.project}, {"source", key.source}});
         rows->next();) {
      if (rows->text(0) != run.key) {
        put();
        run = {rows->string(0),
               rows->string(4),
               rows->string(5),
               rows->string(6),
               rows->optional_integer(7),
               rows->integer(8),
               {},
               {}};
      }
      const auto known = ci::outcome_of_word(rows->text(2));
      ci::TestResult result;
      result.name = rows->string(1);
      result.outcome = known.value_or(ci::Outcome::error);
      result.attempts = {result.outcome};
      if (!rows->is_null(3)) result.seconds = rows->number(3);
      if (!known) result.message = fmt::format("its outcome was given as “{}”", rows->text(2));
      run.results.push_back(std::move(result));
    }
    put();
    book.flush();
  }
}

}  // namespace resident
