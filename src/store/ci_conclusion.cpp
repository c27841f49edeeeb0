#include <base/text.hpp>
#include <store/ci_conclusion.hpp>
#include <string>

namespace resident {

namespace {

struct Word {
  std::string_view word;
  CiConclusion conclusion;
};

// The first of each conclusion is the name that is stored.
constexpr Word kWords[] = {
    {"success", CiConclusion::success},
    {"failure", CiConclusion::failure},
    {"timed_out", CiConclusion::timed_out},
    {"startup_failure", CiConclusion::startup_failure},
    {"action_required", CiConclusion::action_required},
    {"cancelled", CiConclusion::cancelled},
    {"skipped", CiConclusion::skipped},
    {"neutral", CiConclusion::neutral},
    {"stale", CiConclusion::stale},
    {"passed", CiConclusion::success},     // what GitLab's pages call success
    {"succeeded", CiConclusion::success},  // Azure Pipelines
    {"failed", CiConclusion::failure},     // GitLab
    {"error", CiConclusion::failure},      // commit statuses of GitHub and Gitea
    {"errored", CiConclusion::failure},    // Travis
    {"broken", CiConclusion::failure},     // Travis
    {"timedout", CiConclusion::timed_out},
    {"canceled", CiConclusion::cancelled},   // GitLab
    {"canceling", CiConclusion::cancelled},  // GitLab 17
    {"warning", CiConclusion::neutral},      // commit statuses of Gitea
    {"manual", CiConclusion::neutral},       // GitLab: waits for a press of a button that nobody has to press
    {"", CiConclusion::none},
    {"pending", CiConclusion::none},
    {"expected", CiConclusion::none},
    {"queued", CiConclusion::none},
    {"waiting", CiConclusion::none},
    {"running", CiConclusion::none},
    {"in_progress", CiConclusion::none},
    {"blocked", CiConclusion::none},
    {"created", CiConclusion::none},
    {"preparing", CiConclusion::none},
    {"scheduled", CiConclusion::none},
    {"waiting_for_resource", CiConclusion::none},
};

}  // namespace

CiConclusion ci_conclusion(std::string_view word) {
  const std::string lower = to_lower(trim(word));
  for (const Word& each : kWords)
    if (each.word == lower) return each.conclusion;
  return CiConclusion::unknown;
}

std::string_view ci_conclusion_name(CiConclusion conclusion) {
  if (conclusion == CiConclusion::none) return {};
  for (const Word& each : kWords)
    if (each.conclusion == conclusion) return each.word;
  return {};
}

bool is_failure(CiConclusion conclusion) {
  switch (conclusion) {
    case CiConclusion::failure:
    case CiConclusion::timed_out:
    case CiConclusion::startup_failure:
    case CiConclusion::action_required:
      return true;
    case CiConclusion::none:
    case CiConclusion::success:
    case CiConclusion::cancelled:
    case CiConclusion::skipped:
    case CiConclusion::neutral:
    case CiConclusion::stale:
    case CiConclusion::unknown:
      break;
  }
  return false;
}

}  // namespace resident
