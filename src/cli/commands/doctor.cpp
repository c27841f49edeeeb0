// resident doctor: what is missing, stale or set aside, and the next command.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <framework/next_command.hpp>
#include <learn/pairs/pairs.hpp>
#include <map>
#include <model/document_owners.hpp>
#include <set>
#include <sources/git/gaps.hpp>
#include <store/version.hpp>
#include <store/writer.hpp>
#include <text/embedding.hpp>

namespace resident {

namespace {

class Examination {
 public:
  explicit Examination(const Context& context, Timestamp now)
      : context_(context), now_(now), database_(context.database), project_{{"project", context.project_id}} {}

  void run() {
    sources();
    pieces();
    identities();
    quarantine();
  }

  std::vector<std::vector<Cell>> rows;
  std::int64_t problems = 0, remarks = 0;

 private:
  void add(const char* state, const std::string& what, const std::string& next) {
    if (std::string_view(state) == "problem") ++problems;
    if (std::string_view(state) == "remark") ++remarks;
    rows.push_back({context_.project, std::string(state), what, next});
  }

  std::int64_t count(std::string_view sql) { return database_.integer(sql, project_).value_or(0); }

  void sources() {
    const auto list = database_.query(
        "SELECT kind, location, state, message, synced_at, data_until FROM source WHERE project_id = :project ORDER BY "
        "source_id",
        project_);
    while (list->next()) {
      const std::string name = list->string(0) + " " + list->string(1);
      const std::string sync = fmt::format("resident sync --project {}", context_.project);
      if (list->text(0) != "git") has_tracker_ = true;
      if (list->text(0) == "git") has_code_ = true;
      if (list->text(2) == "failed") {
        add("problem", fmt::format("{} could not be read: {}", name, list->text(3)), sync + ", when that is mended");
      } else if (list->text(2) != "done") {
        add("problem", fmt::format("{} was not read to its end", name), sync + " (it resumes)");
      } else if (!list->is_null(3)) {
        add("remark", fmt::format("{}: {}", name, said_here(list->string(3))), "figures say so where it matters");
      }
      if (list->text(2) == "done" && !list->is_null(4) && list->integer(4) < now_ - 7 * kDay)
        add("remark", fmt::format("{} was last read on {}", name, format_date(list->integer(4))), sync);
      else if (list->text(2) == "done" && !list->is_null(5) && list->integer(5) < now_ - 7 * kDay)
        add("remark", fmt::format("the newest that {} has is of {}", name, format_date(list->integer(5))),
            "bring the source itself up to date (git fetch, a newer backup), then " + sync);
    }
    if (!has_tracker_) add("problem", "no issues and pull requests are known", tracker_command(context_));
    if (!has_code_)
      add("problem", "no code is known: modules, experts and cycles are empty",
          fmt::format("resident add git CLONE --project {}", context_.project));
  }

  void pieces() {
    if (has_tracker_ && has_code_) {
      const auto pulls = count("SELECT count(*) FROM item WHERE project_id = :project AND kind = 'pull'");
      const auto with_files = count(
          "SELECT count(DISTINCT f.item_id) FROM item_file f JOIN item i ON i.project_id = f.project_id AND i.item_id "
          "= f.item_id WHERE f.project_id = :project");
      if (pulls > 0 && with_files * 10 < pulls * 8)
        add("remark",
            fmt::format("the files of {} of {} pull requests are known", with_thousands(with_files),
                        with_thousands(pulls)),
            "git fetch origin '+refs/pull/*/head:refs/pull/*/head' in the clone, then resident sync");
    }
    if (const ProposalsSeen seen = look_for_proposals(context_); has_code_ && seen.looks_like_proposals())
      add("remark",
          fmt::format("{} of {} documents looked at name authors of their own in a header", seen.with_authors,
                      seen.looked_at),
          fmt::format("if they approve changes to their documents: preset = \"proposals\" in [project.{}]",
                      context_.project));
    if (has_code_ && context_.config.releases.empty() &&
        count("SELECT count(*) FROM git_ref WHERE project_id = :project AND name LIKE 'refs/tags/%'") == 0)
      add("remark", "no release tags: release cycles cannot be compared",
          "git fetch --tags in the clone, or list releases in the configuration");
    if (context_.url.empty())
      add("remark", "the project's address is not known: items are not linked",
          fmt::format("url = \"https://…\" under [project.{}] in resident.toml", context_.project));
    trackers();
    const auto missing = count("SELECT count(*) FROM file_change WHERE project_id = :project AND additions IS NULL");
    const auto changes = count("SELECT count(*) FROM file_change WHERE project_id = :project");
    if (missing > 0)
      add("remark",
          fmt::format("{} of {} file changes have no line counts (binary files, submodules, missing blobs)",
                      with_thousands(missing), with_thousands(changes)),
          "nothing, if the files are binary");
  }

