// resident doctor: what is missing, stale or set aside, and the next command.
#include <fmt/format.h>

#include <analyses/text/embedding.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>

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
        add("remark", fmt::format("{}: {}", name, list->text(3)), "figures say so where it matters");
      }
      if (list->text(2) == "done" && !list->is_null(4) && list->integer(4) < now_ - 7 * kDay)
        add("remark", fmt::format("{} was last read on {}", name, format_date(list->integer(4))), sync);
      else if (list->text(2) == "done" && !list->is_null(5) && list->integer(5) < now_ - 7 * kDay)
        add("remark", fmt::format("{} speaks of nothing after {}", name, format_date(list->integer(5))),
            "bring the source itself up to date (git fetch, a newer backup), then " + sync);
    }
    if (!has_tracker_)
      add("problem", "no issues and pull requests are known",
          fmt::format("resident add github-metadata DIR --project {} (or ietf-archive, jsonl)", context_.project));
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
    if (has_code_ && context_.config.releases.empty() &&
        count("SELECT count(*) FROM git_ref WHERE project_id = :project AND name LIKE 'refs/tags/%'") == 0)
      add("remark", "no release tags: release cycles cannot be compared",
          "git fetch --tags in the clone, or list releases in the configuration");
    if (context_.url.empty())
      add("remark", "the project's address is not known: items are not linked",
          fmt::format("url = \"https://…\" under [project.{}] in resident.toml", context_.project));
    const auto missing = count("SELECT count(*) FROM file_change WHERE project_id = :project AND additions IS NULL");
    const auto changes = count("SELECT count(*) FROM file_change WHERE project_id = :project");
    if (missing > 0)
      add("remark",
          fmt::format("{} of {} file changes have no line counts (binary files, submodules, missing blobs)",
                      with_thousands(missing), with_thousands(changes)),
          "nothing, if the files are binary");
  }

  void identities() {
    const auto bots = count("SELECT count(*) FROM person WHERE project_id = :project AND is_bot = 1");
    const auto people = count("SELECT count(*) FROM person WHERE project_id = :project");
    add("fine", fmt::format("{}, {} of them taken for bots", plural(people, "person", "people"), with_thousands(bots)),
        fmt::format("resident people --project {} lists both", context_.project));
    const auto deleted = count("SELECT count(*) FROM item WHERE project_id = :project AND author_id IS NULL");
    if (deleted > 0)
      add("fine",
          fmt::format("{} by deleted accounts: their authors count as unknown",
                      plural(deleted, "item is", "items are")),
          "");
  }

  void quarantine() {
    const auto list = database_.query(
        "SELECT s.kind, q.reason, count(*) AS n, min(q.record) FROM quarantine q JOIN source s ON s.project_id = "
        "q.project_id AND s.source_id = q.source_id "
        "WHERE q.project_id = :project GROUP BY s.kind, q.reason ORDER BY n DESC, q.reason LIMIT 50",
        project_);
    while (list->next())
      add("set aside",
          fmt::format("{}: {} ({}): {}", list->text(0), plural(list->integer(2), "record"), list->text(3),
                      list->text(1)),
          what_to_do(list->text(0), list->text(3)));
  }

  static std::string what_to_do(std::string_view kind, std::string_view record) {
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

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  app.add_option("--format", invocation.format, "table, csv, md or json")->type_name("FORMAT");
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
                             "Example: resident doctor", declare};

}  // namespace resident
