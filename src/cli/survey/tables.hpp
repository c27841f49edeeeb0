// What a survey says, as Results: shares of answers with intervals, one question by another, words of free texts,
// modules that were named. What would tell of fewer than five people is hidden (stats/suppression.hpp).
#pragma once

#include <cli/survey/weights.hpp>
#include <framework/result.hpp>
#include <optional>

namespace resident {

struct Survey {
  std::string file;
  surveys::Sheet sheet;
  surveys::Codebook codebook;
  std::vector<surveys::Question> questions;
  SurveyWeights weights;
};

Result survey_result(const Survey& survey);  // what was read, and by how much each stratum weighs
Result answers_result(const Survey& survey, const std::string& question);  // "": all
Result by_result(const Survey& survey, const std::string& by);             // counts, not weighted
Result numbers_result(const Survey& survey);                               // medians
Result words_result(const Survey& survey);
// Modules that respondents name, beside what the store knows of them.
Result modules_result(const Survey& survey, const Context& context);

}  // namespace resident
