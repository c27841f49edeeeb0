// How a run of CI ended, in one list of words: the forges say the same thing
// differently (GitLab "failed", Gitea "failure" and "error", GitHub "timed_out"), and
// every answer of the program goes by the one question asked here: has it failed?
//
// Sources hand over the forge's own word; the Writer stores the name from this list.
// A word that no forge is known to say is stored as it is and is no failure.
#pragma once

#include <string_view>

namespace resident {

enum class CiConclusion {
  none,  // not finished, or not told
  success,
  failure,
  timed_out,
  startup_failure,  // the run could not begin: a broken workflow file
  action_required,  // somebody has to act before the change may be merged
  cancelled,
  skipped,
  neutral,  // finished, and says nothing for or against: GitLab's allowed failures, Gitea's warnings
  stale,    // GitHub gave it up after 14 days
  unknown   // a word that is not in the list
};

// Sources: GitHub REST 2022-11-28 (check runs' `conclusion`, commit statuses' `state`, workflow runs), GitLab API v4
// (pipelines' and jobs' `status`), Gitea 1.22 and Forgejo 9 (commit statuses, Actions tasks). Any case.
CiConclusion ci_conclusion(std::string_view word);
// The name that is stored; "" for none and unknown.
std::string_view ci_conclusion_name(CiConclusion conclusion);
// What keeps a change from being merged: the one definition of "CI failed".
bool is_failure(CiConclusion conclusion);
inline bool is_failure(std::string_view word) {
  return is_failure(ci_conclusion(word));
}

}  // namespace resident
