// What a project says of its survey, in TOML: which question is of which kind, the order of its answers, which one
// tells how active somebody is, which one allows to quote, which one names modules. docs/guide/surveys.md has the keys.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace resident::surveys {

enum class Kind { unknown, single, likert, multiple, text, number, ignored };
std::string_view name_of(Kind kind);

struct QuestionRule {
  Kind kind = Kind::unknown;
  std::string title;
  std::vector<std::string> options;           // in order; of a Likert question its levels
  std::map<std::string, std::string> labels;  // code → what it means
};

struct Codebook {
  std::string origin;
  std::string consent, stratum, module;  // codes of questions; "": none
  std::vector<std::string> consent_answers = {"Yes"};
  std::map<std::string, std::string> strata;                     // answer → layer of the onion
  std::map<std::string, std::string> modules;                    // answer → the module that it means
  std::map<std::string, std::map<std::string, double>> margins;  // question → answer → people of the population
  std::map<std::string, QuestionRule> questions;                 // by code, with its part where it has one: "Q1[SQ001]"
};

// Throws Error{usage} for a key that is none, and for what is not of its kind. origin: the file's name.
Codebook read_codebook(const std::string& text, const std::string& origin);

}  // namespace resident::surveys
