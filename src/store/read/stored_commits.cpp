#include <store/read/stored_commits.hpp>

namespace resident {

namespace {

constexpr std::size_t kWholeHash = 40;  // SHA-1's, the shorter of git's two

PersonRecord git_person(const Rows& row, std::size_t name, std::size_t email) {
  PersonRecord person;
  person.provider = "git";
  person.name = row.string(name);
  person.email = row.string(email);
  return person;
}

Parameters since_parameters(const Writer& writer, Timestamp since) {
  return {{"project", writer.project_id()}, {"since", since}};
}

}  // namespace

std::vector<StoredCommit> commits_since(Writer& writer, Timestamp since) {
  std::vector<StoredCommit> commits;
  for (const auto rows = writer.database().query(
           "SELECT c.sha, c.subject, c.authored_at, c.committed_at, a.name, ae.email, k.name, ke.email FROM "
           "git_commit c LEFT JOIN identity a ON a.project_id = c.project_id AND a.identity_id = c.author_id LEFT "
           "JOIN identity_email ae ON ae.project_id = c.project_id AND ae.identity_id = c.author_id LEFT JOIN "
           "identity k ON k.project_id = c.project_id AND k.identity_id = c.committer_id LEFT JOIN identity_email ke "
           "ON ke.project_id = c.project_id AND ke.identity_id = c.committer_id WHERE c.project_id = :project AND "
           "c.in_history = 1 AND c.parent_count < 2 AND c.committed_at >= :since ORDER BY c.committed_at, c.sha",
           since_parameters(writer, since));
       rows->next();)
    commits.push_back({rows->string(0), rows->string(1), rows->integer(2), rows->integer(3), git_person(*rows, 4, 5),
                       git_person(*rows, 6, 7)});
  return commits;
}

void each_mail_mark(Writer& writer, Timestamp since,
                    const std::function<void(std::string_view, std::string_view, const std::string&)>& take) {
  for (const auto rows = writer.database().query(
           "SELECT c.sha, m.kind, m.value FROM commit_mark m JOIN git_commit c ON c.project_id = m.project_id AND "
           "c.commit_id = m.commit_id WHERE m.project_id = :project AND m.kind IN ('message-id', 'discussion') AND "
           "c.committed_at >= :since",
           since_parameters(writer, since));
       rows->next();)
    take(rows->text(0), rows->text(1), rows->string(2));
}

void each_changed_path(Writer& writer, Timestamp since,
                       const std::function<void(std::string_view, const std::string&)>& take) {
  for (const auto rows = writer.database().query(
           "SELECT c.sha, p.path FROM file_change f JOIN git_commit c ON c.project_id = f.project_id AND c.commit_id "
           "= f.commit_id JOIN path p ON p.project_id = f.project_id AND p.path_id = f.path_id WHERE f.project_id = "
           ":project AND c.committed_at >= :since AND c.in_history = 1 AND c.parent_count < 2",
           since_parameters(writer, since));
       rows->next();)
    take(rows->text(0), rows->string(1));
}

std::vector<std::string> parents_of(Writer& writer, const std::string& sha) {
  std::vector<std::string> parents;
  for (const auto rows = writer.database().query(
           "SELECT p.parent_sha FROM commit_parent p JOIN git_commit c ON c.project_id = p.project_id AND c.commit_id "
           "= p.commit_id WHERE p.project_id = :project AND c.sha = :sha ORDER BY p.position",
           {{"project", writer.project_id()}, {"sha", sha}});
       rows->next();)
    parents.push_back(rows->string(0));
  return parents;
}

std::string whole_hash(Writer& writer, const std::string& beginning) {
  if (beginning.empty() || beginning.size() >= kWholeHash) return beginning;
  return writer.database()
      .text("SELECT min(sha) FROM git_commit WHERE project_id = :project AND sha LIKE :beginning",
            {{"project", writer.project_id()}, {"beginning", beginning + "%"}})
      .value_or(beginning);
}

std::optional<Timestamp> commit_time(Writer& writer, const std::string& sha) {
  return writer.database().integer("SELECT committed_at FROM git_commit WHERE project_id = :project AND sha = :sha",
                                   {{"project", writer.project_id()}, {"sha", sha}});
}

std::optional<StoredCiRun> stored_ci_run(Writer& writer, const std::string& key) {
  const auto rows = writer.database().query(
      "SELECT sha, branch, trigger_event, finished_at FROM ci_run WHERE project_id = :project AND run_key = :key",
      {{"project", writer.project_id()}, {"key", key}});
  if (!rows->next()) return std::nullopt;
  return StoredCiRun{rows->string(0), rows->string(1), rows->string(2), rows->optional_integer(3)};
}

}  // namespace resident