  // Numbers are unique in a tracker alone.
  void trackers() {
    const std::vector<std::string> projects = project_names(database_);
    for (const LinkRule& rule : context_.config.links)
      if (!rule.project.empty() && std::find(projects.begin(), projects.end(), rule.project) == projects.end())
        add("problem",
            fmt::format("the link rule of {} names a project that the store does not hold: {}", one_line(rule.tracker),
                        one_line(rule.project)),
            fmt::format("add it under that name, or mend project in [[project.{}.link]]", context_.project));
    std::set<std::string> places;
    for (const auto list = database_.query("SELECT source_id, min(url), max(url) FROM item WHERE project_id = :project "
                                           "AND url IS NOT NULL GROUP BY source_id",
                                           project_);
         list->next();)
      for (const std::size_t column : {1, 2}) places.insert(tracker_of(list->text(column)));
    if (places.size() > 1)
      add("remark", fmt::format("items come from {} addresses: {}", places.size(), fmt::join(places, ", ")),
          "fine, if it is one tracker under several names; else give each a project of its own: #12 of the one is "
          "taken for #12 of the other");
  }

  void identities() {
    const auto bots = count("SELECT count(*) FROM person WHERE project_id = :project AND is_bot = 1");
    const auto people = count("SELECT count(*) FROM person WHERE project_id = :project");
    add("fine", fmt::format("{}, {} of them taken for bots", plural(people, "person", "people"), with_thousands(bots)),
        fmt::format("resident people --project {} lists both", context_.project));
    busy_bots();
    const auto pairs = likely_pairs(context_, kLikelyPair, now_);
    if (!pairs.empty())
      add("remark",
          fmt::format("{} probably one person each: {}{}",
                      pairs.size() == 1
                          ? "1 pair is"
                          : fmt::format("{} pairs are", with_thousands(static_cast<std::int64_t>(pairs.size()))),
                      pair_names(pairs), pairs.size() > kNamed ? " and more" : ""),
          fmt::format("resident people pairs --project {} --ask (nothing is joined without your word)",
                      context_.project));
    const auto deleted = count("SELECT count(*) FROM item WHERE project_id = :project AND author_id IS NULL");
    if (deleted > 0)
      add("fine",
          fmt::format("{} by deleted accounts: their authors count as unknown",
                      plural(deleted, "item is", "items are")),
          "");
  }

  // What an import says, where it is repeated by the command that it names.
  static std::string said_here(std::string text) {
    constexpr std::string_view kElsewhere = "(`resident doctor` lists them)";
    if (const std::size_t at = text.find(kElsewhere); at != std::string::npos)
      text.replace(at, kElsewhere.size(), "(listed below)");
    return text;
  }

  static constexpr std::size_t kNamed = 3;

  static std::string pair_names(const std::vector<LikelyPair>& pairs) {
    std::string text;
    for (std::size_t i = 0; i < std::min(kNamed, pairs.size()); ++i)
      text += pairs[i].name_a == pairs[i].name_b
                  ? fmt::format("{}two called {}", i ? "; " : "", one_line(pairs[i].name_a))
                  : fmt::format("{}{} and {}", i ? "; " : "", one_line(pairs[i].name_a), one_line(pairs[i].name_b));
    return text;
  }

