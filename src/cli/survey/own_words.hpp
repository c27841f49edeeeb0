// Answers in respondents' own words ("Other: …") stand among the options of a question, and a hidden number beside such
// a text still tells who wrote it.
#pragma once

#include <sources/surveys/questions.hpp>
#include <string>

namespace resident {

// Without anybody's address or account, and without links.
std::string veiled(const std::string& text);

// Puts the options that nobody asked for, neither the sheet nor the codebook, and that fewer than five people gave
// (stats::kLeastCell), together as one, "other answers"; the rest of them is veiled.
void gather_own_words(surveys::Question& question, const surveys::Codebook& codebook);

}  // namespace resident
