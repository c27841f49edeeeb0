// Questions with their answers, from a sheet and what the codebook says of it. Where it says nothing, the kind is told
// by the answers: parts that hold "Y", "Yes" or nothing, or each one text alone, are one question with several answers;
// answers that several share, split at ";" or ",", likewise; a known scale is a Likert question in its order; few
// different answers are a choice of one; numbers are numbers; the rest is free text.
#pragma once

#include <optional>
#include <sources/surveys/codebook.hpp>
#include <sources/surveys/sheet.hpp>
#include <string>
#include <vector>

namespace resident::surveys {

struct Question {
  std::string code, title;
  Kind kind = Kind::unknown;
  std::vector<std::string> options;  // of single, likert and multiple
  std::size_t asked = 0;             // the first so many of them were asked for; others are as they were written
  std::vector<bool> answered;        // a response each
  std::vector<std::vector<std::size_t>> chosen;  // of single, likert and multiple
  std::vector<std::string> texts;                // of text
  std::vector<std::optional<double>> numbers;    // of number

  bool is_choice() const { return kind == Kind::single || kind == Kind::likert || kind == Kind::multiple; }
};

// In the order of the sheet. Throws Error{usage} where the codebook names a question that is not there.
std::vector<Question> questions_of(const Sheet& sheet, const Codebook& codebook);
// By code; null where there is none.
const Question* find_question(const std::vector<Question>& questions, const std::string& code);

}  // namespace resident::surveys