  // Bots that do what people do: each one taken wrongly is missing in every figure.
  void busy_bots() {
    const auto list = database_.query(
        "WITH act AS (SELECT author_id AS identity_id, 'reviewed' AS what FROM review WHERE project_id = :project "
        "UNION SELECT actor_id, 'merged' FROM event WHERE project_id = :project AND kind = 'merged' UNION SELECT "
        "merged_by, 'merged' FROM item WHERE project_id = :project AND merged_by IS NOT NULL UNION SELECT author_id, "
        "'made merge commits' FROM git_commit WHERE project_id = :project AND parent_count > 1 AND on_default = 1 "
        "UNION SELECT author_id, 'opened pull requests' FROM item WHERE project_id = :project AND kind = 'pull') "
        "SELECT DISTINCT p.person_id, p.name, p.decided, a.what FROM act a JOIN person_identity pi ON pi.project_id = "
        ":project AND pi.identity_id = a.identity_id JOIN person p ON p.project_id = pi.project_id AND p.person_id = "
        "pi.person_id WHERE p.is_bot = 1 ORDER BY p.name, p.person_id, a.what",
        project_);
    struct Bot {
      std::string name, decided, what;
    };
    std::map<std::int64_t, Bot> bots;
    while (list->next()) {
      Bot& bot = bots[list->integer(0)];
      bot.name = list->string(1);
      bot.decided = list->string(2);
      bot.what += fmt::format("{}{}", bot.what.empty() ? "" : ", ", list->text(3));
    }
    for (const auto& [person, bot] : bots)
      add(bot.decided.find("the forge says so") == std::string::npos && !bot.name.ends_with("[bot]") ? "remark"
                                                                                                     : "fine",
          fmt::format("{} is taken for a bot ({}) and {}", one_line(bot.name), one_line(bot.decided), bot.what),
          fmt::format("resident people why person:{}; a person belongs into not_bots", person));
  }

  void quarantine() {
    constexpr std::size_t kMost = 50;
    const auto list = database_.query(
        fmt::format(
            "SELECT s.kind, q.reason, sum(q.records) AS n, min(CASE WHEN q.record <> '{}' THEN q.record END), q.kind "
            "FROM quarantine q JOIN source s ON s.project_id = q.project_id AND s.source_id = q.source_id "
            "WHERE q.project_id = :project GROUP BY s.kind, q.reason, q.kind ORDER BY n DESC, q.reason, q.kind",
            Writer::kNotListed),
        project_);
    // Reasons that differ in their numbers alone are one.
    struct Group {
      std::string kind, reason, record, row_kind;
      std::int64_t records = 0, reasons = 0;
    };
    std::vector<Group> groups;
    std::map<std::string, std::size_t> known;
    while (list->next()) {
      const auto [found, is_new] = known.emplace(
          list->string(0) + "\n" + list->string(4) + "\n" + without_numbers(list->text(1)), groups.size());
      if (is_new) groups.push_back({list->string(0), list->string(1), list->string(3), list->string(4)});
      groups[found->second].records += list->integer(2);
      ++groups[found->second].reasons;
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Group& a, const Group& b) { return a.records > b.records; });
    std::int64_t others = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const Group& group = groups[i];
      if (i >= kMost)
        others += group.records;
      else
        add("set aside",
            fmt::format("{}: {} ({}{}): {}{}", group.kind, plural(group.records, "record"),
                        group.records > 1 ? "such as " : "", group.record, group.reason,
                        group.reasons > 1 ? "; and the like, with other numbers" : ""),
            what_to_do(group.kind, group.record, group.row_kind));
    }
    if (others > 0)
      add("set aside",
          fmt::format("{} for {}", plural(others, "record"),
                      plural(static_cast<std::int64_t>(groups.size() - kMost), "more reason")),
          fmt::format("resident sql \"SELECT record, reason, records FROM quarantine\" lists all"));
  }

  static std::string without_numbers(std::string_view text) {
    std::string words;
    for (const char c : text)
      if (!(c >= '0' && c <= '9') && c != ',') words += c;
    return words;
  }

  static std::string what_to_do(std::string_view kind, std::string_view record, std::string_view row_kind) {
    if (kind == "git" && row_kind == GitGaps::kLimit)
      return "nothing: a branch so long is no one's pull request, or its base is another branch";
    if (kind == "git") return "git fsck in the clone, if this is unexpected";
    // At which the forge itself failed.
    for (const std::string_view prefix : {"list/", "item/", "file/"})
      if (kind == "github" && record.starts_with(prefix))
        return "nothing: the next resident sync tries again; if it stays so for days, tell those who run the forge";
    return "mend the record at its source, then resident sync";
  }

