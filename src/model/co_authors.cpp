#include <model/co_authors.hpp>

namespace resident {

std::string co_authored_commits() {
  return "(SELECT c.project_id, min(n.identity_id) AS identity_id, c.committed_at FROM (SELECT project_id, commit_id, "
         "identity_id FROM trailer WHERE project_id = :project AND token = 'co-authored-by' AND identity_id IS NOT "
         "NULL "
         "UNION SELECT project_id, commit_id, identity_id FROM commit_mark WHERE project_id = :project AND kind = "
         "'co-authored-by' AND identity_id IS NOT NULL) n JOIN git_commit c ON c.project_id = n.project_id AND "
         "c.commit_id = n.commit_id JOIN person_identity p ON p.project_id = n.project_id AND p.identity_id = "
         "n.identity_id LEFT JOIN person_identity a ON a.project_id = c.project_id AND a.identity_id = c.author_id "
         "WHERE "
         "c.on_default = 1 AND c.parent_count < 2 AND (a.person_id IS NULL OR a.person_id <> p.person_id) GROUP BY "
         "c.project_id, c.commit_id, c.committed_at, p.person_id)";
}

}  // namespace resident
