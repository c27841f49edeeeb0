// How much each answer to a survey weighs, so that those who answered stand for all who take part: raked to the layers
// of the onion as the store counts them, and to margins that the codebook gives.
#pragma once

#include <framework/analysis.hpp>
#include <sources/surveys/questions.hpp>
#include <string>
#include <vector>

namespace resident {

struct Stratum {
  std::string name;  // layers that were put together: "core and regular"
  std::int64_t population = 0, respondents = 0;
  double weight = 0;  // mean
  // What its people did in the year before, each on average: as the store has it.
  double commits = 0, reviews = 0, comments = 0, items = 0;
};

struct SurveyWeights {
  std::vector<double>
      weights;  // a response each, 1 on average; 0: left out, since a margin's question was not answered
  bool is_weighted = false;
  std::int64_t left_out = 0;
  double design_effect = 1, effective_size = 0;
  std::vector<Stratum> strata;
  std::vector<std::string> notes;
};

// context: of the project whose people were asked; null: no store, and then only the codebook's margins count.
SurveyWeights survey_weights(const Context* context, const std::vector<surveys::Question>& questions,
                             const surveys::Codebook& codebook, std::size_t responses);

}  // namespace resident
