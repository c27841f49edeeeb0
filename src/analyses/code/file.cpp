// resident file PATH: what changed there lately, and which open pull requests change it.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/analysis.hpp>
#include <model/open_items.hpp>
#include <model/queues/review.hpp>

namespace resident {

namespace {

constexpr std::int64_t kCommits = 30;

std::int64_t path_id_of(const Context& context, const std::string& path) {
  const auto id = context.database.integer("SELECT path_id FROM path WHERE project_id = :project AND path = :path",
                                           {{"project", context.project_id}, {"path", path}});
  if (id) return *id;
  throw Error(ErrorKind::usage, fmt::format("the history knows no file {}", fit_width(one_line(path), 100)),
              "write it as it stands in the repository, from its root; `resident hotspots` lists some");
}

Result commits_result(const Context& context, const std::string& path, std::int64_t path_id) {
  Result result = context.result("file", "Changes of " + one_line(path), "What changed there, when, and by whom?");
  result.columns = {{"at", "When", ColumnType::date},
                    {"author", "Author"},
                    {"subject", "Commit", ColumnType::text, "", "", "url"},
                    {"additions", "+", ColumnType::integer, "lines"},
                    {"deletions", "−", ColumnType::integer, "lines"},
                    {"sha", "Hash", ColumnType::text, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.set_roles({{"author", ColumnRole::person}});
  const People people = load_people(context);
  Parameters parameters = context.parameters();
  parameters.emplace_back("path", path_id);
  const std::int64_t all =
      context.database
          .integer(
              "SELECT count(*) FROM file_change f JOIN git_commit c ON c.project_id = f.project_id AND c.commit_id "
              "= f.commit_id WHERE f.project_id = :project AND f.path_id = :path AND c.on_default = 1 AND "
              "c.committed_at <= :as_of",
              parameters)
          .value_or(0);
  parameters.emplace_back("most", kCommits);
  const auto rows = context.database.query(
      "SELECT c.committed_at, c.author_id, c.subject, f.additions, f.deletions, c.sha FROM file_change f JOIN "
      "git_commit c ON c.project_id = f.project_id AND c.commit_id = f.commit_id WHERE f.project_id = :project AND "
      "f.path_id = :path AND c.on_default = 1 AND c.committed_at <= :as_of ORDER BY c.committed_at DESC, c.commit_id "
      "LIMIT :most",
      parameters);
  while (rows->next()) {
    const auto cell = [&](int column) {
      const auto value = rows->optional_integer(column);
      return value ? Cell(*value) : Cell();
    };
    result.rows.push_back({rows->integer(0), people.name(people.person(rows->optional_integer(1))), rows->string(2),
                           cell(3), cell(4), rows->string(5),
                           context.url.empty() ? std::string() : context.url + "/commit/" + rows->string(5)});
  }
  result.claim = all == 0 ? "No commit on the default branch changed it."
                          : fmt::format("{} changed it; the last on {}.", plural(all, "commit"),
                                        format_date(std::get<std::int64_t>(result.rows.front()[0])));
  result.sample_size = all;
  if (all > kCommits) result.notes.push_back(fmt::format("The newest {} are shown.", kCommits));
  result.definition =
      "Commits on the default branch that changed this path, under this name; merges count where they "
      "changed it themselves.";
  result.method = "the changes of each commit, as git tells them";
  return result;
}

Result pulls_result(const Context& context, std::int64_t path_id) {
  Result result = context.result("file_pulls", "Open pull requests that change it", "What is coming?");
  result.columns = {{"number", "PR", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"author", "Author"},
                    {"additions", "+", ColumnType::integer, "lines", "of this file"},
                    {"deletions", "−", ColumnType::integer, "lines", "of this file"},
                    {"age", "Age", ColumnType::duration},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.set_roles({{"title", ColumnRole::title}, {"author", ColumnRole::person}});
  const People people = load_people(context);
  Parameters parameters = context.parameters();
  parameters.emplace_back("path", path_id);
  const auto rows = context.database.query(
      "SELECT i.number, i.title, i.author_id, f.additions, f.deletions, i.created_at, i.url FROM item_file f JOIN item "
      "i ON i.project_id = f.project_id AND i.item_id = f.item_id JOIN item_interval v ON v.project_id = f.project_id "
      "AND v.item_id = f.item_id WHERE f.project_id = :project AND f.path_id = :path AND i.kind = 'pull' AND "
      "v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of) ORDER BY i.created_at DESC, i.number",
      parameters);
  while (rows->next()) {
    const auto cell = [&](int column) {
      const auto value = rows->optional_integer(column);
      return value ? Cell(*value) : Cell();
    };
    result.rows.push_back({rows->integer(0), rows->string(1), people.name(people.person(rows->optional_integer(2))),
                           cell(3), cell(4), std::max<Timestamp>(0, context.as_of - rows->integer(5)),
                           rows->string(6)});
  }
  const auto count = static_cast<std::int64_t>(result.rows.size());
  result.claim = count == 0
                     ? "No open pull request changes it."
                     : fmt::format("{} it.", plural(count, "open pull request changes", "open pull requests change"));
  result.sample_size = count;
  result.definition = "Pull requests open as of the moment whose list of files, as the forge gave it last, names it.";
  result.method = "the files of open pull requests";
  const bool is_known =
      context.database
          .integer("SELECT 1 FROM item_file WHERE project_id = :project LIMIT 1", {{"project", context.project_id}})
          .has_value();
  if (!is_known) result.coverage = "no source tells which files pull requests change";
  return result;
}

std::vector<Result> analyse_file(const Context& context) {
  const std::string path = context.argument("path");
  if (path.empty()) throw Error(ErrorKind::usage, "file needs a path", "for example `resident file src/main.c`");
  const std::int64_t id = path_id_of(context, path);
  return {pulls_result(context, id), commits_result(context, path, id)};
}

}  // namespace

extern const Analysis file_analysis;
const Analysis file_analysis{"file",
                             "A file",
                             "What changed there, and what is coming?",
                             {{"path", "PATH", "from the repository's root"}},
                             analyse_file,
                             {groups::kCode, "One file: open pull requests that change it, and its last changes",
                              "Beside it: `resident experts PATH`, `resident coupling --of PATH`.\nExample: resident "
                              "file src/main.c",
                              "path"},
                             {{"file", 20, {{"path", std::string(kPageSubject)}}}}};

}  // namespace resident
