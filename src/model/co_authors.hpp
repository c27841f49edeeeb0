// Who is named "Co-authored-by" in commits: pair programming, and what forges write when they squash a pull request
// that several worked on. They took part as its author did, and git counts them nowhere.
#pragma once

#include <string>

namespace resident {

// A table in brackets, for a query that has the parameter :project: a row for each commit on the default branch that is
// no merge and each person, other than its author, who is named as its co-author, by whatever spellings: project_id,
// identity_id (one of theirs), committed_at.
std::string co_authored_commits();

}  // namespace resident