  const Context& context_;
  Timestamp now_;
  Database& database_;
  Parameters project_;
  bool has_tracker_ = false, has_code_ = false;
};

// Whether the embedding model that is configured works: it is loaded, and reads a few words.
std::vector<Cell> examine_model(const EmbeddingRules& rules, bool& works) {
  std::string what, next;
  try {
    const auto embedder = text::embedder_of(rules);
    works = true;
    what = fmt::format("the embedding model {} works: {} numbers a text, ONNX Runtime {}", one_line(rules.model),
                       embedder->width(), embedder->runtime_version());
    next = "resident accuracy duplicates says what it is worth on a project";
  } catch (const Error& error) {
    what = fmt::format("the embedding model does not work: {}", one_line(error.what()));
    next = error.hint().empty() ? "take [embedding] out of the configuration: it is not needed" : error.hint();
  }
  return {std::string(), std::string(works ? "fine" : "problem"), what, next};
}

// Settings of a project that the store does not hold: of another store, or a slip that leaves another's as they were.
std::vector<std::vector<Cell>> unknown_tables(const Config& config, const std::vector<std::string>& names) {
  std::vector<std::vector<Cell>> rows;
  for (const std::string& name : config.project_names()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    rows.push_back(
        {one_line(name), std::string("remark"),
         fmt::format("[project.{}] is in the configuration, and the store holds no such project; it holds {}",
                     one_line(name), fmt::join(names, ", ")),
         std::string("mend the name, if it is meant for one of these")});
  }
  return rows;
}

std::function<int()> declare_doctor(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "JSON");
  return [&invocation] {
    const auto database = invocation.open(Access::read);
    const Config config = invocation.load_config();
    Result result;
    result.name = "doctor";
    result.title = "Doctor";
    result.question = "What is missing, stale or set aside, and what is the next command?";
    result.as_of = invocation.clock.now();
    result.columns = {{"project", "Project"}, {"state", "State"}, {"what", "What"}, {"next", "Next"}};
    std::vector<std::string> names = project_names(*database);
    if (!invocation.project.empty()) names = {invocation.context(*database).project};
    std::int64_t problems = 0, remarks = 0;
    if (const std::string newer = newer_store_text(*database); !newer.empty()) {
      result.rows.push_back({std::string(), std::string("problem"), newer,
                             std::string("use the newer program, or sync into a store of this one's own (--db)")});
      ++problems;
    }
    for (const auto& name : names) {
      const Context context = open_context(*database, config, name, std::nullopt, invocation.clock.now());
      Examination examination(context, invocation.clock.now());
      examination.run();
      for (auto& row : examination.rows) result.rows.push_back(std::move(row));
      problems += examination.problems;
      remarks += examination.remarks;
    }
    if (names.empty()) {
      result.rows.push_back({std::string(), std::string("problem"), std::string("the store holds no project yet"),
                             std::string("resident add git CLONE --project NAME")});
      ++problems;
    }
    if (invocation.project.empty() && !names.empty())
      for (auto& row : unknown_tables(config, names)) {
        result.rows.push_back(std::move(row));
        ++remarks;
      }
    if (config.embedding().is_on()) {
      bool works = false;
      result.rows.push_back(examine_model(config.embedding(), works));
      problems += works ? 0 : 1;
    } else {
      result.notes.push_back("no embedding model is configured; none is needed");
    }
    result.claim = problems ? fmt::format("{} and {}; each with what to do.", plural(problems, "problem"),
                                          plural(remarks, "remark"))
                            : fmt::format("No problems, {}.", plural(remarks, "remark"));
    if (!config.origin().empty()) result.notes.push_back("configuration: " + config.origin());
    invocation.print({result});
    return 0;
  };
}

}  // namespace

extern const Command doctor_command;
const Command doctor_command{"doctor", "What is missing, stale or set aside, and the next command",
                             "Example: resident doctor", declare_doctor};

}  // namespace resident
